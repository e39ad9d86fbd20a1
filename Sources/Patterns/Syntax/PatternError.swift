package import Primitives

/// Why a pattern cannot be used.
package struct PatternError: Error, Hashable, Sendable {
  package enum Advice: Hashable, Sendable {
    /// It may be meant as a text, not as a pattern.
    case fixed
    /// Perl's expressions have it.
    case perl
    /// It needs matches that go over several lines.
    case multiline
  }

  package var message: String
  /// The pattern, and the offset in its bytes where it went wrong.
  package var source: [UInt8]
  package var offset: Int?
  package var advice: Advice?
}

extension Failure.Code {
  /// A pattern took more steps on a line than are allowed.
  package static let patternLimit = Self(rawValue: "pattern-limit")
}
