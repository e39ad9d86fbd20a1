import QueryLanguage

/// The base of every score: BM25 and similarity, each min-max normalised over the candidates, with weights that follow
/// the query's shape.
///
/// Both are exact for every candidate, whichever retriever brought it: the segments score the union. Reciprocal rank
/// fusion was measured beside it; see `Docs/RANKING.md`.
struct Fusion: Sendable {
  /// The least similarity that the vector retriever gave.
  private let similarityFloor: Float
  /// The best of every chunk that a retriever gave, ranked further or not.
  private let bestTermScore: Float
  private let spread: Float
  private let hasTerms: Bool
  private let hasMeaning: Bool
  private let meaningShare: Float

  init(
    of shape: QueryShape, weights: RankingWeights, retrievers: Searcher.Retrievers, bestTermScore: Float,
    bestSimilarity: Float, similarityFloor: Float
  ) {
    self.similarityFloor = similarityFloor
    self.bestTermScore = bestTermScore
    spread = bestSimilarity - similarityFloor
    hasTerms = bestTermScore > 0 && !weights.disabled.contains(.words)
    hasMeaning = spread > 0 && !weights.disabled.contains(.meaning)
    let share: Float =
      switch retrievers {
      case .fused: weights.meaningShare(of: shape)
      case .lexicalOnly: 0
      case .vectorsOnly: 1
      }
    meaningShare = hasTerms ? (hasMeaning ? share : 0) : 1
  }

  func apply(to pool: inout CandidatePool) {
    for i in pool.candidates.indices {
      let parts = parts(termScore: pool.candidates[i].termScore, similarity: pool.candidates[i].similarity)
      pool.candidates[i].parts.add(parts.words, for: .words)
      pool.candidates[i].parts.add(parts.meaning, for: .meaning)
    }
  }

  /// What both scores of a chunk give it. A retriever that has nothing to say leaves its share to the other.
  func parts(termScore: Float, similarity: Float) -> (words: Float, meaning: Float) {
    (
      hasTerms ? (1 - meaningShare) * termScore / bestTermScore : 0,
      hasMeaning ? meaningShare * max(0, (similarity - similarityFloor) / spread) : 0
    )
  }
}
