import Kernels
import Segments

/// A file's bytes with the offsets at which its lines begin; or a part of the lines, with their numbers.
package struct SourceText: Sendable {
  /// The characters of a line that are shown, unless someone asks for others.
  static let shownCount = 500

  package let bytes: [UInt8]
  /// The number of the first line that is known.
  let firstLine: Int
  /// The offset of every known line's first byte, and where the last of them ends.
  private let lineStarts: [UInt32]
  /// Whether blanks at the ends of lines only stand in for what the file has there.
  private let isPadded: Bool

  package init(_ bytes: [UInt8], isPadded: Bool = false) {
    self.bytes = bytes
    self.isPadded = isPadded
    firstLine = 1
    lineStarts = Kernels.lineStarts(of: bytes.span)
  }

  /// The lines of a chunk that lies at `chunk` from line `firstLine` on, and `context` lines above and below; nil if
  /// no line of this number begins there, or the lines above begin before `bytes`. The rest is only counted through.
  ///
  /// - Parameter before: what comes before `bytes` in the file, and how many line breaks that has.
  package init?(
    _ bytes: [UInt8], around chunk: Range<Int>, firstLine: Int, context: Int, isPadded: Bool = false,
    before: (byteCount: Int, lineBreakCount: Int) = (0, 0)
  ) {
    let newline = UInt8(ascii: "\n")
    let span = bytes.span
    guard chunk.lowerBound >= 0, !chunk.isEmpty, chunk.upperBound <= span.count, firstLine >= 1,
      chunk.lowerBound == 0 ? before.byteCount == 0 : span[chunk.lowerBound - 1] == newline,
      before.lineBreakCount + lineBreakCount(in: span.extracting(0..<chunk.lowerBound)) == firstLine - 1
    else { return nil }
    var start = chunk.lowerBound
    var above = 0
    while start > 0, above < context {
      start -= 1
      while start > 0, span[start - 1] != newline { start -= 1 }
      above += 1
    }
    if start == 0, before.byteCount > 0 { return nil }
    var end = chunk.upperBound
    for _ in 0...context {
      // To the end of the chunk's last line first, where it does not end with one.
      while end < span.count, span[end - 1] != newline { end += 1 }
      if end == span.count { break }
      end += 1
    }
    while end < span.count, span[end - 1] != newline { end += 1 }
    self.bytes = bytes
    self.isPadded = isPadded
    self.firstLine = firstLine - above
    lineStarts = Kernels.lineStarts(of: span.extracting(start..<end)).map { $0 + UInt32(start) }
  }

  /// The number of the last line that is known: that of all lines, unless these are a part.
  package var lineCount: Int { firstLine + lineStarts.count - 2 }

  /// The offset at which line `number` (from 1, one more than there are for the end of the file) begins.
  package func start(ofLine number: Int) -> Int { Int(lineStarts[number - firstLine]) }

  /// The bytes of line `number` (from 1) without its line break; empty for one that there is not.
  package func range(ofLine number: Int) -> Range<Int> {
    guard number >= firstLine, number <= lineCount else { return 0..<0 }
    var end = Int(lineStarts[number - firstLine + 1])
    let start = Int(lineStarts[number - firstLine])
    if end > start, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    if isPadded { while end > start, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 } }
    return start..<end
  }

  /// Line `number` (from 1) without its line break, for a person: bytes that are not UTF-8 are repaired, control
  /// characters but for tabs and the feeds that editors show in a line (form feed, vertical tab) are shown as U+FFFD,
  /// and of more than `limit` characters the part around the one at `offset`, in bytes from the line's beginning, is
  /// left.
  package func line(_ number: Int, around offset: Int = 0, limit: Int = shownCount) -> String {
    let range = range(ofLine: number)
    if range.count <= limit, isPlain(range) { return String(decoding: bytes[range], as: UTF8.self) }
    var start = range.lowerBound
    if range.count > limit, offset > limit / 2 {
      // What stands before it tells something too; nothing is gained by showing less than there is room for.
      start += max(0, min(offset - limit / 4, range.count - limit))
      while start > range.lowerBound, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    }
    // A character has at most 4 bytes that are shown, and a cut inside one is repaired like any damage.
    let isCut = range.upperBound - start > limit * 4
    let end = isCut ? start + limit * 4 : range.upperBound
    var text = String(decoding: bytes[start..<end], as: UTF8.self)
    if text.unicodeScalars.contains(where: Self.isHidden) {
      text = String(String.UnicodeScalarView(text.unicodeScalars.map { Self.isHidden($0) ? "\u{FFFD}" : $0 }))
    }
    if isCut || text.unicodeScalars.count > limit { text = String(text.unicodeScalars.prefix(limit)) + " …" }
    return start > range.lowerBound ? "… " + text : text
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 && !["\t", "\u{B}", "\u{C}"].contains(scalar) || scalar.value == 0x7F
  }

  /// The lines from the one that is not blank with `number` among or next to them to where many are blank one after the
  /// other: in the text of a notebook a cell, since what the file has between two cells is blank. All lines of any
  /// other text.
  func cell(around number: Int) -> ClosedRange<Int> {
    let all = firstLine...max(firstLine, lineCount)
    guard isPadded, all.contains(number) else { return all }
    var (first, last) = (number, number)
    for (step, end) in [(-1, all.lowerBound), (1, all.upperBound)] {
      var line = number
      var blankCount = 0
      while line != end, blankCount <= Self.mostBlankLinesInCell {
        line += step
        blankCount = range(ofLine: line).isEmpty ? blankCount + 1 : 0
        if blankCount == 0 { if step < 0 { first = line } else { last = line } }
      }
    }
    return first...last
  }

  /// Between the sources of two cells Jupyter writes six lines and more.
  package static let mostBlankLinesInCell = 4

  /// Whether all of the bytes are shown as they are: printing characters of ASCII, spaces and tabs.
  private func isPlain(_ range: Range<Int>) -> Bool {
    let span = bytes.span
    var odd: UInt8 = 0
    for i in range {
      let byte = span[i]
      // Below 0x20 but for the tab, or 0x7F and above.
      odd |= byte &- 0x20 < 0x5F || byte == UInt8(ascii: "\t") ? 0 : 1
    }
    return odd == 0
  }
}
