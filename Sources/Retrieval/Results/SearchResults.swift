package import Primitives
package import QueryLanguage

/// The results of one query.
package struct SearchResults: Hashable, Sendable {
  /// The query as it was understood.
  package var query = ParsedQuery(text: "", shape: .words, terms: [])
  /// Best first.
  package var results: [SearchResult] = []
  /// Chunks that would have been here but are no longer in their file.
  package var vanishedCount = 0
  /// Chunks that would have been here but whose files could not be read to show them.
  package var unreadableCount = 0
  /// In a search of a history: what a commit removed and is in the tree all the same.
  package var presentCount = 0
  /// Why: one for each file, in the order of their paths. Files are among them too whose chunks would perhaps have been
  /// here, had it been known whether they hold a quoted phrase.
  package var unreadable: [Failure] = []
  /// What the query says and no indexed file holds.
  package var absences: [Absence] = []
  /// Whether what was asked for is nowhere, a quoted phrase, one name, or every word of it, so that all results are
  /// only near.
  package var isAbsent = false
  package var generation: Int64 = 0
  package var isComplete = true
  /// What went wrong on the way without spoiling the results, such as a reranker that failed.
  package var notes: [Failure] = []
  /// Filters of the query that can match nothing, or were taken as words.
  package var filterProblems: [FilterProblem] = []
  package init() {}

  /// Of a query with patterns what else it asks for; nil without them.
  package var textBesidePatterns: String? {
    query.patterns.isEmpty ? nil : query.isOfPatterns ? "" : query.text
  }

  /// Adds what happened to a file, once for each file.
  mutating func note(unreadable failure: Failure) {
    guard let path = failure.path else { return }
    let index = unreadable.firstIndex { $0.path.map { !($0 < path) } ?? false } ?? unreadable.count
    if index < unreadable.count, unreadable[index].path == path { return }
    unreadable.insert(failure, at: index)
  }
}
