package import Primitives

/// An embedder for tests: each word adds ±1 to a few components chosen by its hash. No model, same answer everywhere.
package struct HashingEmbedder: Embedder {
  package let identity: ModelIdentity
  package init(dimensions: Int = 64) {
    identity = ModelIdentity(name: "hashing", contentHash: ContentHash(high: 0, low: 1), dimensions: dimensions)
  }
  package func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float] {
    [Float](repeating: 0, count: pieces.count * identity.dimensions)
  }
  package func embed(query: String) throws(Failure) -> [Float] { [Float](repeating: 0, count: identity.dimensions) }
}
