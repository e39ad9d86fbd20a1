import Disk
package import Primitives

extension HTTPClient {
  /// Fetches `url` into `file`, which is appended to where an earlier call stopped; where the server breaks off, the
  /// rest is asked for again. Returns when the file is complete and durable.
  ///
  /// The server may have changed its file between two calls, so a caller that needs a certain content checks its hash
  /// afterwards and removes the file where it is another. Only silence is limited in time, not the whole.
  ///
  /// - Parameters:
  ///   - file: the name of a file that is not complete; the caller renames it when it is.
  ///   - byteLimit: a longer file is refused.
  ///   - progress: called now and then with the bytes that are there and, where the server says it, how many there will
  ///     be.
  package func download(
    _ url: String, to file: FilePath, byteLimit: Int = 64 << 30, idleTimeLimit: Duration = .seconds(60),
    retries: RetryPolicy = RetryPolicy(), clock: any WaitingClock = SystemClock(), cancellation: Cancellation? = nil,
    progress: (_ done: Int, _ total: Int?) -> Void = { _, _ in }
  ) throws(Failure) {
    let host = try WebAddress(url).hostAndPort
    let target = try AppendedFile(file)
    var random = SeededRandom(seed: UInt64(truncatingIfNeeded: wallClockNanoseconds()))
    var entityTag: String?
    var attempt = 1
    while true {
      let before = target.byteCount
      var askedDelay: Duration?
      do throws(Failure) {
        var request = HTTPRequest("GET", url)
        request.idleTimeLimit = idleTimeLimit
        request.timeLimit = nil
        request.bodyLimit = byteLimit
        if before > 0 {
          request.headers.append(HTTPHeader("Range", "bytes=\(before)-"))
          if let entityTag { request.headers.append(HTTPHeader("If-Range", entityTag)) }
        }
        var total: Int?
        let response = try stream(request, cancellation: cancellation) { head throws(Failure) in
          guard head.status == 200 || head.status == 206 else { return }
          // A weak tag does not promise the same bytes.
          entityTag = head.header("ETag").flatMap { $0.hasPrefix("W/") ? nil : $0 }
          let start = head.status == 206 ? try Self.start(of: head, expected: before, host) : 0
          if start == 0 { try target.truncate() }
          total = head.header("Content-Length").flatMap { Int($0) }.map { start + $0 }
          if let total, total > byteLimit { throw Self.tooLarge(host, byteLimit) }
        } onBody: { bytes throws(Failure) in
          if target.byteCount + bytes.count > byteLimit { throw Self.tooLarge(host, byteLimit) }
          try target.append(bytes)
          progress(target.byteCount, total)
          return true
        }
        switch response.status {
        case 200, 206: return try target.sync()
        case 416 where before > 0:
          // There is nothing behind what is here: it is complete, or of another file.
          if response.header("Content-Range") == "bytes */\(before)" { return try target.sync() }
          try target.truncate()
          throw Failure(.interrupted, "\(host) has another file under this name now; it is fetched anew")
        default:
          askedDelay = RetryPolicy.askedDelay(of: response, clock: clock)
          throw Self.failure(response, url, host)
        }
      } catch {
        // What came on counts as a new beginning: a long file over a bad line arrives in the end.
        if target.byteCount > before { attempt = 1 }
        guard
          let delay = retries.delay(afterAttempt: attempt, error, askedDelay: askedDelay, using: &random)
        else { throw error }
        try clock.wait(for: delay, cancellation)
        attempt += 1
      }
    }
  }

  /// Where the part begins that a 206 gives.
  private static func start(of head: HTTPResponse, expected: Int, _ host: String) throws(Failure) -> Int {
    guard let range = head.header("Content-Range"), range.hasPrefix("bytes \(expected)-") else {
      throw Failure(.badAnswer, "\(host) answered with another part of the file than was asked for")
    }
    return expected
  }

  private static func tooLarge(_ host: String, _ limit: Int) -> Failure {
    Failure(.tooLarge, "\(host) sends more than the \(limit) bytes that were expected")
  }

  private static func failure(_ response: HTTPResponse, _ url: String, _ host: String) -> Failure {
    let words = Failure.words(of: response)
    return switch response.status {
    case 401, 403: Failure(.unauthorized, "\(host) does not give \(url) to everyone (\(response.status))", cause: words)
    case 404, 410: Failure(.notFound, "\(host) has no \(url) (\(response.status)): check the name", cause: words)
    case 408: Failure(.timedOut, "\(host) gave up waiting (408)", cause: words)
    case 429:
      Failure(.rateLimited, "\(host) says that there are too many requests (429): try again later", cause: words)
    case 500..<600: Failure(.serverError, "\(host) failed (\(response.status)): try again later", cause: words)
    default: Failure(.refusedByEndpoint, "\(host) does not give \(url) (\(response.status))", cause: words)
    }
  }
}
