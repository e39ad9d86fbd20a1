import Segments

/// The words of text as they are compared to tell whether it holds what a query says: runs of letters, digits and `_`, in the one
/// spelling that the index has for all (`FoldedText`), nothing left out and nothing split.
enum WrittenWords {
  /// Calls `body` with the place and the hash of every word of `text`, in order. The letter behind a backslash is no word: `\n` in a
  /// string literal parts what it is printed between.
  @inline(__always)
  static func scan(_ text: Span<UInt8>, _ body: (_ range: Range<Int>, _ hash: UInt64) -> Void) {
    scan(text, of: .all) { range, hash in if let hash { body(range, hash) } }
  }

  /// What words begin with, roughly: a bit for the low five bits of a letter, which are those of its capital.
  struct Beginnings {
    private var bits: UInt32 = 0

    static let all = Beginnings(bits: .max)

    /// - Parameter byte: the first of a word. One beyond ASCII may be spelt with any letter.
    mutating func insert(_ byte: UInt8) { bits |= byte < 0x80 ? 1 << UInt32(byte & 31) : .max }

    @inline(__always)
    fileprivate func mayHold(_ byte: UInt8) -> Bool { byte >= 0x80 || bits >> UInt32(byte & 31) & 1 != 0 }
  }

  /// The same, with a hash only for words that begin as some of `beginnings` do: most of a text is passed over so.
  @inline(__always)
  static func scan(
    _ text: Span<UInt8>, of beginnings: Beginnings, _ body: (_ range: Range<Int>, _ hash: UInt64?) -> Void
  ) {
    var i = 0
    let end = text.count
    while i < end {
      let byte = text[i]
      guard isOfWord(byte) else {
        i += byte == UInt8(ascii: "\\") && i + 1 < end && isEscape(text[i + 1]) ? 2 : 1
        continue
      }
      let start = i
      guard beginnings.mayHold(byte) else {
        repeat { i += 1 } while i < end && isOfWord(text[i])
        body(start..<i, nil)
        continue
      }
      var hash = firstHash
      var all: UInt8 = 0
      while i < end, isOfWord(text[i]) {
        hash = (hash ^ UInt64(lowercased(text[i]))) &* hashFactor
        all |= text[i]
        i += 1
      }
      if all >= 0x80 { hash = foldedHash(text.extracting(start..<i)) }
      body(start..<i, hash)
    }
  }

  private static let firstHash: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let hashFactor: UInt64 = 0x100_0000_01B3

  /// The hash of a word beyond ASCII: that of its plain spelling.
  @inline(never)
  private static func foldedHash(_ word: Span<UInt8>) -> UInt64 {
    FoldedText.plain(word).reduce(firstHash) { ($0 ^ UInt64(lowercased($1))) &* hashFactor }
  }

  @inline(__always)
  static func isOfWord(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
      || byte >= 0x80
  }

  private static func isEscape(_ byte: UInt8) -> Bool { "ntr0".utf8.contains(byte) }
}
