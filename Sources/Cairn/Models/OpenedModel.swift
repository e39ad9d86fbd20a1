import Embedding
import Primitives
import Synchronization

/// A model that is ready to embed.
struct OpenedModel: Sendable {
  let choice: ModelChoice
  /// With the embedding cache in front of it, where the model is slower than the cache.
  let embedder: any Embedder
  /// The cache in front of it.
  let cache: EmbeddingCache?

  var identity: ModelIdentity { embedder.identity }
}

/// The models and caches that this process has open: each is loaded once, whatever asks for it.
final class OpenedModels: Sendable {
  static let shared = OpenedModels()

  /// Everything that makes one session another.
  struct Key: Hashable, Sendable {
    var choice: ModelChoice
    var place: FilePath?
    var device = ""
    var precision = ""
    var batchSize = 0
    var dimensions = 0
    var threadCount = 0
    var endpoint = ""
    var usesCache = true
  }

  private let models = Mutex<[Key: OpenedModel]>([:])
  private let rerankers = Mutex<[Key: any Reranker]>([:])
  private let caches = Mutex<[FilePath: EmbeddingCache]>([:])

  /// The model of `key`, opened by `open` where it is not open yet. Who asks meanwhile waits.
  func model(_ key: Key, open: () throws(Failure) -> OpenedModel) throws(Failure) -> OpenedModel {
    try models.withLock { (models) throws(Failure) in
      if let held = models[key] { return held }
      let opened = try open()
      models[key] = opened
      return opened
    }
  }

  /// The reranker of `key`, opened by `open` where it is not open yet.
  func reranker(_ key: Key, open: () throws(Failure) -> any Reranker) throws(Failure) -> any Reranker {
    try rerankers.withLock { (rerankers) throws(Failure) in
      if let held = rerankers[key] { return held }
      let opened = try open()
      rerankers[key] = opened
      return opened
    }
  }

  /// The cache in the file at `path`; the limits are those of who asked first.
  func cache(_ path: FilePath, _ limits: EmbeddingCacheLimits) -> EmbeddingCache {
    caches.withLock { caches in
      if let held = caches[path] { return held }
      let cache = EmbeddingCache(path: path, limits: limits)
      caches[path] = cache
      return cache
    }
  }
}
