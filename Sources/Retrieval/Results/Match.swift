/// Where something that a query says stands on a line of a result.
package struct Match: Hashable, Sendable {
  /// The number of the line in the file as it is now, from 1.
  package var line: Int
  /// The bytes on it, from 0, of its text in UTF-8.
  package var columns: Range<Int>

  package init(line: Int, columns: Range<Int>) {
    self.line = line
    self.columns = columns
  }
}
