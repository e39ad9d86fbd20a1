package import Embedding
package import Primitives
import Synchronization

/// A model that is ready to embed.
package struct OpenedModel: Sendable {
  package let choice: ModelChoice
  /// With the embedding cache in front of it, where the model is slower than the cache.
  package let embedder: any Embedder
  /// The cache in front of it; nil for none.
  package let cache: EmbeddingCache?

  package var identity: ModelIdentity { embedder.identity }
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

  private let models = OpenedOnce<Key, OpenedModel>()
  private let rerankers = OpenedOnce<Key, any Reranker>()
  private let caches = Mutex<[FilePath: EmbeddingCache]>([:])

  /// The model of `key`, opened by `open` where it is not open yet. Who asks for the same meanwhile waits; who asks for
  /// another does not.
  func model(_ key: Key, open: () throws(Failure) -> OpenedModel) throws(Failure) -> OpenedModel {
    try models.value(key, open: open)
  }

  /// The reranker of `key`, opened by `open` where it is not open yet.
  func reranker(_ key: Key, open: () throws(Failure) -> any Reranker) throws(Failure) -> any Reranker {
    try rerankers.value(key, open: open)
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

/// Values that are costly to open, each opened once: a key's lock is held while its value is opened, and no other's.
package final class OpenedOnce<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private final class Slot: Sendable {
    let value = Mutex<Value?>(nil)
  }

  private let slots = Mutex<[Key: Slot]>([:])

  package init() {}

  /// What `open` gives is kept; a failure is not, so that the next one tries again.
  package func value(_ key: Key, open: () throws(Failure) -> Value) throws(Failure) -> Value {
    let slot = slots.withLock { slots in
      let slot = slots[key] ?? Slot()
      slots[key] = slot
      return slot
    }
    return try slot.value.withLock { (value) throws(Failure) -> Value in
      if let value { return value }
      let opened = try open()
      value = opened
      return opened
    }
  }
}
