import Segments

/// A file's bytes with the offsets at which its lines begin; or a part of the lines, with their numbers.
package struct SourceText: Sendable {
  /// The characters of a line that are shown, unless someone asks for others.
  package static let shownCount = 500

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
    lineStarts = Segments.lineStarts(of: bytes.span)
  }

  /// The lines of a chunk that lies at `chunk` from line `firstLine` on, and `context` lines above and below; nothing where no line
  /// of this number begins there, or the lines above begin before `bytes`. The rest is only counted through.
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
    lineStarts = Segments.lineStarts(of: span.extracting(start..<end)).map { $0 + UInt32(start) }
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

  /// Line `number` (from 1) without its line break, for a person: bytes that are not UTF-8 are repaired, control characters are
  /// shown as U+FFFD, and what exceeds `limit` characters is cut.
  package func line(_ number: Int, limit: Int = shownCount) -> String {
    let range = range(ofLine: number)
    if range.count <= limit, isPlain(range) { return String(decoding: bytes[range], as: UTF8.self) }
    // A character has at most 4 bytes that are shown, and a cut inside one is repaired like any damage.
    let isCut = range.count > limit * 4
    let end = isCut ? range.lowerBound + limit * 4 : range.upperBound
    var text = String(decoding: bytes[range.lowerBound..<end], as: UTF8.self)
    if text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }) {
      text = String(
        String.UnicodeScalarView(
          text.unicodeScalars.map { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F ? "\u{FFFD}" : $0 }))
    }
    return isCut || text.unicodeScalars.count > limit ? String(text.unicodeScalars.prefix(limit)) + " …" : text
  }

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
