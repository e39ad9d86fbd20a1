/// Which two tokens merge: in which order, and to what.
struct MergeTable: Sendable {
  /// First token x 2^32 + second; all ones where the slot is free.
  private var keys: [UInt64]
  /// Rank x 2^32 + the merged token.
  private var values: [UInt64]

  /// - Parameter merges: in the order of their ranks. Where a pair occurs twice, the later one counts.
  init(_ merges: [(first: Int32, second: Int32, merged: Int32)]) {
    var size = 16
    while size < 2 * merges.count { size *= 2 }
    keys = Array(repeating: .max, count: size)
    values = Array(repeating: 0, count: size)
    for (rank, merge) in merges.enumerated() {
      let key = Self.key(merge.first, merge.second)
      var slot = Self.slot(key, keys.count)
      while keys[slot] != .max, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
      keys[slot] = key
      values[slot] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: merge.merged))
    }
  }

  @inline(__always)
  private static func key(_ first: Int32, _ second: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
  }

  @inline(__always)
  private static func slot(_ key: UInt64, _ size: Int) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> 29) & (size &- 1)
  }

  static let noRank = UInt32.max

  /// The rank of a merge, `noRank` where there is none, and what comes of it.
  @inline(__always)
  func merge(_ first: Int32, _ second: Int32) -> (rank: UInt32, token: Int32) {
    let key = Self.key(first, second)
    var slot = Self.slot(key, keys.count)
    while true {
      if keys[slot] == key {
        return (UInt32(truncatingIfNeeded: values[slot] &>> 32), Int32(truncatingIfNeeded: values[slot]))
      }
      if keys[slot] == .max { return (Self.noRank, -1) }
      slot = (slot &+ 1) & (keys.count &- 1)
    }
  }
}
