import Glibc
import Primitives

/// Heuristics over a content as bytes.
enum ContentHeuristics {
  /// Whether there is nothing but white space. Looks no further than the first other byte.
  static func isBlank(_ content: Span<UInt8>) -> Bool {
    for i in content.indices where !(content[i] == .space || content[i] &- 9 < 5) { return false }
    return true
  }

  /// Whether the first 8 KiB are those of a file that is no text: a NUL, a mark of UTF-16 before what is none, a PDF,
  /// or more than one control character in twenty bytes (random bytes have one in nine).
  static func isBinary(_ content: Span<UInt8>) -> Bool {
    let head = content.extracting(0..<min(content.count, 8_192))
    let controls = controlCounts(head)
    if controls.nul > 0 || controls.all * 20 > head.count { return true }
    if head.count >= 2, head[0] == 0xFF && head[1] == 0xFE || head[0] == 0xFE && head[1] == 0xFF { return true }
    return head.count >= 5 && FirstBytes(head, limit: 5).bytes == Array("%PDF-".utf8)
  }

  /// How many bytes are NUL, and how many any control character that is not seen in text.
  private static func controlCounts(_ head: Span<UInt8>) -> (nul: Int, all: Int) {
    unsafe head.withUnsafeBufferPointer { bytes in
      var counts = (nul: 0, all: 0)
      // Counted in bytes, as often as these cannot overflow, so that a vector register takes many.
      for start in stride(from: 0, to: bytes.count, by: 240) {
        var nul: UInt8 = 0
        var all: UInt8 = 0
        for i in start..<min(bytes.count, start &+ 240) {
          let byte = unsafe bytes[i]
          nul &+= byte == 0 ? 1 : 0
          // White space (9 to 13), backspace and escape are seen in text.
          let isLow: UInt8 = byte < 0x20 ? 1 : 0
          let isSeen: UInt8 = (byte &- 8 < 6 ? 1 : 0) | (byte == 0x1B ? 1 : 0)
          all &+= (isLow & ~isSeen) | (byte == 0x7F ? 1 : 0)
        }
        counts.nul += Int(nul)
        counts.all += Int(all)
      }
      return counts
    }
  }

  /// Whether the 8 bytes of `word`, read as a little-endian number, occur in `content`.
  static func contains(_ content: Span<UInt8>, _ word: UInt64) -> Bool {
    unsafe content.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress, bytes.count >= 8 else { return false }
      var offset = 7
      let last = Int32(truncatingIfNeeded: word >> 56)
      while offset < bytes.count, let found = unsafe memchr(base + offset, last, bytes.count - offset) {
        offset = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        // At least 7 bytes lie before it.
        let eight = unsafe UnsafeRawPointer(base).loadUnaligned(fromByteOffset: offset - 7, as: UInt64.self)
        if UInt64(littleEndian: eight) == word { return true }
        offset += 1
      }
      return false
    }
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
