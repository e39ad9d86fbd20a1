/// Numbers with a key of 64 bits each, to be put in the order of their keys.
struct KeyedNumbers {
  private var keys: [UInt64] = []
  private(set) var numbers: [UInt32] = []

  init() {}

  mutating func reserveCapacity(_ count: Int) {
    keys.reserveCapacity(count)
    numbers.reserveCapacity(count)
  }

  mutating func append(_ key: UInt64, _ number: UInt32) {
    keys.append(key)
    numbers.append(number)
  }

  /// Sorts by key, those of one key by `precedes`. A radix sort, a byte at a time from the lowest: passes in which all
  /// keys have the same byte are left out.
  mutating func sort(_ precedes: (UInt32, UInt32) -> Bool) {
    var counts = [UInt32](repeating: 0, count: 8 * 256)
    for key in keys {
      for byte in 0..<8 { counts[byte << 8 | Int(truncatingIfNeeded: key >> UInt64(8 * byte) & 255)] += 1 }
    }
    var otherKeys = [UInt64](repeating: 0, count: keys.count)
    var otherNumbers = [UInt32](repeating: 0, count: keys.count)
    for byte in 0..<8 {
      var next: InlineArray<256, UInt32> = .init(repeating: 0)
      var sum: UInt32 = 0
      var most: UInt32 = 0
      for value in 0..<256 {
        next[value] = sum
        sum += counts[byte << 8 | value]
        most = max(most, counts[byte << 8 | value])
      }
      if Int(most) == keys.count { continue }
      Self.distribute(keys.span, numbers.span, by: byte, &next, to: &otherKeys, &otherNumbers)
      swap(&keys, &otherKeys)
      swap(&numbers, &otherNumbers)
    }
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end] == keys[start] { end += 1 }
      if end - start > 1 { numbers[start..<end].sort(by: precedes) }
      start = end
    }
  }

  private static func distribute(
    _ keys: Span<UInt64>, _ numbers: Span<UInt32>, by byte: Int, _ next: inout InlineArray<256, UInt32>,
    to newKeys: inout [UInt64], _ newNumbers: inout [UInt32]
  ) {
    var newKeys = newKeys.mutableSpan
    var newNumbers = newNumbers.mutableSpan
    for i in keys.indices {
      let value = Int(truncatingIfNeeded: keys[i] >> UInt64(8 * byte) & 255)
      let slot = Int(next[value])
      next[value] &+= 1
      newKeys[slot] = keys[i]
      newNumbers[slot] = numbers[i]
    }
  }
}
