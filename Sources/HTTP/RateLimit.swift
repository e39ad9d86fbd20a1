package import Primitives
import Synchronization

/// Keeps requests within so many a minute and so many tokens a minute: in no span of 60 seconds are there more.
/// Thread-safe; first come, first served.
package final class RateLimit: Sendable {
  private static let span = Duration.seconds(60)

  private struct Use {
    var instant: Duration
    var tokenCount: Int
  }
  private let requestsPerMinute: Int?
  private let tokensPerMinute: Int?
  /// What was let through in the last minute or waits for its instant, oldest first.
  private let uses = Mutex<[Use]>([])

  /// nil or less than 1 is no limit.
  package init(requestsPerMinute: Int?, tokensPerMinute: Int? = nil) {
    self.requestsPerMinute = requestsPerMinute.flatMap { $0 > 0 ? $0 : nil }
    self.tokensPerMinute = tokensPerMinute.flatMap { $0 > 0 ? $0 : nil }
  }

  /// Blocks until a request of about `tokenCount` tokens may go. One with more than the limit goes by itself.
  package func wait(
    tokenCount: Int, clock: any WaitingClock, _ cancellation: Cancellation? = nil
  ) throws(Failure) {
    if requestsPerMinute == nil, tokensPerMinute == nil { return }
    let now = clock.elapsed
    let instant = uses.withLock { uses in
      let instant = Self.earliest(
        after: now, tokenCount: tokenCount, requestsPerMinute, tokensPerMinute, uses: &uses)
      uses.append(Use(instant: instant, tokenCount: tokenCount))
      return instant
    }
    if instant > now { try clock.wait(for: instant - now, cancellation) }
  }

  /// The earliest instant, not before that of any earlier request, at which one more keeps within the limits.
  private static func earliest(
    after now: Duration, tokenCount: Int, _ requestLimit: Int?, _ tokenLimit: Int?, uses: inout [Use]
  ) -> Duration {
    uses.removeAll { $0.instant + span <= now }
    var instant = max(now, uses.last?.instant ?? now)
    if let requestLimit, uses.count >= requestLimit {
      instant = max(instant, uses[uses.count - requestLimit].instant + span)
    }
    guard let tokenLimit else { return instant }
    var remaining = tokenLimit - tokenCount
    for use in uses.reversed() {
      remaining -= use.tokenCount
      if remaining < 0 { return max(instant, use.instant + span) }
    }
    return instant
  }
}
