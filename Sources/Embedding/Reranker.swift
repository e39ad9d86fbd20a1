package import Primitives

/// Judges how well passages answer a question by reading both together: slower than comparing vectors and often better.
/// Meant for the top few. Thread-safe.
package protocol Reranker: Sendable {
  /// What it is called, for explanations.
  var name: String { get }

  /// One score for each passage, higher is better; scores of different questions are not comparable.
  func scores(of passages: [String], for query: String) throws(Failure) -> [Float]

  /// The same for a request that may be over before; without an implementation of its own, the context is checked before and that is
  /// all. Throws, besides what `scores(of:for:)` throws, `.cancelled` and `.timedOut`.
  func scores(of passages: [String], for query: String, context: SearchContext) throws(Failure) -> [Float]
}

extension Reranker {
  package func scores(
    of passages: [String], for query: String, context: SearchContext
  ) throws(Failure) -> [Float] {
    try context.check()
    return try scores(of: passages, for: query)
  }
}
