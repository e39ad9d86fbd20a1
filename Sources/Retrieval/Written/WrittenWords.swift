import Kernels
import Primitives
import QueryLanguage
import Segments

/// The words of text as they are compared to tell whether it holds what a query says: runs of letters, digits and `_`,
/// in the one spelling that the index has for all (`FoldedText`), nothing left out and nothing split.
enum WrittenWords {
  /// Calls `body` with the range and the hash of every word of `text`, in order. The letter behind a backslash is no
  /// word: `\n` in a string literal parts what it is printed between.
  @inline(__always)
  static func scan(_ text: Span<UInt8>, _ body: (_ range: Range<Int>, _ hash: UInt64) -> Void) {
    var i = 0
    let end = text.count
    while i < end {
      let byte = text[i]
      guard WordBytes.isOfWord(byte) else {
        i += byte == UInt8(ascii: "\\") && i + 1 < end && isEscape(text[i + 1]) ? 2 : 1
        continue
      }
      if byte >= 0x80 {
        let sign = WordBytes.signByteCount(text, at: i)
        if sign > 0 {
          i += sign
          continue
        }
      }
      let word = word(at: i, of: text)
      body(i..<word.end, word.hash)
      i = word.end
    }
  }

  /// The scratch of a scan; its memory serves one text after the other.
  struct Scratch {
    fileprivate var starts = ByteBitmap()
    fileprivate var candidates = ByteBitmap()
  }

  /// The same for only those words that may be among `beginnings`, the plain spellings of some: nearly all of a text is
  /// skipped, many bytes at a time. A text with letters beyond ASCII, which have many spellings, is scanned as a whole.
  ///
  /// - Parameter body: told besides whether no other word stands between this one and the last that it was told of.
  @inline(__always)
  static func scan(
    _ text: Span<UInt8>, of beginnings: TrigramPrefilter, _ scratch: inout Scratch,
    _ body: (_ range: Range<Int>, _ hash: UInt64, _ follows: Bool) -> Void
  ) {
    guard beginnings.findWhole(in: text, starts: &scratch.starts, &scratch.candidates) else {
      return scan(text) { range, hash in body(range, hash, true) }
    }
    var next: Int?
    var offset = 0
    while let start = scratch.candidates.first(from: offset) {
      let word = word(at: start, of: text)
      body(start..<word.end, word.hash, start == next)
      next = scratch.starts.first(from: word.end)
      offset = word.end
    }
  }

  /// The end and the hash of the word that begins at `start`.
  @inline(__always)
  private static func word(at start: Int, of text: Span<UInt8>) -> (end: Int, hash: UInt64) {
    var hash = firstHash
    var all: UInt8 = 0
    var i = start
    while i < text.count, WordBytes.isOfWord(text[i]), !isSign(text, at: i) {
      hash = (hash ^ UInt64(text[i].asciiLowercased)) &* hashFactor
      all |= text[i]
      i += 1
    }
    return (i, all >= 0x80 ? foldedHash(text.extracting(start..<i)) : hash)
  }

  private static let firstHash: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let hashFactor: UInt64 = 0x100_0000_01B3

  /// The hash of a word beyond ASCII: that of its plain spelling.
  @inline(never)
  private static func foldedHash(_ word: Span<UInt8>) -> UInt64 {
    FoldedText.plain(word).reduce(firstHash) { ($0 ^ UInt64($1.asciiLowercased)) &* hashFactor }
  }

  /// Whether a sign beyond ASCII begins at `offset`, which separates as those of ASCII do.
  @inline(__always)
  private static func isSign(_ text: Span<UInt8>, at offset: Int) -> Bool {
    text[offset] >= 0x80 && WordBytes.signByteCount(text, at: offset) > 0
  }

  private static func isEscape(_ byte: UInt8) -> Bool { "ntr0".utf8.contains(byte) }
}
