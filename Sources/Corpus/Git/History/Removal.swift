package import Primitives

/// Lines that a commit took out of a file, and that it put nowhere else.
package struct Removal: Hashable, Sendable {
  /// The file's path before the commit, relative to the top of the repository.
  package var path: FilePath
  /// Which parent of the commit has the file so, from 0.
  package var parent: Int
  /// The file as it was.
  package var blob: GitObjectID
  /// The lines of that blob that are gone, from 1, ascending and not touching each other.
  package var lines: [ClosedRange<Int>]

  package init(path: FilePath, parent: Int, blob: GitObjectID, lines: [ClosedRange<Int>]) {
    self.path = path
    self.parent = parent
    self.blob = blob
    self.lines = lines
  }

  /// More parents than a commit may have here that are told apart: of an octopus with more, the others are not looked
  /// at.
  package static let parentLimit = 16
}

/// A commit with what it removed.
package struct RemovingCommit: Hashable, Sendable {
  package var commit: GitObjectID
  /// In the order in which git names the files.
  package var removals: [Removal]
  /// Whether it removed more than is kept of one commit.
  package var isCut = false
}

/// Tells lines that say something from those of brackets and blanks, and equal ones from others, however they are
/// indented.
package struct LineMark: Hashable, Sendable {
  /// Of the line without the blanks around it.
  package var hash: UInt64
  /// Whether it has a letter, a digit or a character beyond ASCII.
  package var isTelling: Bool

  package init(_ line: Span<UInt8>) {
    var start = 0
    var end = line.count
    while start < end, line[start] <= 0x20 { start += 1 }
    while end > start, line[end - 1] <= 0x20 { end -= 1 }
    let content = line.extracting(start..<end)
    hash = checksum(content)
    var isTelling = false
    for i in content.indices where !isTelling { isTelling = content[i] >= 0x80 || content[i].isASCIIWord }
    self.isTelling = isTelling
  }
}
