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
}
