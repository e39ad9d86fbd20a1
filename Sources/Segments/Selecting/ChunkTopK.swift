import Primitives

/// The top k chunks of a stream of ascending numbers, in no order: numbers with the rank in the high half and the
/// chunk's complement in the low half, so that one comparison of whole numbers is the total order (score descending,
/// chunk ascending). They are gathered until there are twice as many as wanted, then the better half is selected.
struct ChunkTopK {
  private let limit: Int
  private var entries: [UInt64] = []
  /// What a chunk must exceed to be one of them, as far as is known; nil before there are enough.
  private(set) var worstRank: UInt32?

  init(limit: Int) {
    self.limit = max(0, limit)
    entries.reserveCapacity(2 * min(self.limit, 1024))
  }

  /// `rank` ascends with the score and exceeds `worstRank`.
  @inline(__always)
  mutating func insert(_ chunk: UInt32, rank: UInt32) {
    entries.append(UInt64(rank) << 32 | UInt64(~chunk))
    if entries.count >= 2 * limit { tighten() }
  }

  /// Drops what is not among the best, and makes the worst of them known.
  mutating func tighten() {
    if entries.count < limit || entries.isEmpty { return }
    if entries.count > limit {
      entries.moveLargestToFront(limit)
      entries.removeLast(entries.count - limit)
    } else if worstRank != nil {
      return
    }
    worstRank = entries.min().map { UInt32(truncatingIfNeeded: $0 >> 32) }
  }

  /// The chunks and their ranks.
  consuming func best() -> [(chunk: Int, rank: UInt32)] {
    tighten()
    return entries.map { (Int(~UInt32(truncatingIfNeeded: $0)), UInt32(truncatingIfNeeded: $0 >> 32)) }
  }
}
