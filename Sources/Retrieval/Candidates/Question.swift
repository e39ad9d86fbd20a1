/// A question with what was found out about it before its candidates are ranked: all that its pools share.
package final class Question: Sendable {
  package let query: ParsedQuery
  package let weights: RankingWeights
  package let retrievers: Searcher.Retrievers
  /// The question's words that carry meaning, at most 64.
  package let words: [String]
  /// The weight of each by rarity; the weights add up to 1.
  package let wordWeights: [Float]
  package let fusion: Fusion
  let wantedNames: WantedNames
  let wordMatcher: WordMatcher

  init(
    _ query: ParsedQuery, weights: RankingWeights, retrievers: Searcher.Retrievers, words: [String],
    wordWeights: [Float],
    fusion: Fusion
  ) {
    self.query = query
    self.weights = weights
    self.retrievers = retrievers
    self.words = words
    self.wordWeights = wordWeights
    self.fusion = fusion
    wantedNames = WantedNames(query)
    wordMatcher = WordMatcher(query)
  }

  /// The sum of the weights of the words in `held`.
  package func weight(ofWords held: UInt64) -> Float {
    var sum: Float = 0
    for i in wordWeights.indices where held & (1 << UInt64(i)) != 0 { sum += wordWeights[i] }
    return sum
  }
}
