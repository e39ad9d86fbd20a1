/// A pattern as it is written.
indirect enum PatternNode: Sendable {
  enum Greed { case greedy, lazy, possessive }

  case one(ScalarSet)
  case sequence([PatternNode])
  case choice([PatternNode])
  case repetition(PatternNode, minimum: Int, maximum: Int?, Greed)
  case lookahead(PatternNode, isNegative: Bool)
  case atomic(PatternNode)
  case lineStart
  case lineEnd
  case textStart
  case textEnd

  /// Whether it may match nothing at all.
  var isNullable: Bool {
    switch self {
    case .one: false
    case .sequence(let nodes): nodes.allSatisfy(\.isNullable)
    case .choice(let nodes): nodes.contains(where: \.isNullable)
    case .repetition(let node, let minimum, _, _): minimum == 0 || node.isNullable
    case .atomic(let node): node.isNullable
    case .lookahead, .lineStart, .lineEnd, .textStart, .textEnd: true
    }
  }

  /// About how many steps it compiles to; 2^31 for more than that.
  var stepCount: Int {
    switch self {
    case .one, .lineStart, .lineEnd, .textStart, .textEnd, .repetition(.one, _, _, _): 1
    case .sequence(let nodes), .choice(let nodes): nodes.reduce(1) { min($0 + $1.stepCount + 2, 1 << 31) }
    case .repetition(let node, let minimum, let maximum, _):
      min((node.stepCount + 2) * (max(minimum, maximum ?? 0) + 1), 1 << 31)
    case .lookahead(let node, _), .atomic(let node): node.stepCount + 2
    }
  }
}
