import Embedding
import Primitives
import Synchronization

/// The hashing embedder as one that had better be asked for many texts at once, and counts what it is asked for.
final class CountingBatchEmbedder: BatchEmbedder {
  private let base = HashingEmbedder()
  private let counts = Mutex((documents: 0, queries: 0))
  var documentCount: Int { counts.withLock { $0.documents } }
  var queryCount: Int { counts.withLock { $0.queries } }

  var identity: ModelIdentity { base.identity }
  var gatheredTextCount: Int { 64 }

  func embed(documents: [DocumentText]) throws(Failure) -> [Float] {
    counts.withLock { $0.documents += documents.count }
    return [Float](repeating: 0, count: documents.count * identity.dimensions)
  }
  func embed(query: String) throws(Failure) -> [Float] {
    counts.withLock { $0.queries += 1 }
    return try base.embed(query: query)
  }
}
