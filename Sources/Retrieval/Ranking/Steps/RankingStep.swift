/// One step of the ranking: reads the candidates and adds its part to their scores. Pure.
protocol RankingStep: Sendable {
  /// Under which name its part is listed, and by which it is taken away.
  static var signal: Signal { get }
  static func apply(to pool: inout CandidatePool)
}
