package import Primitives
import Synchronization

/// A way to stop requests from another thread: whoever waits for a server then gets a failure with the code `.cancelled`
/// within milliseconds. Once cancelled, it stays so.
package final class Cancellation: Sendable {
  private struct State {
    var isCancelled = false
    var nextKey = 0
    var actions: [Int: @Sendable () -> Void] = [:]
  }
  private let state = Mutex(State())

  package init() {}

  package var isCancelled: Bool { state.withLock { $0.isCancelled } }

  package func cancel() {
    // Inside the lock, so that an action never runs after `whileWatching` has returned.
    state.withLock { state in
      state.isCancelled = true
      for action in state.actions.values { action() }
    }
  }

  /// Runs `body`; a cancellation meanwhile (or before) calls `action` once, from whatever thread. `action` must be short.
  func whileWatching<Value>(
    _ action: @escaping @Sendable () -> Void, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let key = state.withLock { state in
      if state.isCancelled { action() }
      state.nextKey += 1
      state.actions[state.nextKey] = action
      return state.nextKey
    }
    defer { state.withLock { _ = $0.actions.removeValue(forKey: key) } }
    return try body()
  }

  /// Throws where it was cancelled.
  package func check() throws(Failure) {
    if isCancelled { throw Failure(.cancelled, "stopped") }
  }
}
