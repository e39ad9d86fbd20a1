/// A file's bytes with the offsets at which its lines begin.
package struct SourceText: Sendable {
  package let bytes: [UInt8]
  /// The offset of every line's first byte, and the end of the file.
  package let lineStarts: [Int]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    let span = bytes.span
    for i in span.indices where span[i] == UInt8(ascii: "\n") && i + 1 < span.count { starts.append(i + 1) }
    if !bytes.isEmpty { starts.append(bytes.count) }
    lineStarts = starts
  }

  package var lineCount: Int { lineStarts.count - 1 }

  /// Line `number` (from 1) without its line break, for a person: bytes that are not UTF-8 are repaired, control characters are
  /// shown as U+FFFD, and what exceeds `limit` characters is cut.
  package func line(_ number: Int, limit: Int = 500) -> String {
    guard number >= 1, number <= lineCount else { return "" }
    var end = lineStarts[number]
    let start = lineStarts[number - 1]
    if end > start, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    // A character has at most 4 bytes that are shown, and a cut inside one is repaired like any damage.
    let isCut = end - start > limit * 4
    var text = String(decoding: bytes[start..<(isCut ? start + limit * 4 : end)], as: UTF8.self)
    if text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }) {
      text = String(
        String.UnicodeScalarView(
          text.unicodeScalars.map { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F ? "\u{FFFD}" : $0 }))
    }
    return isCut || text.unicodeScalars.count > limit ? String(text.unicodeScalars.prefix(limit)) + " …" : text
  }
}
