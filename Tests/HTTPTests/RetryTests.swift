import HTTP
import Primitives
import TestSupport
import Testing

@Suite struct RetryTests {
  func delays(_ policy: RetryPolicy, _ code: Failure.Code, asked: Duration? = nil, seed: UInt64 = 1) -> [Duration] {
    var random = SeededRandom(seed: seed)
    var delays: [Duration] = []
    while let delay = policy.delay(
      afterAttempt: delays.count + 1, Failure(code, "x"), askedDelay: asked, using: &random)
    {
      delays.append(delay)
    }
    return delays
  }

  @Test func `delays double within their jitter, up to the longest, and the same seed gives the same`() {
    var policy = RetryPolicy()
    policy.attemptCount = 9
    let delays = delays(policy, .serverError)
    #expect(delays.count == 8)
    for (index, delay) in delays.enumerated() {
      let full = min(Duration.seconds(20), .milliseconds(500) * (1 << index))
      #expect(delay >= full * 0.5 && delay < full, "\(index)")
    }
    #expect(self.delays(policy, .serverError) == delays)
    #expect(self.delays(policy, .serverError, seed: 2) != delays)
  }

  @Test func `what cannot get better is not tried again`() {
    for code in [Failure.Code.unauthorized, .refusedByEndpoint, .notTrusted, .cancelled, .missingLibrary] {
      #expect(delays(RetryPolicy(), code).isEmpty, "\(code)")
    }
    #expect(delays(RetryPolicy(), .unreachable).count == 1)
    #expect(delays(RetryPolicy(), .rateLimited).count == 4)
  }

  @Test func `a server's wish is obeyed, unless it asks for too long`() {
    for delay in delays(RetryPolicy(), .rateLimited, asked: .seconds(7)) {
      #expect(delay >= .seconds(7) && delay < .milliseconds(7500))
    }
    #expect(delays(RetryPolicy(), .rateLimited, asked: .seconds(121)).isEmpty)
  }

  @Test func `Retry-After is read in seconds and as a date`() {
    let clock = TestClock(secondsSince1970: 946_684_790)
    func asked(_ name: String, _ value: String) -> Duration? {
      RetryPolicy.askedDelay(
        of: HTTPResponse(status: 429, headers: [HTTPHeader(name, value)], body: []), clock: clock)
    }
    #expect(asked("retry-after", "3") == .seconds(3))
    #expect(asked("Retry-After-Ms", "250") == .milliseconds(250))
    #expect(asked("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT") == .seconds(9))
    #expect(asked("Retry-After", "Fri, 31 Dec 1999 23:59:00 GMT") == .zero)
    for nonsense in ["", "soon", "-1", "Fri, 31 Foo 1999 23:59:59 GMT", "1.5"] {
      #expect(asked("Retry-After", nonsense) == nil, "\(nonsense)")
    }
  }

  @Test func `dates of HTTP are those of the calendar`() {
    #expect(secondsSince1970(httpDate: "Thu, 01 Jan 1970 00:00:00 GMT") == 0)
    #expect(secondsSince1970(httpDate: "Tue, 29 Feb 2000 12:00:00 GMT") == 951_825_600)
    #expect(secondsSince1970(httpDate: "Wed, 01 Mar 2000 00:00:00 GMT") == 951_868_800)
    #expect(secondsSince1970(httpDate: "Sat, 21 Nov 2026 08:00:00 GMT") == 1_795_248_000)
  }

  @Test func `no minute holds more requests than the limit`() throws {
    let clock = TestClock()
    let limit = RateLimit(requestsPerMinute: 3)
    var instants: [Duration] = []
    for number in 0..<10 {
      if number == 5 { clock.advance(.seconds(17)) }
      try limit.wait(tokenCount: 1, clock: clock)
      instants.append(clock.elapsed)
    }
    for index in 3..<10 { #expect(instants[index] - instants[index - 3] >= .seconds(60)) }
    #expect(instants[2] == .zero && instants[3] == .seconds(60))
  }

  @Test func `no minute holds more tokens than the limit, and one that is too large goes by itself`() throws {
    let clock = TestClock()
    let limit = RateLimit(requestsPerMinute: nil, tokensPerMinute: 100)
    var uses: [(instant: Duration, tokens: Int)] = []
    for tokens in [60, 40, 1, 99, 500, 10, 90, 91] {
      try limit.wait(tokenCount: tokens, clock: clock)
      uses.append((clock.elapsed, tokens))
    }
    for use in uses {
      let inMinute = uses.filter { $0.instant > use.instant - .seconds(60) && $0.instant <= use.instant }
      #expect(inMinute.reduce(0) { $0 + $1.tokens } <= 100 || inMinute.count == 1)
    }
    #expect(uses[1].instant == .zero && uses[2].instant == .seconds(60) && uses[3].instant == .seconds(60))
  }

  @Test func `a wait ends with a cancellation`() {
    let cancellation = Cancellation()
    cancellation.cancel()
    do throws(Failure) {
      try SystemClock().wait(for: .seconds(1000), cancellation)
      Issue.record("it waited")
    } catch { #expect(error.code == .cancelled) }
  }
}
