import Segments

/// A file's bytes with the offsets at which its lines begin.
package struct SourceText: Sendable {
  package let bytes: [UInt8]
  /// The offset of every line's first byte, and the end of the file.
  private let lineStarts: [UInt32]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    lineStarts = Segments.lineStarts(of: bytes.span)
  }

  package var lineCount: Int { lineStarts.count - 1 }

  /// The offset at which line `number` (from 1, one more than there are for the end of the file) begins.
  package func start(ofLine number: Int) -> Int { Int(lineStarts[number - 1]) }

  /// The bytes of line `number` (from 1) without its line break; empty for one that there is not.
  package func range(ofLine number: Int) -> Range<Int> {
    guard number >= 1, number <= lineCount else { return 0..<0 }
    var end = Int(lineStarts[number])
    let start = Int(lineStarts[number - 1])
    if end > start, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// Line `number` (from 1) without its line break, for a person: bytes that are not UTF-8 are repaired, control characters are
  /// shown as U+FFFD, and what exceeds `limit` characters is cut.
  package func line(_ number: Int, limit: Int = 500) -> String {
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
