/// A set of small integers below `capacity`, one bit each.
package struct BitSet: Hashable, Sendable {
  package private(set) var words: [UInt64]
  package let capacity: Int

  package init(capacity: Int, filled: Bool = false) {
    self.capacity = capacity
    words = Array(repeating: filled ? .max : 0, count: (capacity + 63) / 64)
    if filled, capacity % 64 != 0, let last = words.indices.last { words[last] = (1 << UInt64(capacity % 64)) - 1 }
  }

  /// The set whose bits are `words`; bits at `capacity` and above are cleared.
  package init(words: [UInt64], capacity: Int) {
    self.capacity = capacity
    self.words = Array(words.prefix((capacity + 63) / 64))
    self.words.append(contentsOf: repeatElement(0, count: (capacity + 63) / 64 - self.words.count))
    if capacity % 64 != 0, let last = self.words.indices.last {
      self.words[last] &= (1 << UInt64(capacity % 64)) - 1
    }
  }

  package func contains(_ member: Int) -> Bool {
    member >= 0 && member < capacity && words[member >> 6] & (1 << UInt64(member & 63)) != 0
  }
  package mutating func insert(_ member: Int) {
    precondition(member >= 0 && member < capacity)
    words[member >> 6] |= 1 << UInt64(member & 63)
  }
  package mutating func remove(_ member: Int) {
    precondition(member >= 0 && member < capacity)
    words[member >> 6] &= ~(1 << UInt64(member & 63))
  }
  package mutating func formUnion(_ other: BitSet) {
    precondition(capacity == other.capacity)
    for i in words.indices { words[i] |= other.words[i] }
  }
  package mutating func formIntersection(_ other: BitSet) {
    precondition(capacity == other.capacity)
    for i in words.indices { words[i] &= other.words[i] }
  }
  package mutating func subtract(_ other: BitSet) {
    precondition(capacity == other.capacity)
    for i in words.indices { words[i] &= ~other.words[i] }
  }
  /// All numbers below `capacity` that are not in it.
  package var complement: BitSet { BitSet(words: words.map { ~$0 }, capacity: capacity) }
  /// The numbers one below each member.
  package var predecessors: BitSet {
    BitSet(
      words: words.indices.map { i in words[i] >> 1 | (i + 1 < words.count ? words[i + 1] << 63 : 0) },
      capacity: capacity)
  }
  /// The number of members.
  package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
  package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
  /// The members in ascending order.
  package var members: [Int] {
    var members: [Int] = []
    for (i, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        members.append(i << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return members
  }
}
