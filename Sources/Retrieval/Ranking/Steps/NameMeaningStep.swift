/// Prefers chunks whose names, not only whose text, mean what the query means.
enum NameMeaningStep: RankingStep {
  static let signal = Signal.nameMeaning

  static func apply(to pool: inout CandidatePool) {
    let best = pool.bestNameSimilarity
    if best <= 0 { return }
    for i in pool.candidates.indices where pool.candidates[i].nameSimilarity > 0 {
      pool.candidates[i].parts.add(
        pool.ranking.weights.nameMeaning * pool.candidates[i].nameSimilarity / best, for: signal)
    }
  }
}
