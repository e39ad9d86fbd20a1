package import HTTP
import JSON
package import Primitives
import Synchronization

/// The REST interface of a Qdrant server, 1.12 to 1.20: collections, points, payload indexes, aliases, snapshots.
///
/// Calls block; any number of threads may call at once. A request is retried with exponential back-off, or after the
/// delay that the server asks for, where the server is busy (429), fails (5xx), is silent, or breaks off in the middle.
/// Every write is idempotent. No answer is believed unchecked: what is not what the interface promises is a
/// `.badAnswer`.
package final class QdrantClient: Sendable {
  package let options: QdrantOptions
  package let version: QdrantVersion
  package let address: WebAddress
  private let endpoint: Endpoint
  /// What requests are part of that somebody waits for; nil for others.
  private let waiting: SearchContext?

  /// Asks the server for its version. Throws `.unsupportedVersion` for one that cannot be used, `.badAnswer` for what
  /// is no Qdrant server, and what `Endpoint.send` throws.
  ///
  /// - Parameter waiting: as `waited(for:)`.
  package init(
    _ options: QdrantOptions, environment: [String: [UInt8]], cancellation: Cancellation? = nil,
    waiting: SearchContext? = nil,
    client: HTTPClient = HTTPClient(), retries: RetryPolicy = RetryPolicy(), clock: any WaitingClock = SystemClock()
  ) throws(Failure) {
    self.options = options
    self.waiting = waiting
    address = try options.webAddress()
    var names = Endpoint.SettingNames(
      address: "qdrant_url", keyVariable: options.keyVariable, model: "the collection's name")
    names.usualPath = nil
    names.rate = nil
    endpoint = Endpoint(
      address, key: try options.key(in: environment), names: names, client: client, retries: retries, clock: clock,
      timeLimit: options.timeLimit)
    let host = address.hostAndPort
    version = try endpoint.send(
      "GET", "", answerByteLimit: 1 << 20, urgency: Self.urgency(waiting), cancellation: cancellation
    ) { document throws(Failure) in
      guard document["title"]?.string?.contains("qdrant") == true, let text = document["version"]?.string else {
        throw Failure(.badAnswer, "\(host) is no Qdrant server: check qdrant_url (its REST port is usually 6333)")
      }
      guard let version = QdrantVersion(text) else {
        throw Failure(.badAnswer, "\(host) names a version that is none: \(visibleName(text))")
      }
      return version
    }
    try version.check(host: host)
  }

  private init(_ other: QdrantClient, waiting: SearchContext?) {
    (options, version, address, endpoint) = (other.options, other.version, other.address, other.endpoint)
    self.waiting = waiting
  }

  /// The same client for a search: each request is tried again once, and given up with the search, or after 10 seconds.
  /// Nil for one that nobody waits for.
  package func waited(for context: SearchContext?) -> QdrantClient { QdrantClient(self, waiting: context) }

  private static func urgency(_ waiting: SearchContext?) -> (retries: RetryPolicy, timeLimit: Duration)? {
    guard let waiting else { return nil }
    return (.interactive, min(.seconds(10), max(.milliseconds(1), waiting.remaining ?? .seconds(10))))
  }

  /// The host and the port, for messages.
  package var host: String { address.hostAndPort }
  /// What went over the network so far.
  package var counts: Endpoint.Counts { endpoint.counts }

  /// Sends a request and gives what `reading` makes of its `result`.
  ///
  /// - Parameters:
  ///   - what: what the request is for, as messages call it.
  ///   - urgency: as `Endpoint.send`.
  func call<Value>(
    _ method: String, _ path: String, _ body: JSONValue? = nil, _ what: String,
    urgency: (retries: RetryPolicy, timeLimit: Duration)? = nil, cancellation: Cancellation? = nil,
    reading: (JSONValue) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let host = host
    try waiting?.check()
    return try endpoint.send(
      method, path, body, answerByteLimit: 256 << 20, urgency: urgency ?? Self.urgency(waiting),
      cancellation: cancellation ?? waiting?.cancellation
    ) { document throws(Failure) in
      guard document.members != nil else { throw Self.wrongShape(host, what, "no object") }
      guard document["status"]?.string == "ok" else {
        let words = document["status"].flatMap { Failure.message(in: $0) }
        throw Failure(.badAnswer, "\(host) does not say that it did what was asked (\(what))", cause: words)
      }
      guard let result = document["result"] else { throw Self.wrongShape(host, what, "no result") }
      return try reading(result)
    }
  }

  /// An answer that the interface does not know.
  func wrongShape(_ what: String, _ lacking: String) -> Failure { Self.wrongShape(host, what, lacking) }

  private static func wrongShape(_ host: String, _ what: String, _ lacking: String) -> Failure {
    Failure(
      .badAnswer,
      "\(host) answered something that Qdrant's interface does not know (\(what): \(lacking)): check "
        + "qdrant_url, and whether something between here and there changes answers")
  }

  /// The result of a write that waits for its effect.
  func finishedUpdate(_ result: JSONValue, _ what: String) throws(Failure) {
    switch result["status"]?.string {
    case "completed": return
    case "acknowledged", "wait_timeout":
      throw Failure(
        .timedOut,
        "\(host) has taken the request (\(what)) but did not finish it in time: it is busy; the same again "
          + "later does no harm")
    default: throw wrongShape(what, "no status of an update")
    }
  }

  /// The result of a change of collections or aliases.
  func confirmed(_ result: JSONValue, _ what: String) throws(Failure) {
    guard let isDone = result.boolean else { throw wrongShape(what, "neither true nor false") }
    guard isDone else {
      throw Failure(.timedOut, "\(host) did not finish the request (\(what)) in time: it is busy; try again later")
    }
  }
}
