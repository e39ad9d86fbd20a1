/// What to look for in lines, as somebody asked for it: the patterns, any of which may match, and how they are read.
package struct Pattern: Hashable, Sendable {
  package enum CaseFolding: Hashable, Sendable {
    case none, ignored
    /// Ignored unless a pattern holds a capital letter.
    case smart
  }

  package enum Boundary: Hashable, Sendable {
    case none
    /// What matches has no word character on either side.
    case word
    /// What matches is a whole line.
    case line
  }

  /// The patterns, as bytes.
  package var sources: [[UInt8]]
  package var caseFolding = CaseFolding.none
  package var boundary = Boundary.none
  /// Whether the patterns are texts to be found as they are written.
  package var isFixed = false
  /// Whether the patterns are Perl's regular expressions, with look-around and back-references.
  package var isPerl = false
  /// Whether a match may go over several lines.
  package var isMultiline = false
  /// Whether a dot matches line breaks as well.
  package var dotMatchesAll = false
  /// Whether a carriage return before a line break belongs to it.
  package var crlf = false

  package init(_ sources: [[UInt8]]) { self.sources = sources }
  package init(_ source: String) { self.init([Array(source.utf8)]) }
}
