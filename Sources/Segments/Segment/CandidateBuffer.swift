/// The best chunks of a stream when many are wanted, in no order among themselves: chunks are gathered until there are
/// four times as many as wanted, then the better quarter is selected. Cheaper than a heap (`BestChunks`) from some
/// hundreds on; the rank below which nothing gets in is known only now and then.
struct CandidateBuffer {
  private let limit: Int
  /// Rank above the chunk's complement, as in `BestChunks`.
  private var entries: [UInt64] = []
  /// Nothing of this rank or below gets in.
  private(set) var worstRank: UInt32?

  /// `limit` is at least 1.
  init(limit: Int) {
    precondition(limit > 0)
    self.limit = limit
    entries.reserveCapacity(limit * 4)
  }

  /// Chunks come in ascending order, so that of equal ranks the earlier one stays.
  @inline(__always)
  mutating func insert(_ chunk: UInt32, rank: UInt32) {
    if let worstRank, rank <= worstRank { return }
    entries.append(UInt64(rank) << 32 | UInt64(~chunk))
    if entries.count >= limit * 4 { prune() }
  }

  /// The best chunks, ascending.
  consuming func chunks() -> [Int] {
    if entries.count > limit { prune() }
    return entries.map { Int(~UInt32(truncatingIfNeeded: $0)) }.sorted()
  }

  private mutating func prune() {
    select()
    entries.removeLast(entries.count - limit)
    worstRank = entries.min().map { UInt32(truncatingIfNeeded: $0 >> 32) }
  }

  /// Moves the `limit` largest entries to the front (Hoare, "Algorithm 65: find", 1961). Entries are distinct.
  private mutating func select() {
    var low = 0
    var high = entries.count - 1
    while low < high {
      let a = entries[low]
      let b = entries[(low + high) / 2]
      let c = entries[high]
      let pivot = max(min(a, b), min(max(a, b), c))
      var i = low
      var j = high
      while i <= j {
        while entries[i] > pivot { i += 1 }
        while entries[j] < pivot { j -= 1 }
        if i <= j {
          entries.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if limit - 1 <= j {
        high = j
      } else if limit - 1 >= i {
        low = i
      } else {
        return
      }
    }
  }
}
