/// How lines that a pattern found are shown, as ripgrep shows them.
package struct LinePrintOptions: Sendable {
  package enum Form: Sendable {
    case lines
    /// How many lines of each file, or how many matches.
    case counts
    case matchCounts
    case filesFound, filesWithout
    case json
    /// Nothing but whether there is something.
    case none
  }

  package var form = Form.lines
  package var showsPath = false
  /// Whether the path stands above the lines of a file, not before each.
  package var hasHeading = false
  package var showsNumbers = false
  package var showsColumns = false
  /// Whether each match is shown by itself.
  package var isOnlyMatching = false
  /// Whether matches may go over several lines.
  package var spansLines = false
  /// Whether each match has a line of its own, which is shown whole.
  package var isVimgrep = false
  package var hasColor = false
  /// Whether a NUL follows each path.
  package var endsPathInNUL = false
  /// Longer lines are left out, with a note in their place; nil is no limit.
  package var columnLimit: Int?
  /// Whether the beginning of longer lines is shown.
  package var previewsLongLines = false
  /// Whether each line or match has its offset in the file before it.
  package var showsOffsets = false
  /// What stands behind the path and the numbers of a line that was found, and of one that was not.
  package var separatorOfFields: [UInt8] = [0x3A]
  package var contextSeparatorOfFields: [UInt8] = [0x2D]
  /// Between lines that do not touch; nil for nothing.
  package var contextSeparator: [UInt8]? = [0x2D, 0x2D]
  package var trims = false
  /// Whether a line break is a carriage return and a line feed.
  package var crlf = false
  /// Whether lines that do not touch have a line between them.
  package var hasContext = false
  /// Whether a count of nothing is shown too.
  package var includesZero = false
  /// Whether the text goes to a terminal, which must not be driven by it.
  package var isForTerminal = false

  package init() {}
}
