package import Primitives

/// Turns texts into vectors of unit length (or of zeros, for a text that says nothing to the model). Thread-safe.
package protocol Embedder: Sendable {
  var identity: ModelIdentity { get }

  /// The vectors of pieces of one file, one after the other: `pieces.count` x `identity.dimensions` floats.
  ///
  /// - Parameters:
  ///   - source: the file's bytes.
  ///   - pieces: byte ranges of `source`, each embedded by itself.
  ///   - path: the file's path inside the corpus; a model may use its words.
  func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float]

  /// The vector of a query: `identity.dimensions` floats.
  func embed(query: String) throws(Failure) -> [Float]

  /// The same for a request that may be over before the vector is there. An embedder that waits for somebody else, such as a server,
  /// stops waiting then; without an implementation of its own, the context is checked before and that is all.
  ///
  /// Throws, besides what `embed(query:)` throws, `.cancelled` and `.timedOut`.
  func embed(query: String, context: SearchContext) throws(Failure) -> [Float]
}

extension Embedder {
  package func embed(query: String, context: SearchContext) throws(Failure) -> [Float] {
    try context.check()
    return try embed(query: query)
  }
}
