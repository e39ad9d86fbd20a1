/// Finds words in bytes: runs of letters, digits and `_`, lower-cased, cut at 64 bytes, with the places where their
/// parts (camelCase, PascalCase, ALLCAPSWord, snake_case, digits) begin and end.
///
/// Letters beyond ASCII belong to words. Latin-1, Greek and Cyrillic capitals are lower-cased; punctuation, symbols,
/// spaces, emoji and bytes that are not UTF-8 separate. No allocation.
struct WordSplitter {
  static let maximumByteCount = 64

  /// What a byte is: by value.
  private enum Class {
    static let separator: UInt8 = 0
    static let lower: UInt8 = 1
    static let upper: UInt8 = 2
    static let digit: UInt8 = 3
    static let underscore: UInt8 = 4
    /// The first byte of a UTF-8 sequence, or a stray one.
    static let beyond: UInt8 = 5

    static let table: [UInt8] = (0...255).map { byte in
      switch byte {
      case 0x61...0x7A: lower
      case 0x41...0x5A: upper
      case 0x30...0x39: digit
      case 0x5F: underscore
      case 0x80...: beyond
      default: separator
      }
    }
  }

  private let classes = Class.table

  /// Whether `byte` may be part of a word; any other separates.
  static func isOfWord(_ byte: UInt8) -> Bool { Class.table[Int(byte)] != Class.separator }

  /// A part of a word: bytes `start..<end` of it.
  struct Part {
    var start: UInt8
    var end: UInt8
  }

  /// The word found last, lower-cased.
  private(set) var word: InlineArray<64, UInt8> = .init(repeating: 0)
  private(set) var wordByteCount = 0
  private(set) var parts: InlineArray<64, Part> = .init(repeating: Part(start: 0, end: 0))
  /// The number of parts; 0 where the word has no parts besides itself.
  private(set) var partCount = 0

  init() {}

  /// Finds the next word of `text` at or after `offset` and moves `offset` behind it. False at the end.
  ///
  /// A word of one byte is passed over: a letter or digit alone tells nothing and costs a posting in most chunks.
  mutating func next(in text: Span<UInt8>, from offset: inout Int) -> Bool {
    let table = classes
    let classes = table.span
    var i = offset
    let end = text.count
    while true {
      // Separators.
      while i < end, classes[Int(text[i])] == Class.separator { i &+= 1 }
      if i >= end {
        offset = end
        return false
      }
      var count = 0
      var partStart = 0
      var found = 0
      var previous = Class.underscore
      var hasLetterOrDigit = false
      var startsWithDigit = false
      var lastCapital = 0
      var isCut = false
      while i < end {
        let byte = text[i]
        var kind = classes[Int(byte)]
        if kind == Class.separator { break }
        // A small letter behind a small letter, or a digit behind a digit: most of most words.
        if kind == previous, kind == Class.lower || kind == Class.digit, count < Self.maximumByteCount, !isCut {
          word[count] = byte
          count &+= 1
          i &+= 1
          continue
        }
        var byteCount = 1
        var first = byte
        var second: UInt8 = 0
        if kind == Class.upper {
          first = byte | 0x20
        } else if kind == Class.beyond {
          let letter = Self.letter(in: text, at: i)
          if letter.kind == Class.separator {
            if count > 0 { break }
            i &+= letter.byteCount
            continue
          }
          (kind, byteCount, first, second) = letter
        }
        if count &+ byteCount > Self.maximumByteCount {
          // Cut: the rest of the word is passed over.
          isCut = true
        }
        if isCut {
          i &+= byteCount
          continue
        }
        switch kind {
        case Class.lower:
          // "HTTPServer": the last capital of a run begins the next part.
          if previous == Class.digit {
            endPart(&found, from: &partStart, to: count)
          } else if previous == Class.upper, lastCapital > partStart {
            endPart(&found, from: &partStart, to: lastCapital)
          }
        case Class.upper:
          if previous == Class.lower || previous == Class.digit { endPart(&found, from: &partStart, to: count) }
          lastCapital = count
        case Class.digit:
          if count == 0 { startsWithDigit = true }
          if previous == Class.lower || previous == Class.upper { endPart(&found, from: &partStart, to: count) }
        default:
          if previous != Class.underscore { endPart(&found, from: &partStart, to: count) }
        }
        if kind == Class.underscore {
          partStart = count &+ 1
        } else {
          hasLetterOrDigit = true
        }
        word[count] = first
        if byteCount > 1 {
          word[count &+ 1] = second
          for k in 2..<max(2, byteCount) { word[count &+ k] = text[i &+ k] }
        }
        previous = kind
        count &+= byteCount
        i &+= byteCount
      }
      if count < 2 || !hasLetterOrDigit {
        if i >= end {
          offset = end
          return false
        }
        continue
      }
      if previous != Class.underscore { endPart(&found, from: &partStart, to: count) }
      // A number's digits and letters (0x1F, 10ms, 2nd) mean nothing apart; a single part is the word itself unless
      // underscores surround it.
      let isWhole = found == 1 && parts[0].start == 0 && Int(parts[0].end) == count
      partCount = startsWithDigit || isWhole ? 0 : found
      wordByteCount = count
      offset = i
      return true
    }
  }

  /// Notes the part from `start` to `end` if it has more than one byte, and begins the next one at `end`.
  @inline(__always)
  private mutating func endPart(_ found: inout Int, from start: inout Int, to end: Int) {
    if end &- start > 1 {
      parts[found] = Part(start: UInt8(truncatingIfNeeded: start), end: UInt8(truncatingIfNeeded: end))
      found &+= 1
    }
    start = end
  }

  /// The UTF-8 sequence at `offset`: what it is, and its first two bytes in lower case.
  private static func letter(
    in text: Span<UInt8>, at offset: Int
  ) -> (kind: UInt8, byteCount: Int, first: UInt8, second: UInt8) {
    let first = text[offset]
    let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first <= 0xF4, offset + count <= text.count else { return (Class.separator, 1, 0, 0) }
    for i in 1..<count where text[offset + i] & 0xC0 != 0x80 { return (Class.separator, 1, 0, 0) }
    let second = text[offset + 1]
    switch (first, second) {
    // Overlong forms, surrogates, and what lies beyond Unicode.
    case (0xE0, ..<0xA0), (0xED, 0xA0...), (0xF0, ..<0x90), (0xF4, 0x90...):
      return (Class.separator, 1, 0, 0)
    case (0xC2, _):  // Latin-1 controls, spaces and signs
      let isLetter = second == 0xAA || second == 0xB5 || second == 0xBA
      return (isLetter ? Class.lower : Class.separator, count, first, second)
    case (0xC3, 0x97), (0xC3, 0xB7):  // multiplication and division signs
      return (Class.separator, count, first, second)
    case (0xC3, 0x80...0x9E):  // À to Þ
      return (Class.upper, count, first, second + 0x20)
    case (0xCE, 0x86):  // Ά
      return (Class.upper, count, first, 0xAC)
    case (0xCE, 0x88...0x8A):  // Έ to Ί
      return (Class.upper, count, first, second + 0x25)
    case (0xCE, 0x8C):  // Ό
      return (Class.upper, count, 0xCF, second)
    case (0xCE, 0x8E...0x8F):  // Ύ, Ώ
      return (Class.upper, count, 0xCF, second - 1)
    case (0xCE, 0x91...0x9F):  // Greek, Α to Ο
      return (Class.upper, count, first, second + 0x20)
    case (0xCE, 0xA0...0xA9):  // Greek, Π to Ω
      return (Class.upper, count, 0xCF, second - 0x20)
    case (0xD0, 0x80...0x8F):  // Cyrillic, Ѐ to Џ
      return (Class.upper, count, 0xD1, second + 0x10)
    case (0xD0, 0x90...0x9F):  // Cyrillic, А to П
      return (Class.upper, count, first, second + 0x20)
    case (0xD0, 0xA0...0xAF):  // Cyrillic, Р to Я
      return (Class.upper, count, 0xD1, second - 0x20)
    case (0xE2, 0x80...0xAF):  // punctuation, arrows, mathematics, boxes
      return (Class.separator, count, first, second)
    case (0xE3, 0x80):  // punctuation of Chinese and Japanese
      return (Class.separator, count, first, second)
    case (0xEE, _):  // private use
      return (Class.separator, count, first, second)
    // Private use, variants and forms, the byte order mark.
    case (0xEF, 0x80...0xA3), (0xEF, 0xB8...0xBD), (0xEF, 0xBF):
      return (Class.separator, count, first, second)
    case (0xF0, 0x9F):  // emoji
      return (Class.separator, count, first, second)
    default:
      return (Class.lower, count, first, second)
    }
  }
}
