/// The base of every score: BM25 and similarity, each brought to 0...1 over the candidates, in shares that follow the
/// question's shape.
///
/// Both are exact for every candidate, whichever retriever brought it: the segments score the union. Reciprocal rank
/// fusion was measured beside it; see `Docs/RANKING.md`.
package enum Fusion {
  package static func apply(to pool: inout CandidatePool) {
    for i in pool.candidates.indices {
      let parts = parts(termScore: pool.candidates[i].termScore, similarity: pool.candidates[i].similarity, in: pool)
      pool.candidates[i].parts.add(parts.words, for: .words)
      pool.candidates[i].parts.add(parts.meaning, for: .meaning)
    }
  }

  /// What both scores of a chunk give it. A retriever that has nothing to say leaves its share to the other.
  static func parts(
    termScore: Float, similarity: Float, in pool: CandidatePool
  ) -> (words: Float, meaning: Float) {
    let spread = pool.bestSimilarity - pool.similarityFloor
    let hasTerms = pool.bestTermScore > 0 && !pool.weights.disabled.contains(.words)
    let hasMeaning = spread > 0 && !pool.weights.disabled.contains(.meaning)
    let share: Float =
      switch pool.retrievers {
      case .fused: pool.weights.meaningShare(of: pool.query.shape)
      case .lexicalOnly: 0
      case .vectorsOnly: 1
      }
    let meaningShare = hasTerms ? (hasMeaning ? share : 0) : 1
    return (
      hasTerms ? (1 - meaningShare) * termScore / pool.bestTermScore : 0,
      hasMeaning ? meaningShare * max(0, (similarity - pool.similarityFloor) / spread) : 0
    )
  }
}
