import Kernels
import Primitives

/// Distinct byte strings, numbered in the order in which they were met: one arena and a hash table over it. Unlike
/// `ByteStringSet` of `Primitives` it is told the hash, and prefetches what a later look-up will touch: it is the hot
/// loop of building.
struct ByteStringTable {
  private struct Entry {
    var hash: UInt32
    var end: UInt32
  }
  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// Open addressing: 1 + a number, or 0. Its size is a power of two.
  private var slots = [UInt32](repeating: 0, count: 1024)

  init() {}

  var count: Int { entries.count }
  /// A function of the strings alone.
  var memoryByteCount: Int { grownByteCount(bytes.count) + grownByteCount(entries.count * 8) + slots.count * 4 }

  /// The number of `string`, which is added if it is new.
  mutating func insert(_ string: Span<UInt8>, hash: UInt32) -> Int {
    let mask = slots.count &- 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot]) &- 1
      if entries[number].hash == hash, self[number].isEqual(to: string) { return number }
      slot = (slot &+ 1) & mask
    }
    bytes.append(string)
    entries.append(Entry(hash: hash, end: UInt32(bytes.count)))
    slots[slot] = UInt32(entries.count)
    if entries.count * 2 > slots.count { grow() }
    return entries.count - 1
  }

  /// Frees what only `insert` needs, which must not be called any more.
  mutating func endInserting() { slots = [] }

  // MARK: Asking for memory before it is needed: what a look-up touches is seldom in the processor's caches

  /// Prefetches the slot that a search for a string with `hash` begins at.
  @inline(__always)
  func prefetchSlot(hash: UInt32) {
    let slot = Int(hash) & (slots.count &- 1)
    prefetchElement(slot, of: slots)
  }

  /// Prefetches the entry that is there; the slot should have come by now.
  @inline(__always)
  func prefetchEntry(hash: UInt32) {
    guard let number = firstNumber(hash: hash) else { return }
    prefetchElement(number, of: entries)
  }

  /// Asks for its string; the entry should have come by now. Returns its number.
  @inline(__always)
  func prefetchString(hash: UInt32) -> Int? {
    guard let number = firstNumber(hash: hash) else { return nil }
    let end = max(1, Int(entries[number].end))
    prefetchElement(end &- 1, of: bytes)
    return number
  }

  @inline(__always)
  private func firstNumber(hash: UInt32) -> Int? {
    let slot = slots[Int(hash) & (slots.count &- 1)]
    return slot == 0 ? nil : Int(slot) &- 1
  }

  subscript(_ number: Int) -> Span<UInt8> {
    @_lifetime(borrow self) get {
      let start = number == 0 ? 0 : Int(entries[number &- 1].end)
      return bytes.span.extracting(start..<Int(entries[number].end))
    }
  }

  /// All numbers in the order of their strings.
  func sortedNumbers() -> [UInt32] {
    var keys = KeyedNumbers()
    keys.reserveCapacity(count)
    for number in 0..<count { keys.append(TermDictionaryWriter.key(self[number]), UInt32(number)) }
    keys.sort { self[Int($0)].compare(self[Int($1)]) < 0 }
    return keys.numbers
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for (number, entry) in entries.enumerated() {
      var slot = Int(entry.hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(number + 1)
    }
  }
}

/// What an array of `byteCount` bytes takes that grew by one element at a time: its room doubles.
func grownByteCount(_ byteCount: Int) -> Int {
  byteCount <= 1 ? byteCount : 1 << (Int.bitWidth - (byteCount - 1).leadingZeroBitCount)
}
