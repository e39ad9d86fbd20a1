package import Embedding
package import Primitives

/// Stands for the model of an index that cannot be opened here: a query has no direction for it, so that its terms
/// decide. It embeds no chunks.
package struct AbsentModel: Embedder {
  package let identity: ModelIdentity
  /// Why the model cannot be opened.
  package let reason: Failure

  package init(identity: ModelIdentity, reason: Failure) {
    self.identity = identity
    self.reason = reason
  }

  /// Zeros: every chunk is as near as any other.
  package func embed(query: String) throws(Failure) -> [Float] { [Float](repeating: 0, count: identity.dimensions) }

  /// Throws `reason`.
  package func embed(
    _ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath
  ) throws(Failure) -> [Float] {
    throw reason
  }
}
