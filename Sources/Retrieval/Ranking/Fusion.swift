/// The base of every score: BM25 and similarity, each brought to 0...1 over the candidates, in shares that follow the
/// question's shape.
///
/// Both are exact for every candidate, whichever retriever brought it: the segments score the union. Reciprocal rank
/// fusion was measured beside it; see `Docs/RANKING.md`.
package enum Fusion {
  package static func apply(to pool: inout CandidatePool) {
    let share: Float =
      switch pool.retrievers {
      case .fused: pool.weights.meaningShare(of: pool.query.shape)
      case .lexicalOnly: 0
      case .vectorsOnly: 1
      }
    let bestTerms = pool.candidates.reduce(Float(0)) { max($0, $1.termScore) }
    let bestSimilarity = pool.candidates.reduce(-Float.infinity) { max($0, $1.similarity) }
    // A retriever that has nothing to say leaves its share to the other.
    let floor = pool.similarityFloor
    let spread = bestSimilarity - floor
    let hasTerms = bestTerms > 0
    let hasMeaning = spread > 0
    let meaningShare = hasTerms ? (hasMeaning ? share : 0) : 1
    for i in pool.candidates.indices {
      if hasTerms, !pool.weights.disabled.contains(.words) {
        pool.candidates[i].parts.add((1 - meaningShare) * pool.candidates[i].termScore / bestTerms, for: .words)
      }
      if hasMeaning, !pool.weights.disabled.contains(.meaning) {
        let relative = max(0, (pool.candidates[i].similarity - floor) / spread)
        pool.candidates[i].parts.add(meaningShare * relative, for: .meaning)
      }
    }
  }
}
