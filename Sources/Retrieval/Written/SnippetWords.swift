import Kernels
import Primitives
import QueryLanguage
import Segments

/// The query's words in all their forms with what each is worth, ready to be searched for in lines of bytes. Built once
/// for a query, for all of its results.
package struct SnippetWords: Sendable {
  /// A form and the line it stands on.
  struct Hit {
    var line: Int
    /// Its number: forms are sorted, so that sums over them are the same on every run.
    var form: Int
  }

  /// The forms' bytes, contiguous.
  private var bytes: [UInt8] = []
  /// Where each form begins in `bytes`, and where the last one ends.
  private var bounds: [Int] = [0]
  private(set) var weights: [Float] = []
  /// For each byte, the number of the first form that begins with it or a greater one.
  private var byFirst = [Int](repeating: 0, count: 257)
  private var beginnings = TrigramPrefilter()
  /// Whether all forms are of ASCII.
  private var isPlain = true

  package init(_ words: [String: Float]) { self.init(words.map { ($0.key, $0.value) }) }

  /// The words of a query: each is worth its rarity, less in its other forms.
  /// - Parameters:
  ///   - words: those of `query` that carry meaning; a word is worth its rarity, its other forms less.
  ///   - weights: of each of them.
  init(of query: ParsedQuery, words known: [String], weights: [Float]) {
    var words: [(String, Float)] = []
    for term in query.contentTerms {
      let weight = known.firstIndex(of: term.word).map { weights[$0] } ?? 0.1
      words.append((term.word, weight))
      for forms in [term.parts, term.variants, term.synonyms] {
        for form in forms { words.append((form, form == term.word ? weight : weight * 0.6)) }
      }
    }
    self.init(words)
  }

  /// - Parameter words: where one comes several times the first of them counts.
  private init(_ words: [(word: String, weight: Float)]) {
    let order = words.indices.map { (key: Self.key(words[$0].word), number: $0) }.sorted { a, b in
      if a.key != b.key { return a.key < b.key }
      let (one, other) = (words[a.number].word, words[b.number].word)
      return one == other ? a.number < b.number : one.utf8.lexicographicallyPrecedes(other.utf8)
    }
    var last: String?
    for (_, number) in order where words[number].word != last {
      let word = words[number].word
      last = word
      let start = bytes.count
      bytes.append(contentsOf: word.utf8)
      bounds.append(bytes.count)
      weights.append(words[number].weight)
      if start < bytes.count { byFirst[Int(bytes[start]) + 1] += 1 } else { byFirst[0] += 1 }
      // A word of one byte is not searched for.
      if bytes.count - start > 1 { beginnings.insert(word) }
    }
    for first in 1..<byFirst.count { byFirst[first] += byFirst[first - 1] }
    isPlain = bytes.allSatisfy { $0 < 0x80 }
  }

  /// The first eight bytes as a number that is in their order.
  private static func key(_ word: String) -> UInt64 {
    var key: UInt64 = 0
    var shift: UInt64 = 64
    for byte in word.utf8.prefix(8) {
      shift -= 8
      key |= UInt64(byte) << shift
    }
    return key
  }

  package var isEmpty: Bool { weights.isEmpty }

  /// Of a line in several scripts no more is scanned.
  private static let scannedByteCount = 1 << 16

  /// The forms on each of `lines`: ascending by line, then by form, each once a line. Only the runs
  /// of letters, digits and `_` in which a form stands are cut into words.
  func found(in text: SourceText, lines: ClosedRange<Int>) -> [Hit] {
    var hits: [Hit] = []
    let first = max(lines.lowerBound, text.firstLine)
    let last = min(lines.upperBound, text.lineCount)
    if first > last || beginnings.isEmpty { return hits }
    let start = text.start(ofLine: first)
    let part = text.bytes.span.extracting(start..<text.start(ofLine: last + 1))
    var positions = ByteBitmap()
    beginnings.find(in: part, &positions)
    if !isPlain || part.holdsScripts { return foundInScripts(text, lines: first...last, positions, from: start) }
    var list = WordList()
    var known = KnownRuns()
    var line = first
    var lineEnd = text.start(ofLine: first + 1) - start
    var offset = 0
    while let position = positions.first(from: offset) {
      while position >= lineEnd {
        line += 1
        lineEnd = text.start(ofLine: line + 1) - start
      }
      offset = position + 1
      guard holdsForm(part, at: position) else { continue }
      let begin = Self.wordStart(part, before: position)
      while offset < lineEnd, Self.isOfWord(part[offset]) { offset += 1 }
      let forms = known.forms(of: begin..<offset, in: part) { forms in
        addForms(in: part.extracting(begin..<offset), to: &forms, &list)
      }
      for form in forms { Self.insert(Hit(line: line, form: form), into: &hits) }
    }
    return hits
  }

  /// The same where a letter may be written in several ways: lines in which a form may stand are cut into words as a
  /// whole.
  /// - Parameter positions: where forms of ASCII may begin, relative to `start`.
  private func foundInScripts(
    _ text: SourceText, lines: ClosedRange<Int>, _ positions: borrowing ByteBitmap, from start: Int
  ) -> [Hit] {
    var hits: [Hit] = []
    var list = WordList()
    for line in lines {
      let range = text.range(ofLine: line)
      if range.isEmpty { continue }
      if positions.first(from: range.lowerBound - start).map({ $0 + start >= range.upperBound }) ?? true,
        !text.bytes.span.extracting(range).holdsScripts
      {
        continue
      }
      let scanned = range.prefix(Self.scannedByteCount)
      add(wordsOf: text.bytes.span.extracting(scanned), onLine: line, to: &hits, &list)
    }
    return hits
  }

  private func add(wordsOf text: Span<UInt8>, onLine line: Int, to hits: inout [Hit], _ list: inout WordList) {
    var forms: [Int] = []
    addForms(in: text, to: &forms, &list)
    for form in forms { Self.insert(Hit(line: line, form: form), into: &hits) }
  }

  /// The forms among the words of `text`.
  private func addForms(in text: Span<UInt8>, to found: inout [Int], _ list: inout WordList) {
    list.removeAll()
    list.append(wordsOf: text)
    let words = list.bytes.span
    let forms = bytes.span
    for range in list.words {
      let word = words.extracting(range)
      for form in byFirst[Int(word[0])]..<byFirst[Int(word[0]) + 1]
      where word.isEqual(to: forms.extracting(bounds[form]..<bounds[form + 1])) {
        found.append(form)
      }
    }
  }

  /// The forms in runs of a text that were cut into words before: code says the same names again and again.
  private struct KnownRuns {
    private var runs = InlineArray<32, (run: Range<Int>, forms: Range<Int>)>(repeating: (0..<0, 0..<0))
    private var forms: [Int] = []

    /// - Parameter find: cuts the run and appends the forms in it, where it is not known.
    @inline(__always)
    mutating func forms(
      of run: Range<Int>, in text: Span<UInt8>, _ find: (inout [Int]) -> Void
    ) -> ArraySlice<Int> {
      let slot = (run.count &* 7 &+ Int(text[run.lowerBound]) &+ Int(text[run.upperBound - 1]) &* 3) & 31
      let known = runs[slot]
      if known.run.count == run.count, text.extracting(known.run).isEqual(to: text.extracting(run)) {
        return forms[known.forms]
      }
      let start = forms.count
      find(&forms)
      runs[slot] = (run, start..<forms.count)
      return forms[start...]
    }
  }

  private static func insert(_ hit: Hit, into hits: inout [Hit]) {
    var index = hits.count
    while index > 0, hits[index - 1].line == hit.line, hits[index - 1].form > hit.form { index -= 1 }
    if index > 0, hits[index - 1].line == hit.line, hits[index - 1].form == hit.form { return }
    if index == hits.count { hits.append(hit) } else { hits.insert(hit, at: index) }
  }

  /// Calls `body` with each position of `line` at which a form of ASCII is, and what the worthiest of them is worth.
  func forEachPosition(in line: Span<UInt8>, _ body: (Int, Float) -> Void) {
    if beginnings.isEmpty { return }
    var positions = ByteBitmap()
    beginnings.find(in: line, &positions)
    let forms = bytes.span
    var offset = 0
    while let position = positions.first(from: offset) {
      offset = position + 1
      guard holdsForm(line, at: position) else { continue }
      let first = Int(line[position].asciiLowercased)
      var worth: Float = 0
      for form in byFirst[first]..<byFirst[first + 1]
      where line.hasIgnoringCase(forms.extracting(bounds[form]..<bounds[form + 1]), at: position) {
        worth = max(worth, weights[form])
      }
      body(position, worth)
    }
  }

  /// Calls `body` with the range of each form of ASCII in `line`: of several at one position the longest.
  func forEachMatch(in line: Span<UInt8>, _ body: (Range<Int>) -> Void) {
    if beginnings.isEmpty { return }
    var positions = ByteBitmap()
    beginnings.find(in: line, &positions)
    var offset = 0
    while let position = positions.first(from: offset) {
      offset = position + 1
      if let count = formByteCount(line, at: position) { body(position..<position + count) }
    }
  }

  /// Calls `body` with each form.
  func forEachForm(_ body: (Span<UInt8>) -> Void) {
    for form in weights.indices { body(bytes.span.extracting(bounds[form]..<bounds[form + 1])) }
  }

  /// Whether a form is at `position`, where a word may begin, and does not end inside of one.
  private func holdsForm(_ text: Span<UInt8>, at position: Int) -> Bool {
    formByteCount(text, at: position, isAny: true) != nil
  }

  /// The bytes of the longest form (or, with `isAny`, of the first) that is at `position` and does not end inside of a
  /// word.
  @inline(__always)
  private func formByteCount(_ text: Span<UInt8>, at position: Int, isAny: Bool = false) -> Int? {
    var longest: Int?
    let forms = bytes.span
    let first = Int(text[position].asciiLowercased)
    for form in byFirst[first]..<byFirst[first + 1] {
      let count = bounds[form + 1] - bounds[form]
      guard text.hasIgnoringCase(forms.extracting(bounds[form]..<bounds[form + 1]), at: position) else { continue }
      let end = position + count
      // No word and no part ends between small letters, unless what is too long is cut there.
      if end < text.count, Self.isSmall(text[end - 1]), Self.isSmall(text[end]),
        end - Self.wordStart(text, before: position, limit: WordList.longestWord) < WordList.longestWord
      {
        continue
      }
      if isAny { return count }
      longest = max(longest ?? 0, count)
    }
    return longest
  }

  /// Where the run of bytes of words begins that `position` is in, or a position in it more than `limit` bytes before.
  private static func wordStart(_ text: Span<UInt8>, before position: Int, limit: Int = .max) -> Int {
    var start = position
    while start > 0, position - start <= limit, isOfWord(text[start - 1]) { start -= 1 }
    return start
  }

  private static func isSmall(_ byte: UInt8) -> Bool { byte.isASCIILowercase }

  /// Whether a byte may be part of a word; what stands between two that may not is cut by itself.
  private static func isOfWord(_ byte: UInt8) -> Bool {
    byte.isASCIIWord || byte >= 0x80
  }
}
