import QueryLanguage
import Segments

/// The words of a query in the forms in which names, symbols and lines are compared with them.
struct QueryWords: Sendable {
  /// Those that carry meaning, at most 64.
  let words: [String]
  /// The weight of each by rarity; the weights add up to 1.
  let weights: [Float]
  let wantedNames: WantedNames
  let matcher: WordMatcher
  let snippetWords: SnippetWords
  /// The query as it stands, folded.
  let wholeText: String

  /// - Parameters:
  ///   - words: those of `query` that carry meaning.
  ///   - weights: one for each.
  init(_ query: ParsedQuery, words: [String], weights: [Float]) {
    self.words = words
    self.weights = weights
    wantedNames = WantedNames(query)
    matcher = WordMatcher(query)
    wholeText = query.isPasted ? "" : FoldedText.folded(query.text)
    snippetWords = SnippetWords(of: query, words: words, weights: weights)
  }
}
