import Embedding
import Primitives

/// The hashing embedder with something happening before each file: a way to stand at a known place in a run.
struct HookedEmbedder: Embedder {
  let inner = HashingEmbedder(dimensions: 16)
  let hook: @Sendable (FilePath) throws(Failure) -> Void
  var identity: ModelIdentity { inner.identity }

  init(_ hook: @escaping @Sendable (FilePath) throws(Failure) -> Void) { self.hook = hook }

  func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float] {
    try hook(path)
    return try inner.embed(source, pieces: pieces, path: path)
  }
  func embed(query: String) throws(Failure) -> [Float] { try inner.embed(query: query) }
}
