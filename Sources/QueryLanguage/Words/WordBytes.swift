import Primitives

/// Which bytes of a text belong to words, and which separate them: for queries and for the files they are compared
/// with.
package enum WordBytes {
  /// A letter or a digit of ASCII, `_`, or a part of any character beyond it.
  @inlinable @inline(__always)
  package static func isOfWord(_ byte: UInt8) -> Bool {
    byte.isASCIIWord || byte >= 0x80
  }

  /// The bytes of the quotation mark, dash, arrow or other sign of typography at `offset`: the blocks General
  /// Punctuation and Arrows, `«` and `»`, and the brackets and stops of CJK; 0 if something else is there.
  @inline(never)
  package static func signByteCount(_ text: Span<UInt8>, at offset: Int) -> Int {
    let first = text[offset]
    guard first == 0xC2 || first == 0xE2 || first == 0xE3, offset + 1 < text.count else { return 0 }
    let second = text[offset + 1]
    if first == 0xC2 { return second == 0xAB || second == 0xBB ? 2 : 0 }
    guard offset + 2 < text.count else { return 0 }
    let third = text[offset + 2]
    switch (first, second) {
    case (0xE2, 0x80): return third >= 0x90 && third <= 0xA7 || third >= 0xB0 && third != 0xBF ? 3 : 0
    case (0xE2, 0x86), (0xE2, 0x87): return third >= 0x80 ? 3 : 0
    case (0xE3, 0x80): return third >= 0x81 && third <= 0x83 || third >= 0x88 && third <= 0x91 ? 3 : 0
    default: return 0
    }
  }
}
