package import JSON
package import Primitives

extension Failure {
  /// What a status that is no success means, and what to do about it.
  init(
    _ response: HTTPResponse, to request: HTTPRequest, at address: WebAddress, key: EndpointKey?,
    names: Endpoint.SettingNames
  ) {
    let host = address.hostAndPort
    let status = response.status
    let words = Self.words(of: response)
    let isOutOfQuota = ["insufficient_quota", "exceeded your current quota"].contains { words?.contains($0) == true }
    let isAboutSize = Self.isAboutSize(words)
    let (code, message): (Code, String) =
      switch status {
      case 401, 403:
        if let key {
          (.unauthorized, "\(host) does not accept the key in the environment variable \(key.variable) (\(status))")
        } else {
          (
            .unauthorized,
            "\(host) asks for a key (\(status)): put it into an environment variable and name that variable in "
              + names.keyVariable
          )
        }
      case 404, 405:
        (
          .refusedByEndpoint,
          "\(host) knows no such path or model (\(status) for \(request.url)): check \(names.address) "
            + "and \(names.model)"
        )
      case 408: (.timedOut, "\(host) gave up waiting (408)")
      case 413: (.requestTooLarge, "\(host) refuses the request as too large (413)")
      // A server with less room than the request needs; another answer of these kinds has other words.
      case 400 where isAboutSize, 422 where isAboutSize, 500 where isAboutSize:
        (.requestTooLarge, "\(host) refuses the request as too large (\(status))")
      case 402 where isOutOfQuota, 429 where isOutOfQuota:
        (.unauthorized, "\(host) says that the quota of this key is used up (\(status))")
      case 429:
        (
          .rateLimited,
          "\(host) says that there are too many requests (429): try again later"
            + (names.rate.map { ", or set \($0) lower" } ?? "")
        )
      case 300..<400:
        (
          .refusedByEndpoint,
          "\(host) redirects (\(status)) to \(response.header("Location") ?? "nowhere"): write that "
            + "address in \(names.address)"
        )
      case 500..<600: (.serverError, "\(host) failed (\(status)): its log may say why; try again later")
      default: (.refusedByEndpoint, "\(host) does not take the request (\(status))")
      }
    self.init(code, message, cause: words)
  }

  /// Whether the words are those that servers have for too many texts, or for too long a one.
  private static func isAboutSize(_ words: String?) -> Bool {
    guard let words = words?.lowercased() else { return false }
    return [
      "too large", "too long", "too many inputs", "too many tokens", "context length", "context window", "context size",
      "maximum context", "max_tokens", "maximum allowed", "must have less than", "batch size", "larger than the max",
    ].contains { words.contains($0) }
  }

  /// What the server says about an error, on one line and not too long: the message of a JSON document where there is
  /// one.
  package static func words(of response: HTTPResponse) -> String? {
    var text = String(decoding: response.body.prefix(2000), as: UTF8.self)
    if let document = try? JSONValue(parsing: response.body), let message = message(in: document) { text = message }
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if line.isEmpty { return nil }
    return line.count > 300 ? line.prefix(300) + "…" : line
  }

  /// The servers differ: `{"error": {"message", "code"}}`, `{"error": "..."}`, `{"status": {"error": "..."}}`,
  /// `{"message"}`, `{"detail"}`.
  package static func message(in document: JSONValue) -> String? {
    let error = document["error"] ?? document["status"]?["error"] ?? document
    if let text = error.string { return text }
    guard let text = ["message", "detail", "error"].lazy.compactMap({ error[$0]?.string }).first else { return nil }
    guard let code = error["code"]?.string ?? error["type"]?.string, !text.contains(code) else { return text }
    return "\(text) [\(code)]"
  }
}

extension Failure.Code {
  /// The host cannot be found, or nothing answers there.
  package static let unreachable = Self(rawValue: "unreachable")
  /// The server broke off in the middle of its answer.
  package static let interrupted = Self(rawValue: "interrupted")
  /// The server's certificate could not be verified.
  package static let notTrusted = Self(rawValue: "not-trusted")
  /// The key is missing or is not accepted.
  package static let unauthorized = Self(rawValue: "unauthorized")
  /// Too many requests.
  package static let rateLimited = Self(rawValue: "rate-limited")
  /// The server says that the fault is its own (5xx).
  package static let serverError = Self(rawValue: "server-error")
  /// The server takes less at once: fewer texts, or shorter ones.
  package static let requestTooLarge = Self(rawValue: "request-too-large")
  /// The server does not take the request as it is.
  package static let refusedByEndpoint = Self(rawValue: "refused-by-endpoint")
  /// The server answered something that is no answer.
  package static let badAnswer = Self(rawValue: "bad-answer")
}
