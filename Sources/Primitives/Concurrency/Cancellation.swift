import Synchronization

/// A way to stop work from another thread: the worker calls `check` between its steps, a thread that waits for
/// somebody else is woken by an action. Once cancelled, it stays so. Thread-safe; `isCancelled` costs one relaxed load.
package final class Cancellation: Sendable {
  private struct Watchers {
    var nextKey = 0
    var actions: [Int: @Sendable () -> Void] = [:]
  }
  private let flag = Atomic(false)
  private let watchers = Mutex(Watchers())

  package init() {}

  package var isCancelled: Bool { flag.load(ordering: .relaxed) }

  package func cancel() {
    // Inside the lock, so that an action never runs after `whileWatching` has returned.
    watchers.withLock { watchers in
      flag.store(true, ordering: .relaxed)
      for action in watchers.actions.values { action() }
    }
  }

  /// Runs `body`; a cancellation meanwhile (or before) calls `action` once, from whatever thread. `action` must be
  /// short.
  package func whileWatching<Value>(
    _ action: @escaping @Sendable () -> Void, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let key = watchers.withLock { watchers in
      if isCancelled { action() }
      watchers.nextKey += 1
      watchers.actions[watchers.nextKey] = action
      return watchers.nextKey
    }
    defer { watchers.withLock { _ = $0.actions.removeValue(forKey: key) } }
    return try body()
  }

  /// Throws `.cancelled` where it was cancelled.
  package func check() throws(Failure) {
    if isCancelled { throw Failure(.cancelled, "stopped") }
  }
}
