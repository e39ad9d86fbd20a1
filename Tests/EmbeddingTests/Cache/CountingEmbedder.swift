import Embedding
import Primitives
import Synchronization

/// A `BatchEmbedder` over the hashing embedder that counts the texts it was shown.
final class CountingEmbedder: BatchEmbedder {
  let base: HashingEmbedder
  let identity: ModelIdentity
  private let shown = Mutex<[String]>([])

  init(name: String = "counting", dimensions: Int = 48) {
    base = HashingEmbedder(dimensions: dimensions)
    identity = ModelIdentity(name: name, contentHash: ContentHash(high: 1, low: 2), dimensions: dimensions)
  }

  var gatheredTextCount: Int { 32 }
  /// Every text that the model was shown so far.
  var texts: [String] { shown.withLock { $0 } }

  func embed(query: String) throws(Failure) -> [Float] { try base.embed(query: query) }

  func embed(documents: [DocumentText]) throws(Failure) -> [Float] {
    shown.withLock { $0 += documents.map(\.text) }
    var vectors: [Float] = []
    for document in documents { vectors += try base.embed(query: document.text) }
    return vectors
  }
}

func documents(_ texts: some Sequence<String>) -> [DocumentText] { texts.map { DocumentText($0) } }
