/// The best of a stream when many are wanted, in no order among themselves: numbers are gathered until there are four times
/// as many as wanted, then the better quarter is selected. Cheaper than a heap (`BestChunks`) from some dozens on; the rank
/// below which nothing gets in is known only now and then.
struct CandidateBuffer {
  private let limit: Int
  /// Rank above the number's complement, as in `BestChunks`.
  private var entries: [UInt64] = []
  /// Nothing below this rank gets in.
  private(set) var leastRank: UInt32 = 0

  /// `limit` is at least 1.
  init(limit: Int) {
    precondition(limit > 0)
    self.limit = limit
    entries.reserveCapacity(4 * min(limit, 1024))
  }

  /// Of equal ranks the smaller number stays.
  @inline(__always)
  mutating func insert(_ number: UInt32, rank: UInt32) {
    if rank < leastRank { return }
    insert(UInt64(rank) << 32 | UInt64(~number))
  }

  @inline(__always)
  mutating func insert(_ entry: UInt64) {
    entries.append(entry)
    if entries.count >= 4 * limit { prune() }
  }

  static func number(of entry: UInt64) -> UInt32 { ~UInt32(truncatingIfNeeded: entry) }
  static func rank(of entry: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: entry >> 32) }

  /// Takes in what other searches made known, and tells them what is known here.
  mutating func exchange(_ floor: RankFloor) {
    let known = floor.value
    if known < leastRank { floor.raise(to: leastRank) } else { leastRank = known }
  }

  /// The best entries: rank above the complement of the number.
  consuming func best() -> [UInt64] {
    if entries.count > limit { prune() }
    return entries
  }

  private mutating func prune() {
    select()
    entries.removeLast(entries.count - limit)
    // Another of the rank of the last might have a smaller number: those of its rank still get in.
    leastRank = max(leastRank, entries.min().map(Self.rank) ?? 0)
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
