import Primitives
import QueryLanguage
import Segments

/// A text that a query has in quotation marks, or a name with signs: whether a chunk holds it as it is written.
struct WrittenPhrase: Sendable {
  /// Folded, in small letters.
  private let pattern: BytePattern
  private let words: [UInt64]
  /// Where it is a name with signs, which stands nowhere but as it is.
  private let signed: SignedName?
  /// Whether it stands only where it is whole parts of a name: `1.2.3` not in `1.2.30`.
  var isWhole = false

  /// Whether the index has none of its words (single letters, other scripts), so that nothing but the text tells
  /// whether those at its ends are whole there, and it stands only as it is written.
  private let isUnindexed: Bool

  private var bytes: [UInt8] { pattern.bytes }

  /// - Parameter folded: what is searched for (`FoldedText`).
  init(_ folded: String, signed: SignedName? = nil) {
    let bytes = Array(folded.utf8)
    var words: [UInt64] = []
    WrittenWords.scan(bytes.span) { _, hash in words.append(hash) }
    (pattern, self.words, self.signed) = (BytePattern(bytes.map(\.asciiLowercased)), words, signed)
    isUnindexed = Self.isUnindexed(folded)
  }

  /// Whether there are words in `text`, and the index has none of them.
  static func isUnindexed(_ text: String) -> Bool {
    text.utf8.contains(where: WordBytes.isOfWord) && indexedWords(of: text).isEmpty
  }

  /// The words of a phrase that the index has as terms, each once: whatever holds it has all of them. Empty where none
  /// is a word of ASCII letters, of which the analyzer may make other terms.
  static func indexedWords(of text: String) -> [String] {
    var words: [String] = []
    let bytes = Array(text.utf8)
    WrittenWords.scan(bytes.span) { range, _ in
      // The index keeps the beginning of a longer word.
      let word = String(decoding: bytes[range].prefix(WordList.longestWord), as: UTF8.self).lowercased()
      guard range.count > 1, word.utf8.allSatisfy({ $0 < 0x80 }), word.contains(where: { $0 != "_" }),
        words.count < wordLimit, !words.contains(word)
      else { return }
      words.append(word)
    }
    return words
  }
  private static let wordLimit = CollectionScorer.groupLimit

  private static let partOfOperator: Float = 0.4

  /// How surely `text`, folded, holds it: 1 as it is written but for case, less as a part of a longer operator or by
  /// its words in their order, 0 not at all.
  func evidence(in text: Span<UInt8>) -> Float {
    if let signed { return signed.stands(in: text) ? 1 : 0 }
    if isWhole { return SignShape.standsAsParts(bytes, in: text) ? 1 : 0 }
    // One word that is longer than the index keeps words: another may begin with it.
    if words.count == 1, bytes.count > WordList.longestWord {
      return Self.holdsUnit(pattern, text) ? 1 : 0
    }
    if standsInWholeWords(text) {
      // A part of a longer operator is less than what was asked for.
      return !SignShape.mayBePart(bytes) || SignShape.isWhole(bytes, in: text) ? 1 : Self.partOfOperator
    }
    return !isUnindexed && words.count > 1 && Self.holdsInOrder(words, text) ? 0.5 : 0
  }

  /// Whether it stands in `text` where no word of ASCII continues before or after it.
  private func standsInWholeWords(_ text: Span<UInt8>) -> Bool {
    guard let first = bytes.first, let last = bytes.last else { return false }
    return pattern.offset(in: text) { start, end in
      !(start > 0 && first.isASCIIWord && text[start - 1].isASCIIWord)
        && !(end < text.count && last.isASCIIWord && text[end].isASCIIWord)
    } != nil
  }

  private static func holdsInOrder(_ wanted: [UInt64], _ text: Span<UInt8>) -> Bool {
    var hashes: [UInt64] = []
    WrittenWords.scan(text) { _, hash in hashes.append(hash) }
    if hashes.count < wanted.count { return false }
    for start in 0...(hashes.count - wanted.count) where hashes[start] == wanted[0] {
      if hashes[start..<(start + wanted.count)].elementsEqual(wanted) { return true }
    }
    return false
  }

  /// Whether `unit` stands in `text` with neither a word's byte nor a dash beside it.
  static func holdsUnit(_ unit: BytePattern, _ text: Span<UInt8>) -> Bool {
    func isOfUnit(_ byte: UInt8) -> Bool { WordBytes.isOfWord(byte) || byte == UInt8(ascii: "-") }
    return unit.offset(in: text) { start, end in
      !(start > 0 && isOfUnit(text[start - 1])) && !(end < text.count && isOfUnit(text[end]))
    } != nil
  }
}
