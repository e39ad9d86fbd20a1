package import Primitives

/// Judges how well passages answer a question by reading both together: slower than comparing vectors and often better.
/// Meant for the top few. Thread-safe.
package protocol Reranker: Sendable {
  /// What it is called, for explanations.
  var name: String { get }

  /// One score for each passage, higher is better; scores of different questions are not comparable.
  func scores(of passages: [String], for query: String) throws(Failure) -> [Float]
}
