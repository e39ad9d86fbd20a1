package import Segments

/// The candidates of one question and what the steps share.
package struct CandidatePool: Sendable {
  package var query: ParsedQuery
  package var weights: RankingWeights
  package var retrievers: Searcher.Retrievers
  package var files: [CandidateFile] = []
  package var candidates: [Candidate] = []
  /// What the segments keep of the candidates.
  package var chunks = ChunkList()
  /// The question's words that carry meaning, each with its weight by rarity; the weights add up to 1.
  package var wordWeights: [Float] = []
  package var words: [String] = []
  /// The least similarity that the vector retriever gave.
  package var similarityFloor: Float = 0
  /// The best of every chunk that a retriever gave, ranked further or not.
  package var bestTermScore: Float = 0
  package var bestSimilarity: Float = 0
  /// What the reranker is called that was asked.
  package var rerankerName = ""

  package init(query: ParsedQuery, weights: RankingWeights, retrievers: Searcher.Retrievers) {
    self.query = query
    self.weights = weights
    self.retrievers = retrievers
  }

  /// The sum of the weights of the words in `held`.
  package func weight(ofWords held: UInt64) -> Float {
    var sum: Float = 0
    for i in wordWeights.indices where held & (1 << UInt64(i)) != 0 { sum += wordWeights[i] }
    return sum
  }

  /// The total order of results: score descending, then path, then line.
  package func precedes(_ a: Candidate, _ b: Candidate) -> Bool {
    if a.score != b.score { return a.score > b.score }
    if a.file != b.file { return files[a.file].path < files[b.file].path }
    return a.firstLine < b.firstLine
  }

  /// Puts the candidates in the order of results.
  package mutating func sort() {
    let order = candidates.indices.sorted { precedes(candidates[$0], candidates[$1]) }
    candidates = order.map { candidates[$0] }
  }
}
