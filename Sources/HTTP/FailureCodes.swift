package import Primitives

extension Failure.Code {
  /// libcurl is not installed.
  package static let missingLibrary = Self(rawValue: "missing-library")
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
