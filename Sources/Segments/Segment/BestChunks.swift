/// The best chunks of a stream, in memory for as many as are wanted: a heap of numbers in which the score stands above the
/// chunk's complement, so that one comparison of whole numbers is the total order (score descending, chunk ascending).
struct BestChunks {
  private let limit: Int
  /// The root is the entry that would leave first.
  private var heap: [UInt64] = []

  init(limit: Int) {
    self.limit = max(0, limit)
    heap.reserveCapacity(min(self.limit, 1024))
  }

  var isFull: Bool { heap.count == limit }
  /// The rank of the entry that would leave first, when no more fit.
  var worstRank: UInt32? { isFull ? heap.first.map { UInt32(truncatingIfNeeded: $0 >> 32) } : nil }

  /// `rank` ascends with the score.
  @inline(__always)
  mutating func insert(_ chunk: UInt32, rank: UInt32) {
    let entry = UInt64(rank) << 32 | UInt64(~chunk)
    if heap.count < limit {
      heap.append(entry)
      siftUp()
    } else if limit > 0, entry > heap[0] {
      heap[0] = entry
      siftDown()
    }
  }

  /// The chunks and their ranks, best first.
  consuming func sorted() -> [(chunk: Int, rank: UInt32)] {
    heap.sorted(by: >).map { (Int(~UInt32(truncatingIfNeeded: $0)), UInt32(truncatingIfNeeded: $0 >> 32)) }
  }

  private mutating func siftUp() {
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if heap[parent] <= heap[child] { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var least = parent
      let left = 2 * parent + 1
      if left < heap.count, heap[left] < heap[least] { least = left }
      if left + 1 < heap.count, heap[left + 1] < heap[least] { least = left + 1 }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}

/// Which chunks may be answered: the words of a bit set, or all.
struct Eligibility {
  private let words: [UInt64]?

  /// Chunks beyond the set's capacity are not in it.
  init(_ words: [UInt64]?) { self.words = words }

  @inline(__always)
  func contains(_ chunk: Int) -> Bool {
    guard let words else { return true }
    return chunk >> 6 < words.count && words[chunk >> 6] >> UInt64(chunk & 63) & 1 != 0
  }

  /// False where no chunk of a range that begins at a multiple of 64 may be answered.
  func mayContain(_ range: Range<Int>) -> Bool {
    guard let words else { return true }
    return words[min(range.lowerBound >> 6, words.count)..<min((range.upperBound + 63) >> 6, words.count)].contains { $0 != 0 }
  }

  /// How many chunks may be answered, of `count`.
  func count(of count: Int) -> Int { words.map { $0.reduce(0) { $0 + $1.nonzeroBitCount } } ?? count }
}
