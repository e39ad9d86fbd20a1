import QueryLanguage

/// A query with what was found out about it before its candidates are ranked: all that its pools share.
final class RankingContext: Sendable {
  let query: ParsedQuery
  let weights: RankingWeights
  let retrievers: Searcher.Retrievers
  let words: QueryWords
  let fusion: Fusion
  let written: WrittenQuery
  /// `query.sought`.
  let sought: [String]
  /// `query.patterns`.
  let patterns: [TextPattern]
  /// The same of the query: of what is computed by another module it would be copied for each answer.
  let isOfPatterns, isOfQuotations, isOnlyPlace: Bool
  /// In how many chunks the word of a query of one word stands, whole or as a part of a name.
  let wordFrequency: Int
  let chunkCount: Int

  init(
    _ query: ParsedQuery, weights: RankingWeights, retrievers: Searcher.Retrievers, words: QueryWords,
    fusion: Fusion,
    written: WrittenQuery, wordFrequency: Int, chunkCount: Int
  ) {
    self.query = query
    self.weights = weights
    self.retrievers = retrievers
    self.words = words
    self.fusion = fusion
    self.written = written
    sought = query.sought
    patterns = query.patterns
    (isOfPatterns, isOfQuotations, isOnlyPlace) = (query.isOfPatterns, query.isOfQuotations, query.isOnlyPlace)
    self.wordFrequency = wordFrequency
    self.chunkCount = chunkCount
  }

  /// The sum of the weights of the words in `held`.
  func weight(ofWords held: UInt64) -> Float {
    var sum: Float = 0
    for i in words.weights.indices where held & (1 << UInt64(i)) != 0 { sum += words.weights[i] }
    return sum
  }
}
