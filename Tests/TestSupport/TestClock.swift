import HTTP
package import Primitives
import Synchronization

/// Time that passes when someone waits, and then at once.
package final class TestClock: WaitingClock {
  private let state: Mutex<(elapsed: Duration, waits: [Duration])>
  private let start: Int

  package init(secondsSince1970 start: Int = 1_000_000_000) {
    self.start = start
    state = Mutex((.zero, []))
  }

  package var elapsed: Duration { state.withLock { $0.elapsed } }
  package var secondsSince1970: Int { start + Int(elapsed.components.seconds) }
  /// Every wait so far.
  package var waits: [Duration] { state.withLock { $0.waits } }

  package func advance(_ duration: Duration) { state.withLock { $0.elapsed += duration } }
  package func wait(for duration: Duration, _ cancellation: Cancellation?) throws(Failure) {
    try cancellation?.check()
    state.withLock {
      $0.elapsed += duration
      $0.waits.append(duration)
    }
  }
}
