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
      if byte >= 0x80 {
        let sign = signByteCount(text, at: i)
        if sign > 0 {
          i += sign
          continue
        }
      }
      let start = i
      guard beginnings.mayHold(byte) else {
        repeat { i += 1 } while i < end && isOfWord(text[i]) && !isSign(text, at: i)
        body(start..<i, nil)
        continue
      }
      var hash = firstHash
      var all: UInt8 = 0
      while i < end, isOfWord(text[i]), !isSign(text, at: i) {
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

  /// Whether a sign beyond ASCII begins at `place`, which separates as those of ASCII do.
  @inline(__always)
  private static func isSign(_ text: Span<UInt8>, at place: Int) -> Bool {
    text[place] >= 0x80 && signByteCount(text, at: place) > 0
  }

  /// The bytes of the quotation mark, dash, arrow or other sign of typography at `place`: the blocks General Punctuation and Arrows, `«` and
  /// `»`, and the brackets and stops of CJK; 0 where something else is.
  @inline(never)
  static func signByteCount(_ text: Span<UInt8>, at place: Int) -> Int {
    let first = text[place]
    guard first == 0xC2 || first == 0xE2 || first == 0xE3, place + 1 < text.count else { return 0 }
    let second = text[place + 1]
    if first == 0xC2 { return second == 0xAB || second == 0xBB ? 2 : 0 }
    guard place + 2 < text.count else { return 0 }
    let third = text[place + 2]
    switch (first, second) {
    case (0xE2, 0x80): return third >= 0x90 && third <= 0xA7 || third >= 0xB0 && third != 0xBF ? 3 : 0
    case (0xE2, 0x86), (0xE2, 0x87): return third >= 0x80 ? 3 : 0
    case (0xE3, 0x80): return third >= 0x81 && third <= 0x83 || third >= 0x88 && third <= 0x91 ? 3 : 0
    default: return 0
    }
  }

  private static func isEscape(_ byte: UInt8) -> Bool { "ntr0".utf8.contains(byte) }
}
