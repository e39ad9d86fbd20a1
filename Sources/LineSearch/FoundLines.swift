/// What a search found in one file.
package struct FoundLines: Sendable {
  /// A line, or with patterns that go over lines several.
  package struct Line: Sendable {
    package var start: Int
    /// With its line break.
    package var end: Int
    /// Of the first line, from 1; 0 where lines are not numbered.
    package var number: Int
    /// Among `matches`.
    package var matches: Range<Int>
    /// Whether it is only shown beside one that was found.
    package var isContext: Bool
  }

  package enum Binary: Hashable, Sendable {
    /// A NUL in it ended the search.
    case stopped(offset: Int)
    /// There is a NUL in it, and it was named by the user.
    case named(offset: Int)
  }

  /// The text that was searched: without a byte order mark, and UTF-8 where it had been UTF-16.
  package var text: [UInt8] = []
  package var lines: [Line] = []
  /// In `text`, ascending.
  package var matches: [Range<Int>] = []
  /// For each match what it is to be shown as; empty where nothing is replaced.
  package var replacements: [[UInt8]] = []
  package var lineCount = 0
  package var matchCount = 0
  package var binary: Binary?
  /// Where the first line begins that took too many steps and was not searched.
  package var limitedLine: Int?
  /// How many such lines there are.
  package var limitedLineCount = 0
  /// Bytes that were searched.
  package var searchedByteCount = 0
}
