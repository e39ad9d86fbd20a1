/// Gathers the terms of one chunk: each distinct one once, with its weights summed.
struct TermCollector {
  private(set) var terms = ChunkTerms()
  /// Open addressing: 1 + the index of an entry, or 0. Its size is a power of two.
  private var slots = [UInt32](repeating: 0, count: 512)

  init(expectedByteCount: Int) {
    terms.bytes.reserveCapacity(min(expectedByteCount, 4096))
    terms.entries.reserveCapacity(min(expectedByteCount / 10 + 16, 1024))
  }

  /// Adds the words of `text`: `whole` for each word and `part` for each of its parts. Gives the number of words.
  @discardableResult
  mutating func addWords(of text: Span<UInt8>, whole: Int, part: Int, splitter: inout WordSplitter) -> Int {
    var offset = 0
    var count = 0
    while splitter.next(in: text, from: &offset) {
      let word = splitter.word.span
      add(word.extracting(first: splitter.wordByteCount), field: .word, weight: whole)
      for i in 0..<splitter.partCount {
        let range = splitter.parts[i]
        add(word.extracting(Int(range.start)..<Int(range.end)), field: .word, weight: part)
      }
      count += 1
    }
    return count
  }

  /// Adds one term of at most 255 bytes.
  mutating func add(_ bytes: Span<UInt8>, field: Term.Field, weight: Int) {
    let hash = Self.hash(bytes, field: field)
    let mask = slots.count &- 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let index = Int(slots[slot]) &- 1
      if terms.entries[index].hash == hash, terms.entries[index].field == field, isEqual(index, bytes) {
        terms.entries[index].frequency = UInt8(min(Int(terms.entries[index].frequency) &+ weight, 255))
        return
      }
      slot = (slot &+ 1) & mask
    }
    let start = terms.bytes.count
    for i in bytes.indices { terms.bytes.append(bytes[i]) }
    terms.entries.append(
      .init(
        hash: hash, start: UInt32(start), byteCount: UInt8(bytes.count), field: field,
        frequency: UInt8(min(weight, 255))))
    slots[slot] = UInt32(terms.entries.count)
    if terms.entries.count * 2 > slots.count { grow() }
  }

  /// The terms; `length` is the chunk's length in words.
  consuming func finish(length: Int) -> ChunkTerms {
    terms.length = length
    return terms
  }

  private func isEqual(_ index: Int, _ bytes: Span<UInt8>) -> Bool {
    guard Int(terms.entries[index].byteCount) == bytes.count else { return false }
    let known = terms.bytes.span
    let start = Int(terms.entries[index].start)
    for i in bytes.indices where known[start &+ i] != bytes[i] { return false }
    return true
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 4)
    let mask = slots.count - 1
    for (index, entry) in terms.entries.enumerated() {
      var slot = Int(entry.hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(index + 1)
    }
  }

  /// FNV-1a with a final mix, so that the low bits are as good as the high ones.
  @inline(__always)
  static func hash(_ bytes: Span<UInt8>, field: Term.Field) -> UInt32 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(field.rawValue)
    for i in bytes.indices { hash = (hash ^ UInt64(bytes[i])) &* 0x100_0000_01B3 }
    return UInt32(truncatingIfNeeded: (hash ^ (hash >> 32)) &* 0x9E37_79B9_7F4A_7C15 >> 32)
  }
}
