/// Finds words in bytes: runs of letters, digits and `_`, lower-cased, cut at 64 bytes, with the places where their
/// parts (camelCase, PascalCase, ALLCAPSWord, snake_case, digits) begin and end.
///
/// Letters beyond ASCII belong to words. Latin-1, Greek and Cyrillic capitals are lower-cased; punctuation, symbols, spaces,
/// emoji and bytes that are not UTF-8 separate. No allocation.
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
      while i < end {
        let byte = text[i]
        let kind = classes[Int(byte)]
        if kind == Class.separator { break }
        if kind == Class.beyond {
          let sequence = Self.letter(in: text, at: i)
          if !sequence.isLetter {
            // Behind the word, so that the search for the next one does not meet it again.
            if count > 0 { break }
            i &+= sequence.byteCount
            continue
          }
          hasLetterOrDigit = true
          if count &+ sequence.byteCount <= Self.maximumByteCount {
            if previous == Class.digit, count > partStart { endPart(&found, from: &partStart, to: count) }
            if previous == Class.underscore { partStart = count }
            word[count] = sequence.first
            for k in 1..<sequence.byteCount { word[count &+ k] = k == 1 ? sequence.second : text[i &+ k] }
            count &+= sequence.byteCount
            previous = Class.lower
          }
          i &+= sequence.byteCount
          continue
        }
        i &+= 1
        if count == Self.maximumByteCount { continue }
        switch kind {
        case Class.lower:
          // "HTTPServer": the last capital of a run begins the next part.
          if previous == Class.digit {
            endPart(&found, from: &partStart, to: count)
          } else if previous == Class.upper, count &- partStart > 1 {
            endPart(&found, from: &partStart, to: count &- 1)
          } else if previous == Class.underscore {
            partStart = count
          }
          word[count] = byte
          hasLetterOrDigit = true
        case Class.upper:
          if previous == Class.lower || previous == Class.digit {
            endPart(&found, from: &partStart, to: count)
          } else if previous == Class.underscore {
            partStart = count
          }
          word[count] = byte | 0x20
          hasLetterOrDigit = true
        case Class.digit:
          if count == 0 { startsWithDigit = true }
          if previous == Class.lower || previous == Class.upper {
            endPart(&found, from: &partStart, to: count)
          } else if previous == Class.underscore {
            partStart = count
          }
          word[count] = byte
          hasLetterOrDigit = true
        default:
          if previous != Class.underscore { endPart(&found, from: &partStart, to: count) }
          word[count] = byte
        }
        previous = kind
        count &+= 1
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

  /// The UTF-8 sequence at `offset`: whether it is a letter, and its first two bytes in lower case.
  private static func letter(
    in text: Span<UInt8>, at offset: Int
  ) -> (isLetter: Bool, byteCount: Int, first: UInt8, second: UInt8) {
    let first = text[offset]
    let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first <= 0xF4, offset + count <= text.count else { return (false, 1, 0, 0) }
    for i in 1..<count where text[offset + i] & 0xC0 != 0x80 { return (false, 1, 0, 0) }
    let second = text[offset + 1]
    switch (first, second) {
    case (0xC2, _):  // Latin-1 controls, spaces and signs
      return (second == 0xAA || second == 0xB5 || second == 0xBA, count, first, second)
    case (0xC3, 0x97), (0xC3, 0xB7):  // multiplication and division signs
      return (false, count, first, second)
    case (0xC3, 0x80...0x9E):  // À to Þ
      return (true, count, first, second + 0x20)
    case (0xCE, 0x91...0x9F):  // Greek, Α to Ο
      return (true, count, first, second + 0x20)
    case (0xCE, 0xA0...0xA9):  // Greek, Π to Ω
      return (true, count, 0xCF, second - 0x20)
    case (0xD0, 0x90...0x9F):  // Cyrillic, А to П
      return (true, count, first, second + 0x20)
    case (0xD0, 0xA0...0xAF):  // Cyrillic, Р to Я
      return (true, count, 0xD1, second - 0x20)
    case (0xE2, 0x80...0xAF):  // punctuation, arrows, mathematics, boxes
      return (false, count, first, second)
    case (0xE3, 0x80):  // punctuation of Chinese and Japanese
      return (false, count, first, second)
    case (0xEE, _):  // private use
      return (false, count, first, second)
    case (0xEF, 0x80...0xA3), (0xEF, 0xB8...0xBB), (0xEF, 0xBC), (0xEF, 0xBD), (0xEF, 0xBF):  // private use, forms, byte order mark
      return (false, count, first, second)
    case (0xF0, 0x9F):  // emoji
      return (false, count, first, second)
    default:
      return (true, count, first, second)
    }
  }
}
