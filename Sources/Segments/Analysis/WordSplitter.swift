/// Finds words in ASCII: runs of letters, digits and `_`, lower-cased, cut at 64 bytes, with the places where their
/// parts (camelCase, PascalCase, ALLCAPSWord, snake_case, digits) begin and end. No allocation.
///
/// A run with a byte beyond ASCII is for `ScriptSplitter`, which cuts ASCII alike.
struct WordSplitter {
  static let maximumByteCount = 64

  /// What a byte is: by value.
  private enum Class {
    static let separator: UInt8 = 0
    static let lower: UInt8 = 1
    static let upper: UInt8 = 2
    static let digit: UInt8 = 3
    static let underscore: UInt8 = 4
    /// A byte of what `ScriptSplitter` reads.
    static let beyond: UInt8 = 5

    static let table: [UInt8] = (UInt8.min...UInt8.max).map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): lower
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): upper
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit
      case UInt8(ascii: "_"): underscore
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
  /// The number of parts; 0 if the word has no parts besides itself.
  private(set) var partCount = 0

  init() {}

  /// Finds the next word of `text` at or after `offset` and moves `offset` behind it. False at the end.
  ///
  /// A word of one byte is skipped: a letter or digit alone tells nothing and costs a posting in most chunks.
  mutating func next(in text: Span<UInt8>, from offset: inout Int) -> Bool {
    let table = classes
    let classes = table.span
    var i = offset
    let end = text.count
    while true {
      // Separators; nobody asks about what is beyond.
      while i < end, classes[Int(text[i])] == Class.separator || classes[Int(text[i])] == Class.beyond { i &+= 1 }
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
        let kind = classes[Int(byte)]
        if kind == Class.separator || kind == Class.beyond { break }
        // A small letter behind a small letter, or a digit behind a digit: most of most words.
        if kind == previous, kind == Class.lower || kind == Class.digit, count < Self.maximumByteCount, !isCut {
          word[count] = byte
          count &+= 1
          i &+= 1
          continue
        }
        if count >= Self.maximumByteCount {
          // Cut: the rest of the word is skipped.
          isCut = true
        }
        if isCut {
          i &+= 1
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
        word[count] = kind == Class.upper ? byte | 0x20 : byte
        previous = kind
        count &+= 1
        i &+= 1
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
}
