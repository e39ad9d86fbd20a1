import Disk
package import Primitives
import Synchronization

/// Sends requests to servers over http and https.
///
/// Calls block the calling thread; any number of threads may call at once. Connections are kept and used again, one for
/// each request in flight. Certificates are verified. The usual variables for a proxy hold (`https_proxy`, `no_proxy`,
/// ...), except for this machine's own addresses. The library behind it is loaded by the first request.
package final class HTTPClient: Sendable {
  /// A redirect leads elsewhere at most this often.
  private static let redirectLimit = 5
  /// Headers that a redirect to another origin may take along. Everything else may be a key or speak of one.
  private static let harmlessHeaders: Set = ["accept", "accept-encoding", "user-agent", "range", "if-range"]
  /// What is kept of an error's body when the answer is handed on as it comes.
  static let errorBodyLimit = 64 << 10

  private let idle = Mutex<[CurlConnection]>([])
  private let certificates: FilePath?

  /// - Parameter certificates: a file of certificate authorities in place of the system's; `SSL_CERT_FILE` names one
  ///   too.
  package init(certificates: FilePath? = nil) {
    self.certificates =
      certificates ?? processEnvironment()["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : FilePath(bytes: $0) }
  }

  /// Sends `request` and gives the whole answer, whatever its status.
  ///
  /// A redirect is followed for GET only, never from https to http, and to another host without the request's own
  /// headers (a key among them); one that is not followed is an answer like any other. Throws `.unreachable`,
  /// `.timedOut`, `.interrupted`, `.notTrusted`, `.tooLarge`, `.cancelled`, `.missingLibrary`, or `.invalidArgument`
  /// for a request that makes no sense.
  package func send(_ request: HTTPRequest, cancellation: Cancellation? = nil) throws(Failure) -> HTTPResponse {
    var body: [UInt8] = []
    var response = try follow(request, cancellation, isWhole: true) { _ throws(Failure) in
      body = []
    } onBody: { bytes throws(Failure) in
      unsafe bytes.withUnsafeBufferPointer { unsafe body.append(contentsOf: $0) }
      return true
    }
    response.body = body
    return response
  }

  /// Sends `request` and hands the body of an answer with a status below 300 on as it comes, on the calling thread. The
  /// body of another answer (its first 64 kB) is in the response that is returned. What `onHead` (called once, before
  /// the body, with an empty body) and `onBody` throw ends the request and is thrown on. Compression is not asked for,
  /// so that nothing is held back.
  ///
  /// - Parameter onBody: gives whether the bytes were content, which counts where the request limits the time without
  ///   it.
  package func stream(
    _ request: HTTPRequest, cancellation: Cancellation? = nil,
    onHead: (HTTPResponse) throws(Failure) -> Void = { _ in },
    onBody: (Span<UInt8>) throws(Failure) -> Bool
  ) throws(Failure) -> HTTPResponse {
    var status = 0
    var errorBody: [UInt8] = []
    var response = try follow(request, cancellation, isWhole: false) { head throws(Failure) in
      status = head.status
      try onHead(head)
    } onBody: { bytes throws(Failure) in
      if status < 300 {
        return try onBody(bytes)
      }
      guard errorBody.count < Self.errorBodyLimit else { return false }
      let kept = bytes.extracting(first: Self.errorBodyLimit - errorBody.count)
      unsafe kept.withUnsafeBufferPointer { unsafe errorBody.append(contentsOf: $0) }
      return true
    }
    response.body = errorBody
    return response
  }

  /// Follows redirects; only the last answer's head and body are handed on.
  private func follow(
    _ original: HTTPRequest, _ cancellation: Cancellation?, isWhole: Bool,
    onHead: (HTTPResponse) throws(Failure) -> Void, onBody: (Span<UInt8>) throws(Failure) -> Bool
  ) throws(Failure) -> HTTPResponse {
    var request = original
    var address = try WebAddress(original.url)
    let deadline = original.timeLimit.map { ContinuousClock.now + $0 }
    for _ in 0...Self.redirectLimit {
      try cancellation?.check()
      var onward: WebAddress?
      let response = try perform(request, at: address, deadline, cancellation, isWhole: isWhole) {
        response throws(Failure) in
        onward = Self.redirect(of: response, to: request, at: address)
        if onward == nil { try onHead(response) }
      } onBody: { bytes throws(Failure) in
        // The body of a redirect is of no use to anyone.
        if onward != nil { return false }
        return try onBody(bytes)
      }
      guard let onward else { return response }
      if !onward.isSameOrigin(as: address) {
        request.headers.removeAll { !Self.harmlessHeaders.contains($0.name.lowercased()) }
      }
      address = onward
    }
    throw Failure(
      .badAnswer, "\(address.hostAndPort) redirects in a circle: check the address of the endpoint")
  }

  /// Where `response` sends the client, if it is allowed to go there.
  private static func redirect(
    of response: HTTPResponse, to request: HTTPRequest, at address: WebAddress
  ) -> WebAddress? {
    guard [301, 302, 303, 307, 308].contains(response.status), ["GET", "HEAD"].contains(request.method),
      let location = response.header("Location"), let onward = try? address.resolving(location),
      onward.isEncrypted || !address.isEncrypted
    else { return nil }
    return onward
  }

  private func perform(
    _ request: HTTPRequest, at address: WebAddress, _ deadline: ContinuousClock.Instant?, _ cancellation: Cancellation?,
    isWhole: Bool, onHead: (HTTPResponse) throws(Failure) -> Void, onBody: (Span<UInt8>) throws(Failure) -> Bool
  ) throws(Failure) -> HTTPResponse {
    let connection: CurlConnection
    if let held = idle.withLock({ $0.popLast() }) {
      connection = held
    } else {
      connection = try CurlConnection()
    }
    let transfer = CurlTransfer(
      request, at: address, deadline: deadline, certificates: certificates, asksForCompression: isWhole)
    // A connection whose request failed is not trusted with another one.
    let response = try transfer.run(on: connection, cancellation, onHead: onHead, onBody: onBody)
    idle.withLock { $0.append(connection) }
    return response
  }
}
