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
  func model(
    _ key: Key, _ cancellation: Cancellation, open: () throws(Failure) -> OpenedModel
  ) throws(Failure) -> OpenedModel {
    try models.value(key, cancellation, open: open)
  }

  /// The reranker of `key`, opened by `open` where it is not open yet.
  func reranker(
    _ key: Key, _ cancellation: Cancellation, open: () throws(Failure) -> any Reranker
  ) throws(Failure) -> any Reranker {
    try rerankers.value(key, cancellation, open: open)
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

/// Values that are costly to open, each opened once. A caller that asks for one that another thread is opening waits
/// for that; one that asks for another value does not.
package final class OpenedOnce<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private enum State: Sendable {
    case closed
    case opening
    case open(Value)
  }

  private enum Turn: Sendable {
    case take(Value)
    case open
    case leave
  }

  private let slots = Mutex<[Key: Monitor<State>]>([:])

  package init() {}

  /// What `open` gives is kept; a failure is not, so that the next one tries again. Throws `.cancelled` where
  /// `cancellation` ends the wait for another thread; what `open` itself waits for, it has to end.
  package func value(
    _ key: Key, _ cancellation: Cancellation = Cancellation(), open: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let slot = slots.withLock { slots in
      let slot = slots[key] ?? Monitor(State.closed)
      slots[key] = slot
      return slot
    }
    let wake: @Sendable () -> Void = { slot.update { _ in } }
    let turn = try cancellation.whileWatching(wake) { () throws(Failure) -> Turn in
      slot.wait { state in
        switch state {
        case .open(let value): return .take(value)
        case .opening: return cancellation.isCancelled ? .leave : nil
        case .closed:
          state = .opening
          return .open
        }
      }
    }
    switch turn {
    case .take(let value): return value
    case .leave: throw Failure(.cancelled, "stopped")
    case .open:
      do throws(Failure) {
        let value = try open()
        slot.update { $0 = .open(value) }
        return value
      } catch {
        slot.update { $0 = .closed }
        throw error
      }
    }
  }
}
