import Primitives

/// The top k of a stream if k is large, in no order among themselves. A histogram of the scores, in steps of a
/// thousandth, keeps the top-k threshold current after every insertion; entries that have fallen below it are dropped
/// when there are 4 k of them, and the rest is selected only at the end. Cheaper than a heap (`ChunkTopK`) from some
/// dozens on.
struct HistogramTopK {
  private let limit: Int
  /// Rank above the number's complement, as in `ChunkTopK`.
  private var entries: [UInt64] = []
  /// Nothing below this rank gets in.
  private(set) var leastRank: UInt32 = 0

  /// For each step of scores, how many have come that are in it: the first also holds those below, the last those
  /// above. A step is 1/1024, from -1 to 1: scores are cosines, and ranks of something else are in few steps, which
  /// tell nothing.
  private var counts = [UInt32](repeating: 0, count: 2 * Self.stepsOfOne)
  /// As many as are wanted are in this step or above.
  private var step = 0
  private var heldCount = 0
  private static let stepsOfOne = 1024

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
    insert(Self.entry(number, rank: rank))
  }

  @inline(__always)
  mutating func insert(_ entry: UInt64) {
    entries.append(entry)
    let step = Self.step(of: Self.rank(of: entry))
    if step >= self.step {
      counts[step] &+= 1
      heldCount &+= 1
      if heldCount >= limit { raise() }
    }
    if entries.count >= 4 * limit { prune() }
  }

  // Entries: of equal ranks the smaller number is the larger entry.

  static func entry(_ number: UInt32, rank: UInt32) -> UInt64 { UInt64(rank) << 32 | UInt64(~number) }
  static func number(of entry: UInt64) -> UInt32 { ~UInt32(truncatingIfNeeded: entry) }
  static func rank(of entry: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: entry >> 32) }

  /// Takes over the threshold of the other searches if it is higher, and raises theirs if it is lower.
  mutating func exchange(_ threshold: SharedThreshold) {
    let known = threshold.value
    if known < leastRank { threshold.raise(to: leastRank) } else { leastRank = known }
  }

  /// The best entries: rank above the complement of the number.
  consuming func best() -> [UInt64] {
    if entries.count > limit {
      dropBelowLeast()
      if entries.count > limit { select() }
    }
    return entries
  }

  @inline(__always)
  private static func step(of rank: UInt32) -> Int {
    let score = Float(rank: rank)
    guard score >= -1 else { return 0 }
    return score < 1 ? Int((score + 1) * Float(stepsOfOne)) : 2 * stepsOfOne - 1
  }

  /// Leaves out the least step for as long as there are enough without it.
  private mutating func raise() {
    while heldCount - Int(counts[step]) >= limit {
      heldCount -= Int(counts[step])
      step += 1
    }
    // A little below where the step begins: the sum in `step(of:)` is rounded.
    if step > 0 { leastRank = max(leastRank, (Float(step) / Float(Self.stepsOfOne) - 1 - 0x1p-20).rank) }
  }

  /// Those of the least rank stay: each may be among the best, as long as there are not enough above.
  private mutating func dropBelowLeast() {
    let least = leastRank
    entries.removeAll { Self.rank(of: $0) < least }
  }

  private mutating func prune() {
    dropBelowLeast()
    // Where steps do not tell them apart.
    if entries.count > 2 * limit { select() }
  }

  /// Leaves the `limit` largest entries, and the rank that others need to get in.
  private mutating func select() {
    entries.moveLargestToFront(limit)
    entries.removeLast(entries.count - limit)
    // Another of the rank of the last might have a smaller number: those of its rank still get in.
    leastRank = max(leastRank, entries.min().map(Self.rank) ?? 0)
  }
}
