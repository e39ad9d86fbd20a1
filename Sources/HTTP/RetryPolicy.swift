package import Primitives

/// When a request that failed is sent again, and after how long: exponential back-off with jitter, or what the server
/// asks for.
package struct RetryPolicy: Hashable, Sendable {
  /// All attempts together, the first included.
  package var attemptCount = 5
  /// Fewer, where waiting seldom helps: nothing answers at the address at all.
  package var unreachableAttemptCount = 2
  /// After the first attempt; doubled after each further one.
  package var firstDelay = Duration.milliseconds(500)
  /// No delay of our own is longer.
  package var longestDelay = Duration.seconds(20)
  /// A server that asks for a longer delay is not waited for.
  package var longestAskedDelay = Duration.seconds(120)

  package init() {}

  /// For a request that a person waits for: one more attempt, and soon.
  package static var interactive: RetryPolicy {
    var policy = RetryPolicy()
    policy.attemptCount = 2
    policy.unreachableAttemptCount = 1
    policy.firstDelay = .milliseconds(250)
    policy.longestAskedDelay = .seconds(2)
    return policy
  }

  /// How long to wait before the next attempt, or nil if `failure` is final.
  ///
  /// - Parameters:
  ///   - attempt: which attempt failed, from 1.
  ///   - askedDelay: what the server asked for in `Retry-After`.
  package func delay(
    afterAttempt attempt: Int, _ failure: Failure, askedDelay: Duration?, using random: inout SeededRandom
  ) -> Duration? {
    guard attempt < attempts(for: failure.code) else { return nil }
    if let askedDelay {
      guard askedDelay <= longestAskedDelay else { return nil }
      // A little later than asked, each client by itself, so that they do not all come back at once.
      return askedDelay + firstDelay * Double.random(in: 0..<1, using: &random)
    }
    let full = min(longestDelay, firstDelay * Double(1 << min(attempt - 1, 20)))
    return full * Double.random(in: 0.5..<1, using: &random)
  }

  private func attempts(for code: Failure.Code) -> Int {
    switch code {
    case .rateLimited, .serverError, .interrupted: attemptCount
    case .timedOut: min(3, attemptCount)
    case .unreachable, .badAnswer: min(unreachableAttemptCount, attemptCount)
    default: 1
    }
  }

  /// The delay that `response` asks for: in `Retry-After` in seconds or as a date, or in `retry-after-ms`.
  package static func askedDelay(of response: HTTPResponse, clock: any WaitingClock) -> Duration? {
    if let text = response.header("retry-after-ms"), let milliseconds = Int(text), milliseconds >= 0 {
      return .milliseconds(min(milliseconds, 1 << 40))
    }
    guard let text = response.header("Retry-After") else { return nil }
    if let seconds = Int(text), seconds >= 0 { return .seconds(min(seconds, 1 << 40)) }
    return secondsSince1970(httpDate: text).map { .seconds(max(0, $0 - clock.secondsSince1970)) }
  }
}

/// The date in a header such as `Retry-After: Fri, 31 Dec 1999 23:59:59 GMT` (RFC 9110, 5.6.7; the preferred form, the
/// only one that servers still send), in seconds since 1970; nil for anything else.
package func secondsSince1970(httpDate text: String) -> Int? {
  let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
  let parts = text.lowercased().split(separator: " ")
  guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "gmt" || parts[5] == "utc",
    let day = Int(parts[1]), (1...31).contains(day), let month = months.firstIndex(of: String(parts[2])),
    let year = Int(parts[3]), (1970...9999).contains(year)
  else { return nil }
  let time = parts[4].split(separator: ":").compactMap { Int($0) }
  guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2]) else {
    return nil
  }
  return (dayNumber(year: year, month: month + 1, day: day) * 24 + time[0]) * 3600 + time[1] * 60 + time[2]
}

/// Days since 1970-01-01 in the Gregorian calendar. Counted in years that begin in March, so that the day that a leap
/// year has more is the last.
private func dayNumber(year: Int, month: Int, day: Int) -> Int {
  let marchYear = month > 2 ? year : year - 1
  let marchMonth = (month + 9) % 12
  let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
  // 719,468 days lie between 0000-03-01 and 1970-01-01.
  return marchYear * 365 + leapDays + (marchMonth * 153 + 2) / 5 + day - 1 - 719_468
}
