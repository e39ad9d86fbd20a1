package import Primitives

/// The answer to one question.
package struct SearchResults: Hashable, Sendable {
  /// Best first.
  package var results: [SearchResult] = []
  /// Chunks that would have been here but are no longer in their file.
  package var vanishedCount = 0
  package var generation: Int64 = 0
  package var isComplete = true
  /// What went wrong on the way without spoiling the answer, such as a reranker that failed.
  package var notes: [Failure] = []
  package init() {}
}
