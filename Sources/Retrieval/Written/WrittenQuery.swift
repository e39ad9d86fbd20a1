import Kernels
import Primitives
import QueryLanguage
import Segments

/// What a query says as written: its words in their order, what is written together without a space, and its quoted
/// phrases. Tells how much of it a text holds in the same order. Built once for a query, and a value that threads may
/// share.
///
/// Evidence is measured in bits: a word that stands in one of `n` chunks tells `log2 n` bits, and as many as there are
/// chunks to tell apart are certainty (the information content of Shannon; inverse document frequency is the same
/// number). A word of several says nothing of order, so what a run of words tells is what the words behind and before
/// its most telling one add.
struct WrittenQuery: Sendable {
  /// The scratch of one thread that scans texts.
  struct Scratch {
    fileprivate var longest: [Int] = []
    fileprivate var active: [(position: Int, count: Int)] = []
    fileprivate var next: [(position: Int, count: Int)] = []
    fileprivate var words = WrittenWords.Scratch()
  }

  private struct Word {
    var hash: UInt64
    var bits: Float
    /// Whether it may stand in code as it was written: neither a number nor a word that no chunk holds, which are what
    /// a program fills in when it prints a message.
    var isTelling: Bool
  }
  /// Written without a space, with signs in it or before it: `--json-lines`, `sys.path`.
  private struct Unit {
    var pattern: BytePattern
    var words: Range<Int>
  }

  private var words: [Word] = []
  private var tellingCount = 0
  private var units: [Unit] = []
  private var phrases: [WrittenPhrase] = []
  private var positions: [UInt64: [Int]] = [:]
  /// A bit for each value of a hash's last byte: a prefilter that rejects nearly every word of a text.
  private var known: InlineArray<4, UInt64> = .init(repeating: 0)
  /// Of the words, where their plain spelling is ASCII: no other stands in a text of ASCII.
  private var beginnings = TrigramPrefilter()
  /// A copied text with its signs, in small letters and with one space for all white space; empty if none was
  /// copied.
  private var copied: [UInt8] = []
  /// What is searched for, without the class before a message, and how many words that class is.
  private var exact: [UInt8] = []
  private var headCount = 0
  /// The spelling of a query of one word.
  private var spelling: [UInt8] = []
  /// The bits that tell one chunk from all others.
  private let certainty: Float

  /// A word at more positions of a query than these begins no run there.
  private static let positionLimit = 16
  /// Where so many runs continue with a word, none starts with it: a text of few words that repeat without end.
  private static let runLimit = 64
  /// Bytes of a long query that are compared, from its beginning and from its end.
  static let endByteCount = 64 << 10

  /// - Parameters:
  ///   - frequencies: in how many chunks the words of the query stand, where that is known.
  ///   - chunkCount: of all chunks.
  init(_ query: ParsedQuery, frequencies: [String: Int], chunkCount: Int) {
    certainty = max(1, Self.binaryLogarithm(Float(chunkCount + 1)))
    var text = Array(query.ordered.utf8)
    exact = text
    if query.isCopied, !query.head.isEmpty {
      // `raise ValueError("no such key")` has the class before the message, as it is printed.
      text = Array(query.head.utf8) + [0x20] + text
      headCount = 1
    }
    if text.count > 2 * Self.endByteCount {
      text.replaceSubrange(Self.endByteCount..<(text.count - Self.endByteCount), with: [UInt8(ascii: "\n")])
    }
    var ends: [Range<Int>] = []
    WrittenWords.scan(text.span) { range, hash in
      let word = String(decoding: text[range], as: UTF8.self).lowercased()
      let bits = Self.bits(of: word, frequencies[word], chunkCount: chunkCount)
      let isTelling = bits > 0 && !text[range].allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
      words.append(Word(hash: hash, bits: bits, isTelling: isTelling))
      if positions[hash, default: []].count < Self.positionLimit { positions[hash, default: []].append(ends.count) }
      known[Int(hash & 3)] |= 1 << (hash >> 2 & 63)
      let plain = FoldedText.plain(text.span.extracting(range))
      if plain.allSatisfy({ $0 < 0x80 }) { beginnings.insert(plain.span) }
      ends.append(range)
    }
    tellingCount = words.count(where: \.isTelling)
    if query.isCopied { copied = query.message.utf8.map { $0.asciiLowercased } }
    addUnits(of: text, words: ends)
    if words.count == 1, let range = ends.first { spelling = Array(text[range]) }
    phrases = query.sought.map { WrittenPhrase($0) }
    if let signed = query.signed { phrases[phrases.count - 1] = WrittenPhrase(signed.sought, signed: signed) }
  }

  private mutating func addUnits(of text: [UInt8], words ranges: [Range<Int>]) {
    var first = 0
    while first < ranges.count {
      var last = first
      while last + 1 < ranges.count, ranges[last + 1].lowerBound - ranges[last].upperBound <= 3,
        !text[ranges[last].upperBound..<ranges[last + 1].lowerBound].contains(where: { $0 <= 0x20 })
      {
        last += 1
      }
      var start = ranges[first].lowerBound
      while start > 0, text[start - 1] == UInt8(ascii: "-") { start -= 1 }
      if last > first || start < ranges[first].lowerBound {
        units.append(
          Unit(
            pattern: BytePattern(text[start..<ranges[last].upperBound].map(\.asciiLowercased)),
            words: first..<(last + 1)))
      }
      first = last + 1
    }
  }

  var isOneWord: Bool { words.count == 1 }
  /// Whether all of it is written together, without a space: `--json-lines`, `sys.path`.
  var isOneUnit: Bool { words.count > 1 && units.count == 1 && units[0].words.count == words.count - headCount }
  var phraseCount: Int { phrases.count }
  var isEmpty: Bool { words.isEmpty }

  /// The bits that a word tells: none where no chunk holds it, for then none can be told by it.
  private static func bits(of word: String, _ frequency: Int?, chunkCount: Int) -> Float {
    guard let frequency else { return 0.5 }
    return frequency == 0 ? 0 : max(0.5, binaryLogarithm(Float(chunkCount + 1) / Float(frequency)))
  }

  /// What `share` of all chunks holds one word tells, 0...1.
  func certainty(ofFrequency frequency: Float, of chunkCount: Int) -> Float {
    min(1, max(0.5, Self.binaryLogarithm(Float(chunkCount + 1) / max(1, frequency))) / certainty)
  }

  /// In steps of a binary logarithm: exact on every machine.
  private static func binaryLogarithm(_ number: Float) -> Float {
    number < 1 ? 0 : Float(number.exponent) + (number.significand - 1)
  }

  // MARK: Looking at a text

  /// How much of the query `text` holds as written, 0...2, where 1 is certainty, and up to 4 of what was copied; of a
  /// query of one word 1 where it is there as a whole, a little more where its capitals are the same.
  func evidence(in text: Span<UInt8>, _ scratch: inout Scratch) -> Float {
    if words.isEmpty { return 0 }
    if words.count == 1 {
      return units.isEmpty
        ? evidenceOfOneWord(in: text, &scratch) : WrittenPhrase.holdsUnit(units[0].pattern, text) ? 1 : 0
    }
    findRuns(in: text, &scratch)
    // A run of all the words comes before all else.
    let wholeCount = words.count - headCount
    if scratch.longest[words.count - 1] >= wholeCount, !isOneUnit, wholeCount >= (copied.isEmpty ? 3 : 2) {
      let spelt = text.contains(exact.span) ? Self.sameSpelling : 0
      return (!copied.isEmpty && Self.holdsText(copied, text) ? Self.copiedEvidence : Self.wholeEvidence) + spelt
    }
    var bits: Float = 0
    var coveredCount = 0
    var isUnit = false
    var end = words.count
    while end > 0 {
      let count = scratch.longest[end - 1]
      if count == 0 {
        end -= 1
        continue
      }
      let run = (end - count)..<end
      let gain = gain(of: run, in: text)
      bits += gain.bits
      if gain.isUnit { isUnit = true }
      if count >= 3 { coveredCount += run.count { words[$0].isTelling } }
      end -= count
    }
    let share = Float(coveredCount) / Float(max(1, tellingCount))
    let isWhole = isUnit && units.count == 1 && units[0].words.count == words.count
    if isWhole { return copied.isEmpty ? 1 : Self.copiedEvidence }
    // What is more than certain still tells the longer run from the shorter.
    let told = bits / certainty
    // Of what a program printed a part was filled in, which may stand anywhere: the longest run of the other words
    // tells where it is from.
    if !copied.isEmpty {
      return max(told <= 1 ? 2 * told : min(Self.wholeEvidence - 0.1, 2 + (told - 1) / 4), share * share * share)
    }
    return max(told <= 1 ? told : min(2, 0.5 + told / 2), share * share * share)
  }

  /// For a text that holds all words of the query consecutively, and one that holds a copied text with its signs.
  static let wholeEvidence: Float = 3
  private static let copiedEvidence: Float = 4
  /// More, where its capitals are the same too.
  private static let sameSpelling: Float = 0.3

  /// Whether `copied` stands in `text` but for capitals and white space.
  private static func holdsText(_ copied: [UInt8], _ text: Span<UInt8>) -> Bool {
    guard let first = copied.first else { return false }
    for start in text.indices where text[start].asciiLowercased == first {
      var offset = start
      var i = 0
      while i < copied.count, offset < text.count {
        if copied[i] == 0x20 {
          guard text[offset] <= 0x20 else { break }
          while offset < text.count, text[offset] <= 0x20 { offset += 1 }
        } else {
          guard text[offset].asciiLowercased == copied[i] else { break }
          offset += 1
        }
        i += 1
      }
      if i == copied.count { return true }
    }
    return false
  }

  /// Fills `longest`: for each word of the query, how many words that end with it stand in `text` in the same order.
  private func findRuns(in text: Span<UInt8>, _ scratch: inout Scratch) {
    scratch.longest.removeAll(keepingCapacity: true)
    scratch.longest.append(contentsOf: repeatElement(0, count: words.count))
    scratch.active.removeAll(keepingCapacity: true)
    WrittenWords.scan(text, of: beginnings, &scratch.words) { _, hash, follows in
      if !follows { scratch.active.removeAll(keepingCapacity: true) }
      guard known[Int(hash & 3)] >> (hash >> 2 & 63) & 1 != 0 else {
        scratch.active.removeAll(keepingCapacity: true)
        return
      }
      scratch.next.removeAll(keepingCapacity: true)
      for run in scratch.active where run.position + 1 < words.count && words[run.position + 1].hash == hash {
        scratch.next.append((run.position + 1, run.count + 1))
      }
      let extended = scratch.next.count
      for position in positions[hash] ?? []
      where extended < Self.runLimit && !scratch.next[..<extended].contains(where: { $0.position == position }) {
        scratch.next.append((position, 1))
      }
      for run in scratch.next { scratch.longest[run.position] = max(scratch.longest[run.position], run.count) }
      swap(&scratch.active, &scratch.next)
    }
  }

  /// The bits that a run of the query's words tells, and whether all of it is a unit that is there as written.
  private func gain(of run: Range<Int>, in text: Span<UInt8>) -> (bits: Float, isUnit: Bool) {
    var sum: Float = 0
    var most: Float = 0
    for word in words[run] {
      sum += word.bits
      most = max(most, word.bits)
    }
    var bits = run.count == 1 ? 0 : sum - most
    var isUnit = false
    for unit in units where run.contains(unit.words.lowerBound) && run.contains(unit.words.upperBound - 1) {
      guard WrittenPhrase.holdsUnit(unit.pattern, text) else { continue }
      isUnit = true
      bits = max(bits, words[unit.words].reduce(0) { $0 + $1.bits } + 1)
    }
    return (bits, isUnit)
  }

  private func evidenceOfOneWord(in text: Span<UInt8>, _ scratch: inout Scratch) -> Float {
    var evidence: Float = 0
    let wanted = words[0].hash
    let spelling = spelling.span
    WrittenWords.scan(text, of: beginnings, &scratch.words) { range, hash, _ in
      if hash != wanted { return }
      evidence = max(evidence, text.extracting(range).isEqual(to: spelling) ? 1.03 : 1)
    }
    return evidence
  }

  // MARK: Looking for the line

  /// How much of the query stands as written on each line of `text`: where runs of its words lie in the bits of the
  /// words on a line, in parts of the line with the most, less where that tells little. Lines on which none lies are
  /// left out. The number of a line is counted from 0.
  ///
  /// For the few texts that are shown; costs twice what `evidence` does.
  func lines(in text: Span<UInt8>) -> [(line: Int, share: Float)] {
    if words.count < 2 { return [] }
    // Where words of the text stand that are known to be in a run, and which words of the query they are.
    var found: [(offset: Int, position: Int)] = []
    // The runs that go on with the last word.
    var active: [(position: Int, offset: Int)] = []
    var scratch = WrittenWords.Scratch()
    WrittenWords.scan(text, of: beginnings, &scratch) { range, hash, follows in
      if !follows { active.removeAll(keepingCapacity: true) }
      guard known[Int(hash & 3)] >> (hash >> 2 & 63) & 1 != 0 else {
        active.removeAll(keepingCapacity: true)
        return
      }
      var next: [(position: Int, offset: Int)] = []
      for run in active where run.position + 1 < words.count && words[run.position + 1].hash == hash {
        found.append((run.offset, run.position))
        found.append((range.lowerBound, run.position + 1))
        next.append((run.position + 1, range.lowerBound))
      }
      for position in positions[hash] ?? [] where !next.contains(where: { $0.position == position }) {
        next.append((position, range.lowerBound))
      }
      active = next
    }
    return shares(of: found, in: text)
  }

  /// What the words of the query tell that were found in `text`, by line.
  private func shares(
    of occurrences: [(offset: Int, position: Int)], in text: Span<UInt8>
  ) -> [(line: Int, share: Float)] {
    var line = 0
    var counted = 0
    var found = occurrences.sorted { ($0.offset, $0.position) < ($1.offset, $1.position) }.map { word in
      line += lineBreakCount(in: text.extracting(counted..<word.offset))
      counted = word.offset
      return (line: line, position: word.position)
    }
    found.sort { ($0.line, $0.position) < ($1.line, $1.position) }
    var lines: [(line: Int, share: Float)] = []
    for (i, occurrence) in found.enumerated() {
      if i > 0, found[i - 1] == occurrence { continue }
      let bits = words[occurrence.position].bits
      if lines.last?.line == occurrence.line {
        lines[lines.count - 1].share += bits
      } else {
        lines.append((occurrence.line, bits))
      }
    }
    let most = lines.reduce(0) { max($0, $1.share) }
    if most == 0 { return [] }
    let certain = min(1, most / certainty) / most
    for i in lines.indices { lines[i].share *= certain }
    return lines
  }

  /// Whether all words of the query follow each other in `text`.
  func holdsAll(in text: Span<UInt8>) -> Bool {
    if words.count < 2 { return false }
    var scratch = Scratch()
    findRuns(in: text, &scratch)
    return scratch.longest[words.count - 1] == words.count
  }

  /// Takes the phrase of this number for a token: it stands where nothing goes on before or behind it, `1.2.3` not in
  /// `1.2.30`.
  mutating func setWhole(phrase: Int) { phrases[phrase].isWhole = true }

  /// Which of the quoted phrases a text holds, a bit for each of the first 64.
  struct HeldPhrases {
    /// How many, those less than one that it does not hold as they are written.
    var count: Float = 0
    /// As written but for case.
    var asWritten: UInt64 = 0
    /// Their words in their order, or less than all of an operator.
    var inOrder: UInt64 = 0
  }

  func heldPhrases(in text: Span<UInt8>) -> HeldPhrases {
    var held = HeldPhrases()
    for i in phrases.indices {
      let evidence = heldPhrase(i, text)
      held.count += evidence
      if i < 64, evidence == 1 { held.asWritten |= 1 << UInt64(i) }
      if i < 64, evidence > 0 { held.inOrder |= 1 << UInt64(i) }
    }
    return held
  }

  /// How surely `text` holds the quoted phrase of this number (`WrittenPhrase`).
  func evidence(ofPhrase number: Int, in text: Span<UInt8>) -> Float { heldPhrase(number, text) }

  /// Whether `text` holds the quoted phrase of this number by itself: `=>`, and not `==>`.
  func holdsWhole(phrase: Int, _ text: Span<UInt8>) -> Bool { heldPhrase(phrase, text) == 1 }

  private func heldPhrase(_ number: Int, _ text: Span<UInt8>) -> Float { phrases[number].evidence(in: text) }
}
