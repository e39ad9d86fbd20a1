import Embedding
import Primitives

/// Stands for the model of an index that cannot be opened here: questions say nothing to it, so that words alone answer.
struct AbsentModel: Embedder {
  let identity: ModelIdentity
  /// Why the model cannot be opened.
  let reason: Failure

  func embed(query: String) throws(Failure) -> [Float] { [Float](repeating: 0, count: identity.dimensions) }

  func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float] { throw reason }
}
