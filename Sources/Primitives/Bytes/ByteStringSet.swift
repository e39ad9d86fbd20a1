/// A set of byte strings, each with a number from 0 in the order of insertion. A look-up hashes once, allocates
/// nothing, and does not depend on how many strings there are. Holds at most 4 GiB of them, and beside each some 30
/// bytes.
///
/// `Segments` has another hash table over an arena (`ByteStringTable`): its callers know the hash, and prefetch what
/// they will look up.
package struct ByteStringSet: Sendable {
  private struct Entry {
    var hash: UInt64
    var start: UInt32
    var count: UInt32
  }

  private var entries: [Entry] = []
  /// Every key, contiguous.
  private var keys: [UInt8] = []
  /// Open addressing with linear probing; -1 is free. The count is a power of two and at least twice that of the
  /// entries.
  private var slots: [Int32] = []

  package init() {}

  package var count: Int { entries.count }

  /// The number of `key`, which is added if it is new.
  package mutating func insert(_ key: Span<UInt8>) -> Int {
    if let known = find(key) { return known }
    if 2 * (entries.count + 1) > slots.count { grow() }
    let hash = checksum(key)
    let number = entries.count
    entries.append(Entry(hash: hash, start: UInt32(keys.count), count: UInt32(key.count)))
    // No capacity is reserved: an array that is asked for just what it needs is copied with every key.
    for i in key.indices { keys.append(key[i]) }
    place(hash: hash, number: number)
    return number
  }

  /// The key with this number, and its hash.
  package func key(_ number: Int) -> (bytes: ArraySlice<UInt8>, hash: UInt64) {
    let entry = entries[number]
    return (keys[Int(entry.start)..<Int(entry.start) + Int(entry.count)], entry.hash)
  }

  /// The number of `key`, or nil if it was never inserted.
  package func find(_ key: Span<UInt8>) -> Int? {
    if slots.isEmpty { return nil }
    let hash = checksum(key)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if entries[number].hash == hash, isKey(number, equalTo: key) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private func isKey(_ number: Int, equalTo key: Span<UInt8>) -> Bool {
    let start = Int(entries[number].start)
    return keys.span.extracting(start..<start + Int(entries[number].count)).isEqual(to: key)
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: max(8, 2 * slots.count))
    for (number, entry) in entries.enumerated() { place(hash: entry.hash, number: number) }
  }

  private mutating func place(hash: UInt64, number: Int) {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(number)
  }
}

extension ByteStringSet {
  package mutating func insert(_ key: [UInt8]) -> Int { insert(key.span) }
}
