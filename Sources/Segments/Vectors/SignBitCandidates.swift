import Primitives

/// The rows whose sign bits score highest for a query, out of a stream, in no order among themselves. A histogram of
/// the estimates keeps the top-k threshold current after every block; no sorting is needed. Rows that have fallen below
/// it are dropped when there are four times as many as wanted.
struct SignBitCandidates: Sendable {
  private let limit: Int
  /// For each estimate from the least possible one on, how many rows have it.
  private var counts: [UInt32]
  private let lowest: Int32
  /// As many rows as are wanted have this estimate or a larger one, counted from `lowest`.
  private var least = 0
  /// The rows from `least` on.
  private var heldCount = 0
  private var entries: [UInt64] = []
  /// The first number that is above all that came.
  private var next: UInt32 = 0
  /// Whether numbers ascended so far: of equal rows the one that comes later has the larger number.
  private var ascends = true
  /// What other searches know: only larger estimates are wanted.
  private var known = Int32.min
  /// Only larger estimates get in.
  private(set) var worst = Int32.min

  /// `limit` is at least 1; about `rowCount` rows come.
  init(limit: Int, _ query: SignBitQuery, rowCount: Int) {
    precondition(limit > 0)
    self.limit = limit
    lowest = query.least
    counts = Array(repeating: 0, count: Int(query.largest - query.least) + 1)
    entries.reserveCapacity(min(4 * limit + 1024, 1 << 14, rowCount))
  }

  /// To be called before rows of these numbers come.
  mutating func begin(_ numbers: Range<UInt32>) {
    if numbers.lowerBound < next { ascends = false }
    next = max(next, numbers.upperBound)
    raise()
  }

  /// Takes in rows above `worst`, which stays as it is until the next `exchange`: those of `rows` that are eligible,
  /// counted from `first`.
  @inline(__always)
  mutating func insert(
    _ rows: ArraySlice<UInt32>, from first: UInt32, _ estimates: ArraySlice<Int32>, where isEligible: (UInt32) -> Bool
  ) {
    let countBefore = entries.count
    let lowest = lowest
    Self.append(to: &entries, counting: &counts, upTo: rows.count) { entries, counts in
      for (row, estimate) in zip(rows, estimates) where isEligible(row) {
        counts[Int(estimate - lowest)] &+= 1
        entries.append(HistogramTopK.entry(first + row, rank: Self.rank(estimate)))
      }
    }
    heldCount += entries.count - countBefore
  }

  /// Both as what is written to without a check whether they are shared.
  @inline(__always)
  private static func append(
    to entries: inout [UInt64], counting counts: inout [UInt32], upTo count: Int,
    _ body: (inout OutputSpan<UInt64>, inout MutableSpan<UInt32>) -> Void
  ) {
    var counts = counts.mutableSpan
    entries.append(addingCapacity: count) { body(&$0, &counts) }
  }

  /// Leaves out the rows of the least estimate for as long as there are enough without them.
  private mutating func raise() {
    if heldCount < limit { return }
    while heldCount - Int(counts[least]) >= limit {
      heldCount -= Int(counts[least])
      least += 1
    }
    worst = max(known, lowest + Int32(least) - (ascends ? 0 : 1))
    if entries.count >= 4 * limit { prune() }
  }

  private mutating func prune() {
    let end = worst
    var kept = 0
    // No branch depends on the entry: about half of them stay.
    for i in entries.indices {
      entries[kept] = entries[i]
      kept += Self.estimate(entries[i]) >= end ? 1 : 0
    }
    entries.removeLast(entries.count - kept)
    // Many that are equal.
    if entries.count > 2 * limit { entries = entries.largest(limit) }
  }

  /// Takes over the threshold of the other searches if it is higher, and raises theirs if it is lower.
  mutating func exchange(_ shared: SharedThreshold) {
    raise()
    if heldCount >= limit { shared.raise(to: Self.rank(lowest + Int32(least))) }
    let rank = shared.value
    // As good as what others have: it may have the smaller number.
    if rank > 0 { known = Self.estimate(rank - 1) }
    worst = max(worst, known)
  }

  /// The best entries, with others as good as the last of them.
  var best: [UInt64] {
    let end = worst
    return entries.filter { Self.estimate($0) >= end }
  }

  // MARK: Entries are those of `HistogramTopK`; the rank of an estimate is unsigned, in the same order.

  private static func estimate(_ entry: UInt64) -> Int32 { estimate(HistogramTopK.rank(of: entry)) }
  private static func rank(_ estimate: Int32) -> UInt32 { UInt32(bitPattern: estimate) ^ 1 << 31 }
  private static func estimate(_ rank: UInt32) -> Int32 { Int32(bitPattern: rank ^ 1 << 31) }
}
