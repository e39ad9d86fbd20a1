package import JSON
package import Primitives
import Synchronization

/// A server's API at one address: JSON in, JSON out, with a key, retries and rate limits. Thread-safe; calls block.
package final class Endpoint: Sendable {
  /// How the user configured it: the names that messages point to.
  package struct SettingNames: Hashable, Sendable {
    package var address: String
    package var keyVariable: String
    package var model: String
    /// The end of the path that servers of the kind have; nil where there is no usual one.
    package var usualPath: String? = "/v1"
    /// What limits how often the server is asked; nil where nothing does.
    package var rate: String? = "requests_per_minute"
    package init(address: String, keyVariable: String, model: String) {
      self.address = address
      self.keyVariable = keyVariable
      self.model = model
    }
  }

  /// What went over the network so far.
  package struct Counts: Hashable, Sendable {
    /// Attempts included.
    package var requestCount = 0
    package var retryCount = 0
    package var sentByteCount = 0
    package var receivedByteCount = 0
  }

  /// A stream of events that does not say that it is one begins within so many bytes.
  private static let beginningByteLimit = 64 << 10

  package let address: WebAddress
  package let key: EndpointKey?
  package let names: SettingNames
  private let client: HTTPClient
  private let retries: RetryPolicy
  private let rate: RateLimit
  private let clock: any WaitingClock
  private let timeLimit: Duration
  private let state: Mutex<(counts: Counts, random: SeededRandom)>

  /// - Parameters:
  ///   - timeLimit: the longest silence to bear, and half of the longest time for one whole answer.
  ///   - seed: of the jitter of retries.
  package init(
    _ address: WebAddress, key: EndpointKey?, names: SettingNames, client: HTTPClient = HTTPClient(),
    retries: RetryPolicy = RetryPolicy(), rate: RateLimit = RateLimit(requestsPerMinute: nil),
    clock: any WaitingClock = SystemClock(), timeLimit: Duration = .seconds(60), seed: UInt64 = 0
  ) {
    self.address = address
    self.key = key
    self.names = names
    self.client = client
    self.retries = retries
    self.rate = rate
    self.clock = clock
    self.timeLimit = timeLimit
    state = Mutex((Counts(), SeededRandom(seed: seed)))
  }

  package var counts: Counts { state.withLock { $0.counts } }

  /// Sends `body` to `path` below the address and gives what `reading` makes of the document that comes back. Tries
  /// again where that may help, once also when `reading` throws `.badAnswer`.
  ///
  /// Throws, besides what `HTTPClient.send` throws: `.unauthorized`, `.rateLimited`, `.requestTooLarge`,
  /// `.serverError`, `.refusedByEndpoint`, and `.badAnswer` for what is not JSON.
  ///
  /// - Parameters:
  ///   - tokenCount: about how many tokens the request counts for, for the rate limit.
  ///   - answerByteLimit: a longer answer is refused.
  ///   - urgency: for a request that a person waits for: when to try again, and how long to wait, in place of the
  ///     endpoint's own where that is longer.
  package func post<Value>(
    _ path: String, _ body: JSONValue, tokenCount: Int = 0, answerByteLimit: Int = 64 << 20,
    urgency: (retries: RetryPolicy, timeLimit: Duration)? = nil, cancellation: Cancellation? = nil,
    reading: (JSONValue) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try send(
      "POST", path, body, tokenCount: tokenCount, answerByteLimit: answerByteLimit, urgency: urgency,
      cancellation: cancellation, reading: reading)
  }

  /// The same with any method, and with or without a body.
  package func send<Value>(
    _ method: String, _ path: String, _ body: JSONValue? = nil, tokenCount: Int = 0, answerByteLimit: Int = 64 << 20,
    urgency: (retries: RetryPolicy, timeLimit: Duration)? = nil, cancellation: Cancellation? = nil,
    reading: (JSONValue) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    var request = request(method, path, body)
    request.bodyLimit = answerByteLimit
    if let limit = urgency.map({ min($0.timeLimit, timeLimit) }) {
      request.idleTimeLimit = limit
      request.timeLimit = limit
      // A larger value of the setting changes nothing then.
      if limit < timeLimit { request.timeLimitSetting = nil }
    }
    return try retrying(urgency?.retries ?? retries, tokenCount, cancellation) { () throws(Attempt) in
      let response: HTTPResponse
      do throws(Failure) { response = try client.send(request, cancellation: cancellation) } catch {
        throw Attempt(failure: error)
      }
      count(request, receivedByteCount: response.body.count)
      try check(response, request)
      guard let document = try? JSONValue(parsing: response.body) else { throw Attempt(failure: notJSON(response)) }
      do throws(Failure) { return try reading(document) } catch { throw Attempt(failure: error) }
    }
  }

  /// Sends `body` to `path` and hands on the events of the answer as they come, on the calling thread. Tries again only
  /// as long as nothing was handed on. An answer that is a plain JSON document is handed on as one event.
  ///
  /// - Parameter onEvent: gives whether the event has content. A server that sends none for as long as a silence may
  ///   last hangs, whatever else it sends.
  package func postForEvents(
    _ path: String, _ body: JSONValue, tokenCount: Int = 0, cancellation: Cancellation? = nil,
    onEvent: (ServerSentEvent) throws(Failure) -> Bool
  ) throws(Failure) {
    var request = request("POST", path, body)
    request.headers.append(HTTPHeader("Accept", "text/event-stream, application/json"))
    // An answer may be long in the making; only the time without a piece of it is limited.
    request.timeLimit = nil
    request.limitsContent = true
    var handedOn = 0
    try retrying(retries, tokenCount, cancellation) { () throws(Attempt) in
      var parser = ServerSentEventParser()
      // What came of an answer that does not say it is a stream of events, as long as it is not known to be one.
      var plain: [UInt8]?
      var askedDelay: Duration?
      func handOn(_ events: [ServerSentEvent]) throws(Failure) -> Bool {
        var hasContent = false
        for event in events {
          handedOn += 1
          if try onEvent(event) { hasContent = true }
        }
        return hasContent
      }
      do throws(Failure) {
        let response = try client.stream(request, cancellation: cancellation) { head throws(Failure) in
          if head.header("Content-Type")?.lowercased().contains("event-stream") != true { plain = [] }
        } onBody: { bytes throws(Failure) in
          count(nil, receivedByteCount: bytes.count)
          guard var received = plain else { return try handOn(parser.parse(bytes)) }
          plain = nil
          unsafe bytes.withUnsafeBufferPointer { unsafe received.append(contentsOf: $0) }
          // Some servers stream without saying so, which the first bytes show.
          if received.count <= Self.beginningByteLimit, ServerSentEventParser.isBeginning(received.span) {
            return try handOn(parser.parse(received.span))
          }
          plain = received
          return false
        }
        count(request, receivedByteCount: 0)
        do throws(Attempt) { try check(response, request) } catch {
          askedDelay = error.askedDelay
          throw error.failure
        }
        guard let plain else { return }
        // Some answer at once although asked to stream.
        guard (try? JSONValue(parsing: plain)) != nil else {
          throw notJSON(HTTPResponse(status: response.status, headers: response.headers, body: plain))
        }
        _ = try handOn([ServerSentEvent(name: "", data: String(decoding: plain, as: UTF8.self))])
      } catch { throw Attempt(failure: error, askedDelay: askedDelay, isFinal: handedOn > 0) }
    }
  }

  // MARK: Attempts

  /// How an attempt failed.
  private struct Attempt: Error {
    var failure: Failure
    var askedDelay: Duration?
    var isFinal = false
  }

  private func retrying<Value>(
    _ retries: RetryPolicy, _ tokenCount: Int, _ cancellation: Cancellation?, _ body: () throws(Attempt) -> Value
  ) throws(Failure) -> Value {
    var attempt = 1
    while true {
      try rate.wait(tokenCount: tokenCount, clock: clock, cancellation)
      do throws(Attempt) { return try body() } catch {
        let delay: Duration? =
          error.isFinal
          ? nil
          : state.withLock {
            retries.delay(afterAttempt: attempt, error.failure, askedDelay: error.askedDelay, using: &$0.random)
          }
        guard let delay else {
          var failure = error.failure
          failure.message = hidden(failure.message) + (attempt > 1 ? "; \(attempt) attempts were made" : "")
          failure.cause = failure.cause.map(hidden)
          throw failure
        }
        try clock.wait(for: delay, cancellation)
      }
      attempt += 1
      state.withLock { $0.counts.retryCount += 1 }
    }
  }

  private func request(_ method: String, _ path: String, _ body: JSONValue?) -> HTTPRequest {
    var request = HTTPRequest(method, address.appending(path).description)
    if let body {
      request.headers = [HTTPHeader("Content-Type", "application/json")]
      request.body = body.bytes
    }
    if let key { request.headers.append(key.header) }
    request.idleTimeLimit = timeLimit
    request.timeLimit = timeLimit * 2
    return request
  }

  private func count(_ request: HTTPRequest?, receivedByteCount: Int) {
    state.withLock {
      if let request {
        $0.counts.requestCount += 1
        $0.counts.sentByteCount += request.body?.count ?? 0
      }
      $0.counts.receivedByteCount += receivedByteCount
    }
  }

  private func hidden(_ text: String) -> String { key?.hidden(in: text) ?? text }

  // MARK: Answers

  private func check(_ response: HTTPResponse, _ request: HTTPRequest) throws(Attempt) {
    if (200..<300).contains(response.status) { return }
    throw Attempt(
      failure: Failure(response, to: request, at: address, key: key, names: names),
      askedDelay: RetryPolicy.askedDelay(of: response, clock: clock))
  }

  private func notJSON(_ response: HTTPResponse) -> Failure {
    let kind = response.header("Content-Type").map { " (\($0))" } ?? ""
    return Failure(
      .badAnswer,
      "\(address.hostAndPort) answered something that is not JSON\(kind): check \(names.address)"
        + (names.usualPath.map { ", which usually ends in \($0)" } ?? ""),
      cause: Failure.words(of: response))
  }
}
