import Primitives
import QueryLanguage
import Segments

/// Finds where on a line stands what was asked for.
struct LineFinder {
  let words: SnippetWords
  /// What is quoted, folded (`FoldedText`).
  let phrases: [String]
  /// The query as a whole, as it was written and folded.
  let written: String
  let wholeQuery: String
  let patterns: [TextPattern]
  private let matchers = PatternMatchers()

  init(
    words: SnippetWords, phrases: [String], written: String, wholeQuery: String, patterns: [TextPattern] = []
  ) {
    (self.words, self.phrases, self.written, self.wholeQuery) = (words, phrases, written, wholeQuery)
    self.patterns = patterns
  }

  /// Beyond this much of a line only ASCII is searched for.
  private static let foldedByteLimit = 256 << 10
  /// So many bytes are folded together, and begin so many before the end of those before.
  private static let pieceByteCount = 4096
  private static let overlap = 256

  /// The offset of the first phrase that stands on `line`, or of the whole query, else of the first of its words, on a
  /// line that is shown in part of the one that tells most; nil if none of them does. Of ASCII a nanosecond a byte.
  func offset(in line: Span<UInt8>) -> Int? {
    if line.isEmpty { return nil }
    if let offset = Self.offset(of: Array(written.utf8), in: line, wholeWords: true, isExact: true) { return offset }
    for text in phrases + [wholeQuery] {
      if let offset = Self.offset(of: Array(text.utf8), in: line, wholeWords: true) { return offset }
    }
    for phrase in phrases {
      if let offset = Self.offset(of: Array(phrase.utf8), in: line, wholeWords: false) { return offset }
    }
    for pattern in patterns {
      if let match = matchers.matches(of: pattern, in: line).first { return match.lowerBound }
    }
    var best: (offset: Int, weight: Float)?
    let wantsBest = line.count > SourceText.shownCount
    words.forEachPosition(in: line) { offset, weight in
      if best == nil || wantsBest && weight > best?.weight ?? 0 { best = (offset, weight) }
    }
    if let best { return best.offset }
    guard line.holdsScripts else { return nil }
    var forms: [[UInt8]] = []
    words.forEachForm { forms.append(FoldedText.plain($0)) }
    let whole = (phrases + [wholeQuery]).map { [FoldedText.plain(Array($0.utf8).span)] }
    return Self.foldedOffset(of: (whole + [forms]).map { $0.filter { !$0.isEmpty } }, in: line)
  }

  /// The ranges of all phrases, of the whole query and of its words on `line`, ascending; those that overlap are one.
  /// Of ASCII some nanoseconds a byte, of other scripts as `offset(in:)`.
  func matches(in line: Span<UInt8>) -> [Range<Int>] {
    if line.isEmpty { return [] }
    var found: [Range<Int>] = []
    for text in phrases + [wholeQuery] where !text.isEmpty {
      let bytes = Array(text.utf8)
      // What is quoted may be a part of a word, where it is nowhere a whole one.
      let whole = Self.ranges(of: bytes, in: line, wholeWords: true)
      found += whole.isEmpty && text != wholeQuery ? Self.ranges(of: bytes, in: line, wholeWords: false) : whole
    }
    for pattern in patterns { found += matchers.matches(of: pattern, in: line) }
    words.forEachMatch(in: line) { found.append($0) }
    if line.holdsScripts, line.count <= Self.foldedByteLimit {
      var forms = (phrases + [wholeQuery]).map { FoldedText.plain(Array($0.utf8).span) }
      words.forEachForm { forms.append(FoldedText.plain($0)) }
      found += FoldedLine(line).ranges(of: forms.filter { !$0.isEmpty })
    }
    found.sort { $0.lowerBound != $1.lowerBound ? $0.lowerBound < $1.lowerBound : $0.upperBound > $1.upperBound }
    var matches: [Range<Int>] = []
    for range in found {
      if let last = matches.last, range.lowerBound < last.upperBound {
        matches[matches.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        matches.append(range)
      }
    }
    return matches
  }

  /// The ranges of `text`, which is in small letters, that do not overlap.
  private static func ranges(of text: [UInt8], in line: Span<UInt8>, wholeWords: Bool) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    while start < line.count,
      let offset = offset(of: text, in: line.extracting(start..<line.count), wholeWords: wholeWords)
    {
      // What was cut off may be of the word: the search goes on behind the first byte only where nothing was.
      let position = start + offset
      let isCut = wholeWords && start > 0 && offset == 0 && SignShape.areOfOne(line[start - 1], line[start])
      if isCut {
        start += 1
        continue
      }
      ranges.append(position..<position + text.count)
      start = position + text.count
    }
    return ranges
  }

  /// The first offset of one of the first `wanted` of which one is on `line` as the index compares them. About 50 ns
  /// a byte.
  private static func foldedOffset(of wanted: [[[UInt8]]], in line: Span<UInt8>) -> Int? {
    var found = [Int?](repeating: nil, count: wanted.count)
    var start = 0
    while start < line.count, start < foldedByteLimit {
      let end = boundary(in: line, from: min(line.count, start + pieceByteCount))
      let folded = FoldedLine(line.extracting(start..<end))
      for i in wanted.indices where found[i] == nil {
        found[i] = folded.offset(ofFirstOf: wanted[i]).map { start + $0 }
      }
      if end == line.count || found.first != .some(nil) { break }
      start = boundary(in: line, from: end - overlap)
    }
    return found.lazy.compactMap { $0 }.first
  }

  /// The next offset at which no character is cut in two: before one of ASCII, where one is near.
  private static func boundary(in line: Span<UInt8>, from offset: Int) -> Int {
    var i = offset
    while i < line.count, i < offset + 64 {
      if line[i] < 0x80 { return i }
      i += 1
    }
    i = offset
    while i < line.count, line[i] & 0xC0 == 0x80 { i += 1 }
    return i
  }

  /// The first offset of `text`; unless that `isExact`, it is of small letters and the case of ASCII does not count.
  /// With `wholeWords` only where it neither begins nor ends inside of a word or an operator.
  private static func offset(
    of text: [UInt8], in line: Span<UInt8>, wholeWords: Bool, isExact: Bool = false
  ) -> Int? {
    guard let first = text.first, let last = text.last else { return nil }
    return BytePattern(text).offset(in: line, ignoresCase: !isExact) { offset, end in
      !wholeWords
        || !(offset > 0 && SignShape.areOfOne(line[offset - 1], first)
          || end < line.count && SignShape.areOfOne(last, line[end]))
    }
  }
}

/// A line as the index compares it, with the offset in the line of each of its bytes.
package struct FoldedLine {
  package private(set) var bytes: [UInt8] = []
  /// Of each byte, where the character that it is of begins in the line; -1 inside of a character.
  package private(set) var starts: [Int] = []
  /// Of the line.
  private var byteCount = 0

  package init(_ line: Span<UInt8>) {
    bytes.reserveCapacity(line.count)
    starts.reserveCapacity(line.count)
    var offset = 0
    // Character by character, so that a mark stays with its letter.
    for character in line.text {
      let count = character.utf8.count
      if count == 1, let byte = character.utf8.first {
        bytes.append(byte.asciiLowercased)
        starts.append(offset)
      } else {
        let folded = FoldedText.plain(Array(character.utf8).span)
        bytes += folded
        if !folded.isEmpty { starts += [offset] + Array(repeating: -1, count: folded.count - 1) }
      }
      offset += count
    }
    byteCount = offset
  }

  /// The ranges in the line of all `words`, longest first at each position, from the beginning of a character
  /// to the end of one, and where no letter of ASCII goes on.
  func ranges(of words: [[UInt8]]) -> [Range<Int>] {
    func isInside(_ position: Int) -> Bool {
      position > 0 && position < bytes.count && WordBytes.isOfWord(bytes[position - 1])
        && WordBytes.isOfWord(bytes[position]) && bytes[position - 1] < 0x80 && bytes[position] < 0x80
    }
    let words = words.sorted { $0.count > $1.count }
    var ranges: [Range<Int>] = []
    for position in bytes.indices where starts[position] >= 0 && !isInside(position) {
      for word in words where position + word.count <= bytes.count {
        let end = position + word.count
        if end < starts.count, starts[end] < 0 || isInside(end) { continue }
        guard bytes[position..<end].elementsEqual(word) else { continue }
        ranges.append(starts[position]..<(end < starts.count ? starts[end] : byteCount))
        break
      }
    }
    return ranges
  }

  /// Where in the line the first occurrence of one of `words` begins, from the beginning of a character to the end of
  /// one.
  func offset(ofFirstOf words: [[UInt8]]) -> Int? {
    for position in bytes.indices where starts[position] >= 0 {
      for word in words where position + word.count <= bytes.count {
        let end = position + word.count
        if end < starts.count, starts[end] < 0 { continue }
        if bytes[position..<end].elementsEqual(word) { return starts[position] }
      }
    }
    return nil
  }
}

extension Span<UInt8> {
  /// As text, repaired where it is none.
  fileprivate var text: String { String(decoding: indices.map { self[$0] }, as: UTF8.self) }
}
