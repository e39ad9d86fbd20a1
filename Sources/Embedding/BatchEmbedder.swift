package import Primitives

/// An embedder for which one call with many texts costs much less than many calls with one: a transformer, an endpoint.
/// Whoever has many files gathers their chunks and calls `embed(documents:)`.
///
/// Calls block the calling thread. The embedder uses the processor's cores by itself: one caller at a time is enough.
package protocol BatchEmbedder: Embedder {
  /// How many texts to gather before a call, if memory allows; fewer are right too.
  var gatheredTextCount: Int { get }

  /// The vectors of `documents`, one after the other: `documents.count` x `identity.dimensions` floats, each of unit length
  /// (or zeros for an empty text). The vector of a text does not depend on what else is in the call, up to rounding.
  func embed(documents: [DocumentText]) throws(Failure) -> [Float]
}

extension BatchEmbedder {
  package func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float] {
    try embed(documents: pieces.map { DocumentText(source.extracting($0), path: path) })
  }
}
