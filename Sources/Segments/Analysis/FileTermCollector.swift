import Primitives

/// Gathers the terms of one file after the other, chunk after chunk, with their weights summed.
///
/// A word is split once, when it is met first: `AnalysedWords` knows its terms from then on, and what is left to do for
/// an occurrence is to find it there and to count it. A text's words become frequencies of terms when it ends, the
/// postings of all chunks are put in the order of terms when the file does. The next file begins with empty tables in
/// the same memory: small tables that are made anew beat large ones that know more.
struct FileTermCollector {
  private struct Entry {
    var hash: UInt32
    var start: UInt32
    var byteCount: UInt8
    var field: Term.Field
    /// Its frequency in the current chunk.
    var frequency: UInt8
    /// Its postings in the current file.
    var postingCount: UInt32
  }
  /// Slots that are kept for the next file; a file with more words than fit has its own.
  static let usualSlotCount = 4096

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// Open addressing: 1 + the number of an entry, or 0. Its size is a power of two.
  private var slots = [UInt32](repeating: 0, count: usualSlotCount)
  /// The entries of the current chunk, and those of the file.
  private var current: [UInt32] = []
  private var ofFile: [UInt32] = []
  private var lengths: [Int] = []
  /// A posting beside the number of its entry.
  private var postings: [(entry: UInt32, posting: UInt32)] = []

  private var words = AnalysedWords()

  init() {}

  // MARK: Words

  /// Counts the words of the chunk's text: `weight` for each word and each of its parts. Returns the number of words.
  mutating func addText(_ text: Span<UInt8>, weight: Int, _ finder: inout WordFinder) -> Int {
    var offset = 0
    var count = 0
    while offset < text.count {
      let base = offset
      let boundCount = finder.findWords(in: text, from: &offset)
      var i = 0
      while i < boundCount {
        i = words.count(finder.bounds.span, i..<boundCount, in: text, at: base)
        if i == boundCount { break }
        // One that the table does not know: it does now, or the splitter alone can tell.
        let range = base + Int(finder.bounds[i])..<base + Int(finder.bounds[i + 1])
        if learn(text, range, &finder.splitter) { continue }
        count += split(text.extracting(range), whole: weight, part: weight, &finder)
        i += 2
      }
    }
    for index in words.counted.indices {
      let (terms, occurrences) = words.takeCount(of: words.counted[index])
      if terms.isEmpty { continue }
      count += occurrences
      for i in terms { add(words.terms[i], weight: weight * occurrences) }
    }
    words.endText()
    return count
  }

  /// Adds the words of a name: `whole` for each and `part` for each of its parts.
  mutating func addName(_ name: Span<UInt8>, whole: Int, part: Int, _ finder: inout WordFinder) {
    var offset = 0
    while offset < name.count {
      let base = offset
      let boundCount = finder.findWords(in: name, from: &offset)
      for i in stride(from: 0, to: boundCount, by: 2) {
        let range = base + Int(finder.bounds[i])..<base + Int(finder.bounds[i + 1])
        guard let number = words.number(of: name, range) ?? (learn(name, range, &finder.splitter) ? words.last : nil)
        else {
          _ = split(name.extracting(range), whole: whole, part: part, &finder)
          continue
        }
        let terms = words.terms(of: number)
        for i in terms { add(words.terms[i], weight: i == terms.lowerBound ? whole : part) }
      }
    }
  }

  /// Splits the word at `range` and puts it into the table with its terms. False if the table cannot hold it: one
  /// with characters beyond ASCII, which may be several, or a very long one.
  private mutating func learn(_ text: Span<UInt8>, _ range: Range<Int>, _ splitter: inout WordSplitter) -> Bool {
    guard words.insert(text, range) else { return false }
    var offset = 0
    let word = text.extracting(range)
    if splitter.next(in: word, from: &offset) {
      words.append(term: number(of: splitter.word.span.extracting(first: splitter.wordByteCount), field: .word))
      for i in 0..<splitter.partCount {
        let part = Int(splitter.parts[i].start)..<Int(splitter.parts[i].end)
        words.append(term: number(of: splitter.word.span.extracting(part), field: .word))
      }
    }
    return true
  }

  /// Adds what the splitter finds in `text`, a run of letters. Returns the number of words.
  private mutating func split(
    _ text: Span<UInt8>, whole: Int, part: Int, _ finder: inout WordFinder
  ) -> Int {
    for i in text.indices where text[i] >= 0x80 {
      return split(text, whole: whole, part: part, &finder.scripts)
    }
    return split(text, whole: whole, part: part, &finder.splitter)
  }

  private mutating func split(
    _ text: Span<UInt8>, whole: Int, part: Int, _ splitter: inout ScriptSplitter
  ) -> Int {
    var offset = 0
    var count = 0
    while splitter.next(in: text, from: &offset) {
      for word in splitter.words {
        add(splitter.bytes.span.extracting(word.range), field: .word, weight: word.isPart ? part : whole)
        if !word.isPart { count += 1 }
      }
    }
    return count
  }

  private mutating func split(
    _ text: Span<UInt8>, whole: Int, part: Int, _ splitter: inout WordSplitter
  ) -> Int {
    var offset = 0
    var count = 0
    while splitter.next(in: text, from: &offset) {
      add(splitter.word.span.extracting(first: splitter.wordByteCount), field: .word, weight: whole)
      for i in 0..<splitter.partCount {
        let range = Int(splitter.parts[i].start)..<Int(splitter.parts[i].end)
        add(splitter.word.span.extracting(range), field: .word, weight: part)
      }
      count += 1
    }
    return count
  }

  // MARK: Terms

  /// Adds one term of at most 255 bytes.
  mutating func add(_ string: Span<UInt8>, field: Term.Field, weight: Int) {
    add(number(of: string, field: field), weight: weight)
  }

  private mutating func add(_ number: UInt32, weight: Int) {
    let frequency = entries[Int(number)].frequency
    if frequency == 0 { current.append(number) }
    entries[Int(number)].frequency = UInt8(min(Int(frequency) &+ weight, 255))
  }

  /// The number of a term in the file.
  private mutating func number(of string: Span<UInt8>, field: Term.Field) -> UInt32 {
    let hash = Self.hash(string, field: field)
    let mask = slots.count &- 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let number = slots[slot] &- 1
      let entry = entries[Int(number)]
      if entry.hash == hash, entry.field == field,
        bytes.span.extracting(Int(entry.start)..<Int(entry.start) + Int(entry.byteCount)).isEqual(to: string)
      {
        return number
      }
      slot = (slot &+ 1) & mask
    }
    let start = UInt32(bytes.count)
    bytes.append(string)
    entries.append(
      Entry(
        hash: hash, start: start, byteCount: UInt8(string.count), field: field, frequency: 0, postingCount: 0))
    slots[slot] = UInt32(entries.count)
    if entries.count * 2 > slots.count { grow() }
    return UInt32(entries.count - 1)
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 4)
    let mask = slots.count - 1
    for (number, entry) in entries.enumerated() {
      var slot = Int(entry.hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(number + 1)
    }
  }

  /// Eight bytes at a time, with a final mix, so that the low bits are as good as the high ones.
  @inline(__always)
  static func hash(_ bytes: Span<UInt8>, field: Term.Field) -> UInt32 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(field.rawValue)
    var offset = 0
    while offset &+ 8 <= bytes.count {
      // Inside, by the condition.
      let eight = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let product = (hash ^ UInt64(littleEndian: eight)).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      hash = product.high ^ product.low
      offset &+= 8
    }
    var rest = UInt64(truncatingIfNeeded: bytes.count &- offset)
    while offset < bytes.count {
      rest = rest &<< 8 | UInt64(bytes[offset])
      offset &+= 1
    }
    let product = (hash ^ rest).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return UInt32(truncatingIfNeeded: product.high ^ product.low)
  }

  // MARK: Ends

  /// Ends the current chunk, whose length in words is `length`.
  mutating func endChunk(length: Int) {
    let chunk = UInt32(lengths.count) << FileTerms.frequencyBits
    precondition(lengths.count < 1 << (32 - FileTerms.frequencyBits), "a file has too many chunks")
    lengths.append(length)
    for number in current {
      let frequency = entries[Int(number)].frequency
      if entries[Int(number)].postingCount == 0 { ofFile.append(number) }
      entries[Int(number)].frequency = 0
      entries[Int(number)].postingCount += 1
      postings.append((number, chunk | UInt32(frequency)))
    }
    current.removeAll(keepingCapacity: true)
  }

  /// Puts `postings` behind each other by entry, whose `postingCount` is the end of its place and becomes the
  /// beginning.
  private static func sort(
    _ postings: Span<(entry: UInt32, posting: UInt32)>, into sorted: inout [UInt32], _ entries: inout [Entry]
  ) {
    var sorted = sorted.mutableSpan
    var entries = entries.mutableSpan
    for i in postings.indices.reversed() {
      let number = Int(postings[i].entry)
      entries[number].postingCount &-= 1
      sorted[Int(entries[number].postingCount)] = postings[i].posting
    }
  }

  /// Ends the file: the terms of all its chunks.
  mutating func endFile() -> FileTerms {
    var terms = FileTerms()
    terms.entries.reserveCapacity(ofFile.count)
    terms.bytes.reserveCapacity(ofFile.count * 10)
    var end: UInt32 = 0
    for number in ofFile {
      let entry = entries[Int(number)]
      let start = UInt32(terms.bytes.count)
      terms.bytes.append(contentsOf: bytes[Int(entry.start)..<Int(entry.start) + Int(entry.byteCount)])
      end += entry.postingCount
      terms.entries.append(
        .init(hash: entry.hash, start: start, postingsEnd: end, byteCount: entry.byteCount, field: entry.field))
      // From here on the place behind its next posting, from the last to the first.
      entries[Int(number)].postingCount = end
    }
    terms.postings = [UInt32](repeating: 0, count: postings.count)
    // They leave the value meanwhile, so that its memory is not shared when they are forgotten.
    var unsorted: [(entry: UInt32, posting: UInt32)] = []
    swap(&unsorted, &postings)
    Self.sort(unsorted.span, into: &terms.postings, &entries)
    swap(&unsorted, &postings)
    terms.lengths = lengths
    forget()
    return terms
  }

  /// Forgets the file, and keeps what memory a usual one needs.
  private mutating func forget() {
    if entries.count > 4 * Self.usualSlotCount {
      self = FileTermCollector()
      return
    }
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    slots.clear(keeping: Self.usualSlotCount)
    ofFile.removeAll(keepingCapacity: true)
    postings.removeAll(keepingCapacity: true)
    lengths = []
    words.forget()
  }
}

extension [UInt32] {
  /// All zeros again, and no more than `count` of them.
  mutating func clear(keeping count: Int) {
    if self.count > count {
      self = [UInt32](repeating: 0, count: count)
    } else {
      for i in indices { self[i] = 0 }
    }
  }
}
