import Glibc
package import Primitives

/// Time as retries and rate limits see it; tests have one that passes without waiting. Thread-safe.
package protocol WaitingClock: Sendable {
  /// Since some fixed instant; never goes back.
  var elapsed: Duration { get }
  /// Seconds since 1970, for dates that a server names.
  var secondsSince1970: Int { get }
  /// Blocks the calling thread that long. Throws `.cancelled` soon after a cancellation.
  func wait(for duration: Duration, _ cancellation: Cancellation?) throws(Failure)
}

/// The machine's clock.
package struct SystemClock: WaitingClock {
  /// How often a wait looks for a cancellation.
  private static let slice = Duration.milliseconds(50)
  private static let start = ContinuousClock.now

  package init() {}

  package var elapsed: Duration { ContinuousClock.now - Self.start }
  package var secondsSince1970: Int { time(nil) }

  package func wait(for duration: Duration, _ cancellation: Cancellation?) throws(Failure) {
    let end = elapsed + duration
    try cancellation?.check()
    while case let rest = end - elapsed, rest > .zero {
      usleep(UInt32(min(rest, Self.slice).milliseconds * 1000 + 1))
      try cancellation?.check()
    }
  }
}
