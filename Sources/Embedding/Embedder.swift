package import Primitives

/// Which model made a vector. Vectors of different identities are never compared: an index knows its own.
package struct ModelIdentity: Hashable, Sendable {
  /// `cairn-static-v1`, `hashing`, `all-MiniLM-L6-v2`.
  package var name: String
  /// The hash of the model's weights.
  package var contentHash: ContentHash
  package var dimensions: Int

  package init(name: String, contentHash: ContentHash, dimensions: Int) {
    self.name = name
    self.contentHash = contentHash
    self.dimensions = dimensions
  }
}

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

  /// The vector of a question: `identity.dimensions` floats.
  func embed(query: String) throws(Failure) -> [Float]
}
