/// Lifts the best chunk of a file in which other chunks are candidates too (file-level aggregation): the file is about
/// what was asked.
enum CoherenceStep: RankingStep {
  static let signal = Signal.coherence

  static func apply(to pool: inout CandidatePool) {
    pool.forEachFileWithSeveral { pool, ordered in
      var sum: Float = 0
      var weight: Float = 1
      for other in ordered.dropFirst().prefix(8) {
        sum += weight * pool.candidates[other].score
        weight *= pool.ranking.weights.coherenceDecay
      }
      pool.candidates[ordered[0]].parts.add(pool.ranking.weights.coherence * sum, for: signal)
    }
  }
}
