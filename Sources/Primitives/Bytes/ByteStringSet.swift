/// A set of byte strings, each with a number from 0 in the order of insertion. A look-up hashes once, allocates
/// nothing, and does not depend on how many strings there are. Holds at most 4 GiB of them, and beside each some 30
/// bytes.
///
/// `Segments` has another hash table over an arena (`ByteStringTable`): its callers know the hash, and prefetch what
/// they will look up.
@usableFromInline
package struct ByteStringSet: Sendable {
  @usableFromInline
  struct Entry: Sendable {
    @usableFromInline var hash: UInt64
    @usableFromInline var start: UInt32
    @usableFromInline var count: UInt32

    @inlinable
    init(hash: UInt64, start: UInt32, count: UInt32) {
      self.hash = hash
      self.start = start
      self.count = count
    }
  }

  @usableFromInline var entries: [Entry] = []
  /// Every key, contiguous.
  @usableFromInline var keys: [UInt8] = []
  /// Open addressing with linear probing; -1 is free. The count is a power of two and at least twice that of the
  /// entries.
  @usableFromInline var slots: [Int32] = []
  /// A bit for each length that a key has, the last for all longer ones: what has another length is not hashed.
  @usableFromInline var lengths: UInt64 = 0

  @inlinable
  package init() {}

  @inlinable
  package var count: Int { entries.count }

  /// The number of `key`, which is added if it is new.
  @inlinable
  package mutating func insert(_ key: Span<UInt8>) -> Int {
    if let known = find(key) { return known }
    if 2 * (entries.count + 1) > slots.count { grow() }
    let hash = checksum(key)
    let number = entries.count
    entries.append(Entry(hash: hash, start: UInt32(keys.count), count: UInt32(key.count)))
    // No capacity is reserved: an array that is asked for just what it needs is copied with every key.
    for i in key.indices { keys.append(key[i]) }
    place(hash: hash, number: number)
    lengths |= Self.bit(ofLength: key.count)
    return number
  }

  /// The key with this number, and its hash.
  @inlinable
  package func key(_ number: Int) -> (bytes: ArraySlice<UInt8>, hash: UInt64) {
    let entry = entries[number]
    return (keys[Int(entry.start)..<Int(entry.start) + Int(entry.count)], entry.hash)
  }

  /// The number of `key`, or nil if it was never inserted.
  @inlinable @inline(__always)
  package func find(_ key: Span<UInt8>) -> Int? {
    if lengths & Self.bit(ofLength: key.count) == 0 { return nil }
    let hash = checksum(key)
    let slots = slots.span
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      // The count is a power of two, and there are slots where there is a length.
      let number = Int(unsafe slots[unchecked: slot])
      if number < 0 { return nil }
      let entry = entries[number]
      if entry.hash == hash, isKey(entry, equalTo: key) { return number }
      slot = (slot &+ 1) & mask
    }
  }

  @inlinable @inline(__always)
  static func bit(ofLength byteCount: Int) -> UInt64 { 1 << UInt64(truncatingIfNeeded: min(byteCount, 63)) }

  @inlinable @inline(__always)
  func isKey(_ entry: Entry, equalTo key: Span<UInt8>) -> Bool {
    guard Int(entry.count) == key.count else { return false }
    let start = Int(entry.start)
    return keys.span.extracting(start..<start + key.count).isEqual(to: key)
  }

  @inlinable
  mutating func grow() {
    slots = Array(repeating: -1, count: max(8, 2 * slots.count))
    for (number, entry) in entries.enumerated() { place(hash: entry.hash, number: number) }
  }

  @inlinable
  mutating func place(hash: UInt64, number: Int) {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(number)
  }
}

extension ByteStringSet {
  @inlinable
  package mutating func insert(_ key: [UInt8]) -> Int { insert(key.span) }
}
