/// A score as the sum of its signals' parts.
struct ScoreParts: Sendable {
  private var values: InlineArray<15, Float> = .init(repeating: 0)
  /// The sum of the parts, in the order in which they were added.
  private(set) var total: Float = 0

  init() {}

  subscript(signal: Signal) -> Float { values[signal.position] }

  mutating func add(_ value: Float, for signal: Signal) {
    values[signal.position] += value
    total += value
  }

  /// Multiplies the score, but for the parts of what stands as written; the part is what that changes.
  mutating func scale(by factor: Float, for signal: Signal) {
    add((total - self[.written] - self[.phrase]) * (factor - 1), for: signal)
  }
}

extension Signal {
  fileprivate var position: Int {
    switch self {
    case .words: 0
    case .meaning: 1
    case .coverage: 2
    case .definition: 3
    case .symbolWords: 4
    case .nameMeaning: 5
    case .pathWords: 6
    case .path: 7
    case .phrase: 8
    case .coherence: 9
    case .fileKind: 10
    case .repetition: 11
    case .reranking: 12
    case .written: 13
    case .depth: 14
    }
  }
}
