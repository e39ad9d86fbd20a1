/// Lets different files come first: each chunk of a file counts less for every better chunk of it.
package enum Diversification {
  package static func apply(to pool: inout CandidatePool) {
    if pool.weights.disabled.contains(.repetition) { return }
    pool.forEachFileWithSeveral { pool, ordered in
      var factor: Float = 1
      for (repetitions, i) in ordered.enumerated() where repetitions > 0 {
        if repetitions <= 16 { factor *= pool.weights.repetition }
        pool.candidates[i].repetitions = repetitions
        pool.candidates[i].parts.scale(by: factor, for: .repetition)
      }
    }
  }
}
