/// Lets different files come first: each chunk of a file counts less for every better chunk of it, and less so where it
/// scores nearly as much as the best of them.
enum Diversification {
  static func apply(to pool: inout CandidatePool) {
    let weights = pool.ranking.weights
    if weights.disabled.contains(.repetition) { return }
    pool.forEachFileWithSeveral { pool, ordered in
      let best = pool.candidates[ordered[0]].score
      var factor: Float = 1
      for (repetitions, i) in ordered.enumerated() where repetitions > 0 {
        if repetitions <= 16 {
          let share = best > 0 ? pool.candidates[i].score / best : 0
          let closeness = max(0, min(1, (share - weights.closeShare) / max(0.01, 1 - weights.closeShare)))
          factor *= weights.repetition + (weights.closeRepetition - weights.repetition) * closeness
        }
        pool.candidates[i].repetitions = repetitions
        pool.candidates[i].parts.scale(by: factor, for: .repetition)
      }
    }
  }
}
