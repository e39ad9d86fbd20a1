/// A question as the searcher understands it.
package struct ParsedQuery: Hashable, Sendable {
  /// The question without its filters and quotation marks: what the embedder reads.
  package var text: String
  package var shape: QueryShape
  package var terms: [QueryTerm]
  /// What stood in quotation marks, folded (`FoldedText`).
  package var phrases: [String]
  /// Runs of three or more letters of scripts without spaces, folded: what was written side by side had better stand so.
  package var runs: [String]
  /// Tokens that look like paths or file names, lower-cased.
  package var pathFragments: [String]
  package var filters: QueryFilters
  /// Filters that were not understood, as written; they were taken as words.
  package var misunderstood: [String]

  package init(
    text: String, shape: QueryShape, terms: [QueryTerm], phrases: [String] = [], runs: [String] = [],
    pathFragments: [String] = [],
    filters: QueryFilters = QueryFilters(), misunderstood: [String] = []
  ) {
    self.text = text
    self.shape = shape
    self.terms = terms
    self.phrases = phrases
    self.runs = runs
    self.pathFragments = pathFragments
    self.filters = filters
    self.misunderstood = misunderstood
  }

  /// The terms that carry meaning; all of them where none does.
  package var contentTerms: [QueryTerm] {
    let content = terms.filter { !$0.isStopWord }
    return content.isEmpty ? terms : content
  }

  /// The words of the question as a set, with their other forms: what a step looks into to see what was asked for.
  package var vocabulary: Set<String> { Set(terms.flatMap { [$0.word] + $0.parts + $0.variants }) }
}
