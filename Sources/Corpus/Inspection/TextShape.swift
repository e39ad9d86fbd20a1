import Glibc

/// Questions about a content as bytes.
enum TextShape {
  /// Whether there is nothing but white space. Looks no further than the first other byte.
  static func isBlank(_ content: Span<UInt8>) -> Bool {
    for i in content.indices where !(content[i] == .space || content[i] &- 9 < 5) { return false }
    return true
  }

  /// Whether the first 8 KiB are those of a file that is no text: a NUL, a mark of UTF-16, a PDF, or more than one control
  /// character in twenty bytes (random bytes have one in nine).
  static func isBinary(_ content: Span<UInt8>) -> Bool {
    let head = content.extracting(0..<min(content.count, 8_192))
    var nulCount = 0
    var controlCount = 0
    for i in head.indices {
      let byte = head[i]
      nulCount &+= byte == 0 ? 1 : 0
      // White space (9 to 13), backspace and escape are seen in text.
      let isControl = byte < 0x20 && byte &- 8 >= 6 && byte != 0x1B || byte == 0x7F
      controlCount &+= isControl ? 1 : 0
    }
    if nulCount > 0 || controlCount * 20 > head.count { return true }
    if head.count >= 2, head[0] == 0xFF && head[1] == 0xFE || head[0] == 0xFE && head[1] == 0xFF { return true }
    return head.count >= 5 && FirstBytes(head, limit: 5).bytes == Array("%PDF-".utf8)
  }

  /// How many bytes lie in lines of at least `lineByteCount` bytes.
  static func byteCount(inLinesOfAtLeast lineByteCount: Int, _ content: Span<UInt8>) -> Int {
    unsafe content.withUnsafeBufferPointer { bytes in
      // `memchr` finds line ends at the speed of memory; an index per byte would not.
      guard let base = bytes.baseAddress else { return 0 }
      var total = 0
      var start = 0
      while start < bytes.count {
        let found = unsafe memchr(base + start, Int32(UInt8.newline), bytes.count - start)
        let end =
          if let found = unsafe found { unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base) } else { bytes.count }
        if end - start >= lineByteCount { total += end - start }
        start = end + 1
      }
      return total
    }
  }

  /// How many bytes are blanks or line ends.
  static func whiteSpaceByteCount(_ content: Span<UInt8>) -> Int {
    var count = 0
    for i in content.indices { count &+= content[i] == .space || content[i] &- 9 < 5 ? 1 : 0 }
    return count
  }
}
