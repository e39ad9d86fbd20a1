import Primitives

/// Words as they are written, each with the terms it stands for and how often the current text has it.
///
/// A word here is a run of 2 to 64 ASCII letters, digits and `_`. Finding one takes a multiplication and, nearly
/// always, one comparison of 16 bytes.
struct AnalysedWords {
  /// The first 8 bytes and the last up to 8 of the others, filled up with zeros: all of a word of at most 16.
  private struct Key: Equatable {
    var first: UInt64
    var last: UInt64
    /// A hash of the bytes between them: generated names often differ nowhere else.
    var between: UInt64 = 0
    var byteCount: Int
  }
  private struct Entry {
    let key: Key
    /// Where the bytes between `first` and `last` are in `middles`, for a word of more than 16 bytes.
    let middle: UInt32
    /// Its terms: the range of `terms`.
    let termsBegin: UInt32
    var termsEnd: UInt32
    /// Occurrences in the current text.
    var count: UInt32
  }
  static let longest = 64

  private var entries: [Entry] = []
  private var middles: [UInt8] = []
  /// Open addressing: 1 + the number of an entry, or 0. Its size is a power of two.
  private var slots = [UInt32](repeating: 0, count: 4096)
  /// The terms of all words: of each the whole, then its parts.
  private(set) var terms: [UInt32] = []
  /// The words that the current text has.
  private(set) var counted: [UInt32] = []

  init() {}

  /// Counts the words of `text` between `bounds[range]`, which are relative to `base`, up to the first that is unknown.
  /// Gives the index of its bounds, or the end of `range`.
  mutating func count(_ bounds: Span<UInt32>, _ range: Range<Int>, in text: Span<UInt8>, at base: Int) -> Int {
    // Spans of one value cannot be held while it changes: the entries leave it meanwhile.
    let (slotArray, middleArray) = (slots, middles)
    let slots = slotArray.span
    let middles = middleArray.span
    var entryArray: [Entry] = []
    swap(&entryArray, &self.entries)
    defer { swap(&entryArray, &self.entries) }
    var entries = entryArray.mutableSpan
    let mask = slots.count &- 1
    var i = range.lowerBound
    while i < range.upperBound {
      let start = base &+ Int(bounds[i])
      let end = base &+ Int(bounds[i &+ 1])
      // One byte is no word.
      if end &- start < 2 {
        i &+= 2
        continue
      }
      guard end &- start <= Self.longest else { return i }
      let key = Self.key(text, start, end)
      var slot = Int(truncatingIfNeeded: Self.hash(key)) & mask
      while true {
        let number = slots[slot]
        if number == 0 { return i }
        let index = Int(number) &- 1
        if entries[index].key == key, Self.hasMiddle(middles, Int(entries[index].middle), text, start, end) {
          if entries[index].count == 0 { counted.append(number &- 1) }
          entries[index].count &+= 1
          break
        }
        slot = (slot &+ 1) & mask
      }
      i &+= 2
    }
    return i
  }

  /// The number of the word at `range` of `text`, if it is known.
  func number(of text: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
    guard range.count >= 2, range.count <= Self.longest else { return nil }
    let key = Self.key(text, range.lowerBound, range.upperBound)
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: Self.hash(key)) & mask
    while slots[slot] != 0 {
      let number = slots[slot] &- 1
      let entry = entries[Int(number)]
      if entry.key == key,
        Self.hasMiddle(middles.span, Int(entry.middle), text, range.lowerBound, range.upperBound)
      {
        return number
      }
      slot = (slot &+ 1) & mask
    }
    return nil
  }

  /// Adds the word at `range` of `text`, which is not known, without terms. False if it is none that can be held.
  mutating func insert(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count >= 2, range.count <= Self.longest else { return false }
    for i in range where text[i] >= 0x80 { return false }
    let key = Self.key(text, range.lowerBound, range.upperBound)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: Self.hash(key)) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    let termsBegin = UInt32(terms.count)
    entries.append(
      Entry(key: key, middle: UInt32(middles.count), termsBegin: termsBegin, termsEnd: termsBegin, count: 0))
    slots[slot] = UInt32(entries.count)
    if range.count > 16 { for i in range.dropFirst(8).dropLast(8) { middles.append(text[i]) } }
    if entries.count * 2 > slots.count { grow() }
    return true
  }

  /// The number of the word inserted last.
  var last: UInt32 { UInt32(entries.count - 1) }

  /// Appends a term to those of the word inserted last.
  mutating func append(term: UInt32) {
    terms.append(term)
    entries[entries.count - 1].termsEnd = UInt32(terms.count)
  }

  /// The range of a word's terms in `terms`.
  func terms(of number: UInt32) -> Range<Int> {
    Int(entries[Int(number)].termsBegin)..<Int(entries[Int(number)].termsEnd)
  }

  /// The range of a word's terms in `terms`, and how often the current text has it, which is forgotten.
  mutating func takeCount(of number: UInt32) -> (terms: Range<Int>, count: Int) {
    let count = Int(entries[Int(number)].count)
    entries[Int(number)].count = 0
    return (terms(of: number), count)
  }

  /// Begins another text.
  mutating func endText() { counted.removeAll(keepingCapacity: true) }

  /// Forgets all words.
  mutating func forget() {
    entries.removeAll(keepingCapacity: true)
    middles.removeAll(keepingCapacity: true)
    terms.removeAll(keepingCapacity: true)
    counted.removeAll(keepingCapacity: true)
    slots.clear(keeping: FileTermCollector.usualSlotCount)
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for (number, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: Self.hash(entry.key)) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(number + 1)
    }
  }

  // MARK: Keys

  /// The key of the 2 to 64 bytes of `text` from `start` to `end`, which lie in it.
  @inline(__always)
  private static func key(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Key {
    let count = end &- start
    if count <= 16, start &+ 16 <= text.count {
      // No branch on the length, which no processor can guess.
      let bits = UInt64(truncatingIfNeeded: 8 &* count)
      let first = load(text, start) & (bits >= 64 ? .max : (1 &<< bits) &- 1)
      let last = load(text, start &+ 8) & (bits > 64 ? .max >> (128 &- bits) : 0)
      return Key(first: first, last: last, byteCount: count)
    }
    if count >= 8 {
      let first = load(text, start)
      let last = load(text, end &- 8)
      if count <= 16 {
        return Key(first: first, last: last >> UInt64(truncatingIfNeeded: 8 &* (16 &- count)), byteCount: count)
      }
      var between: UInt64 = 0
      var offset = start &+ 8
      while offset < end &- 8 {
        between = mix(between ^ load(text, offset), 0x9E37_79B9_7F4A_7C15)
        offset &+= 8
      }
      return Key(first: first, last: last, between: between, byteCount: count)
    }
    if end >= 8 {
      return Key(
        first: load(text, end &- 8) &>> UInt64(truncatingIfNeeded: 8 &* (8 &- count)), last: 0, byteCount: count)
    }
    var first: UInt64 = 0
    for i in 0..<count { first |= UInt64(text[start + i]) << UInt64(8 * i) }
    return Key(first: first, last: 0, byteCount: count)
  }

  /// Eight bytes as a number. The callers keep them inside of `text`.
  @inline(__always)
  private static func load(_ text: Span<UInt8>, _ offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset &+ 8 <= text.count)
    return UInt64(littleEndian: unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private static func hash(_ key: Key) -> UInt64 {
    mix(
      key.first ^ 0xA076_1D64_78BD_642F,
      key.last ^ key.between ^ UInt64(truncatingIfNeeded: key.byteCount) ^ 0xE703_7ED1_A0B4_28DB)
  }

  @inline(__always)
  private static func mix(_ x: UInt64, _ y: UInt64) -> UInt64 {
    let product = x.multipliedFullWidth(by: y)
    return product.high ^ product.low
  }

  /// Whether a word of more than 16 bytes has the middle at `offset`; true for a shorter one.
  @inline(__always)
  private static func hasMiddle(
    _ middles: Span<UInt8>, _ offset: Int, _ text: Span<UInt8>, _ start: Int, _ end: Int
  ) -> Bool {
    if end &- start <= 16 { return true }
    return middles.extracting(offset..<(offset &+ end &- start &- 16)).isEqual(
      to: text.extracting((start &+ 8)..<(end &- 8)))
  }
}
