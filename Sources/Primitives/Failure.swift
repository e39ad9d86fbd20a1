/// What went wrong, where, and what to do about it. The one error type of the house: every room throws it, and the
/// library hands it to its users as `CairnError`.
package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure, for callers that act on it. Open: each room adds its own in an extension.
  package struct Code: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
  }

  package var code: Code
  /// What happened, without the words of any door: no command and no flag.
  package var message: String
  /// The file or directory it happened at.
  package var path: FilePath?
  /// What the layer below said: the text of `errno`, of SQLite, of a parser.
  package var cause: String?
  /// What to do about it, which each door says in its own words; nil if the message says it or there is no remedy.
  package var remedy: Remedy?

  package init(
    _ code: Code, _ message: String, path: FilePath? = nil, cause: String? = nil, remedy: Remedy? = nil
  ) {
    self.code = code
    self.message = message
    self.path = path
    self.cause = cause
    self.remedy = remedy
  }

  package var description: String {
    var text = ""
    if let path { text += "\(path): " }
    text += message
    if let cause { text += " (\(cause))" }
    return text
  }
}

extension Failure.Code {
  package static let notFound = Self(rawValue: "not-found")
  package static let permissionDenied = Self(rawValue: "permission-denied")
  package static let diskFull = Self(rawValue: "disk-full")
  package static let inputOutput = Self(rawValue: "input-output")
  package static let invalidArgument = Self(rawValue: "invalid-argument")
  package static let damaged = Self(rawValue: "damaged")
  package static let wrongFormat = Self(rawValue: "wrong-format")
  package static let unsupportedVersion = Self(rawValue: "unsupported-version")
  package static let cancelled = Self(rawValue: "cancelled")
  /// A library that is loaded when it is first needed is not installed.
  package static let missingLibrary = Self(rawValue: "missing-library")
  /// The server of a shared store cannot be reached, or was lost.
  package static let storeUnavailable = Self(rawValue: "store-unavailable")
  /// A collection of a shared store may lack files: a push or workers are at it, or were stopped.
  package static let storeIncomplete = Self(rawValue: "store-incomplete")
  /// It refuses what is asked: a role without the right, a wrong password.
  package static let storeRefused = Self(rawValue: "store-refused")
  /// No answer within the time limit.
  package static let timedOut = Self(rawValue: "timed-out")
}
