/// The tokens of words that were met before. Nothing that comes out depends on what is in it.
struct WordCache {
  private struct Entry {
    let hash: UInt64
    let keyStart: UInt32
    let idsStart: UInt32
    let keyCount: UInt16
    let idCount: UInt16
  }

  /// Longer words are seldom met again.
  static let longestWord = 64
  private static let entryLimit = 1 << 15

  /// Entry + 1, or 0; linear probing; a power of two of them, at least twice as many as entries.
  private var slots = [UInt32](repeating: 0, count: 1024)
  private var entries: [Entry] = []
  private var keys: [UInt8] = []
  private var ids: [Int32] = []
  /// So that nobody can write a text whose words collide without knowing it.
  private let seed = UInt64.random(in: .min ... .max)

  @inline(__always)
  func hash(of word: Span<UInt8>) -> UInt64 { hashOfBytes(word, seed: seed) }

  /// Appends the tokens of `word`, if they are known.
  @inline(__always)
  func append(_ word: Span<UInt8>, hash: UInt64, to result: inout [Int32]) -> Bool {
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let number = slots[slot]
      if number == 0 { return false }
      let entry = entries[Int(number) &- 1]
      if entry.hash == hash, Int(entry.keyCount) == word.count, isKey(Int(entry.keyStart), word) {
        let start = Int(entry.idsStart)
        for i in start..<start &+ Int(entry.idCount) { result.append(ids[i]) }
        return true
      }
      slot = (slot &+ 1) & mask
    }
  }

  @inline(__always)
  private func isKey(_ start: Int, _ word: Span<UInt8>) -> Bool {
    for i in 0..<word.count where keys[start &+ i] != word[i] { return false }
    return true
  }

  /// Remembers the tokens of `word`, which is not known and no longer than `longestWord`.
  mutating func insert(_ word: Span<UInt8>, hash: UInt64, _ tokens: ArraySlice<Int32>) {
    if entries.count == Self.entryLimit {
      slots = Array(repeating: 0, count: 1024)
      entries.removeAll(keepingCapacity: true)
      keys.removeAll(keepingCapacity: true)
      ids.removeAll(keepingCapacity: true)
    }
    entries.append(
      Entry(
        hash: hash, keyStart: UInt32(keys.count), idsStart: UInt32(ids.count), keyCount: UInt16(word.count),
        idCount: UInt16(tokens.count)))
    for i in 0..<word.count { keys.append(word[i]) }
    ids += tokens
    if 2 * entries.count > slots.count {
      slots = Array(repeating: 0, count: 2 * slots.count)
      for number in entries.indices { place(number) }
    } else {
      place(entries.count - 1)
    }
  }

  private mutating func place(_ number: Int) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: entries[number].hash) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = UInt32(number + 1)
  }
}
