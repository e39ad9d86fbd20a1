import CKernels

/// The best chunks of one segment by BM25: MaxScore over windows of chunk numbers (Turtle and Flood, "Query
/// evaluation: strategies and optimizations", 1995) with the maxima of posting blocks (Ding and Suel, "Faster top-k
/// document retrieval using block-max indexes", 2011).
///
/// In each window the clauses that together cannot lift a chunk above the worst one held are only asked about chunks
/// that the other clauses brought up. Sums are whole numbers, so the answer is that of adding everything up, bit for
/// bit. Memory is a window of sums and a block of postings for each clause, whatever the size of the segment.
struct TermSearch: ~Escapable {
  private static let windowSize: UInt32 = 4096

  private let bm25: BM25
  private let terms: Span<UInt8>
  private let lengths: Span<UInt8>
  private let chunkCount: UInt32
  /// Clauses that have a weight and a list, in the order of the query.
  private var clauses: [Clause] = []

  private struct Clause {
    /// Its position in the query.
    var number: Int
    var cursor: PostingCursor
    var weight: Float
    /// The most it can add to a chunk of the window at hand.
    var bound: UInt32 = 0
  }

  /// - Parameter terms: the section of terms, in which the lists of `query` lie.
  @_lifetime(copy terms, copy lengths)
  init(_ query: PreparedQuery, bm25: BM25, terms: Span<UInt8>, lengths: Span<UInt8>) {
    self.bm25 = bm25
    self.terms = terms
    self.lengths = lengths
    chunkCount = UInt32(lengths.count)
    clauses.reserveCapacity(query.lists.count)
    for (i, weight) in bm25.weights.enumerated() where weight > 0 && i < query.lists.count {
      guard let list = query.lists[i] else { continue }
      clauses.append(Clause(number: i, cursor: PostingCursor(list, in: terms), weight: weight))
    }
  }

  /// The best `limit` chunks with a sum above 0, best first; without those that are below `floor`.
  consuming func best(_ limit: Int, among eligibility: Eligibility, floor: RankFloor) -> [ScoredChunk] {
    var best = BestChunks(limit: limit)
    if limit <= 0 || clauses.isEmpty { return [] }
    var sums = [Int32](repeating: 0, count: Int(Self.windowSize))
    var candidates = [UInt32](repeating: 0, count: Int(Self.windowSize))
    var order: [Int] = []
    var start: UInt32 = 0
    while start < chunkCount {
      // The first chunk that any clause still has.
      var next = UInt32.max
      for i in clauses.indices {
        clauses[i].cursor.skip(to: start, in: terms)
        if !clauses[i].cursor.isAtEnd { next = min(next, max(start, clauses[i].cursor.nextChunk)) }
      }
      guard next < chunkCount else { break }
      start = next
      let end = min(chunkCount, start + Self.windowSize)

      // The clauses with something in the window, the weakest first.
      order.removeAll(keepingCapacity: true)
      var total: UInt32 = 0
      for i in clauses.indices {
        guard let bound = clauses[i].cursor.bound(below: end, in: terms) else { continue }
        clauses[i].bound = units(bound.code, bound.length, clauses[i].weight)
        total += clauses[i].bound
        order.append(i)
      }
      if let rank = best.worstRank { floor.raise(to: rank) }
      // A chunk must exceed it: what is as good as the worst of this segment comes too late, as good as that of others not.
      let known = floor.value
      let below = known > 0 ? known - 1 : 0
      let worst = max(best.worstRank ?? 0, below)
      if total > worst {
        order.sort { (clauses[$0].bound, $0) < (clauses[$1].bound, $1) }
        var optionalCount = 0
        var optionalTotal: UInt32 = 0
        while optionalCount < order.count, optionalTotal + clauses[order[optionalCount]].bound <= worst {
          optionalTotal += clauses[order[optionalCount]].bound
          optionalCount += 1
        }
        for i in order[optionalCount...] { add(clause: i, from: start, to: end, into: &sums) }
        // What the other clauses must at least have given a chunk to be worth asking for.
        let least = worst > optionalTotal ? worst - optionalTotal : 0
        let width = Int(end - start)
        let candidateCount = unsafe sums.withUnsafeBufferPointer { sums in
          unsafe candidates.withUnsafeMutableBufferPointer { candidates in
            unsafe ck_find_above(sums.baseAddress, width, Int32(least), candidates.baseAddress)
          }
        }
        for k in 0..<candidateCount {
          let offset = Int(candidates[k])
          let chunk = start + candidates[k]
          guard eligibility.contains(Int(chunk)) else { continue }
          let worst = max(best.worstRank ?? 0, below)
          guard let sum = complete(UInt32(sums[offset]), chunk, order, optionalCount, optionalTotal, above: worst)
          else { continue }
          if eligibility.passesKinds(Int(chunk)) { best.insert(chunk, rank: sum) }
        }
        for i in 0..<width { sums[i] = 0 }
      }
      start = end
    }
    return best.sorted().map { ScoredChunk(chunk: $0.chunk, score: bm25.score($0.rank)) }
  }

  /// The sum of a chunk with what the optional clauses (the first of `order`) add, or nothing where it cannot exceed
  /// `worst`.
  private mutating func complete(
    _ partial: UInt32, _ chunk: UInt32, _ order: [Int], _ optionalCount: Int, _ optionalTotal: UInt32,
    above worst: UInt32
  ) -> UInt32? {
    var sum = partial
    var rest = optionalTotal
    var k = optionalCount
    while k > 0 {
      if sum + rest <= worst { return nil }
      k -= 1
      let i = order[k]
      rest -= clauses[i].bound
      clauses[i].cursor.skip(to: chunk, in: terms)
      if clauses[i].cursor.isAtEnd { continue }
      let bound = clauses[i].cursor.blockBound(in: terms)
      if sum + rest + units(bound.code, bound.length, clauses[i].weight) <= worst { return nil }
      if clauses[i].cursor.seek(to: chunk, in: terms) {
        sum += units(clauses[i].cursor.code, lengths[Int(chunk)], clauses[i].weight)
      }
    }
    return sum > worst ? sum : nil
  }

  /// Adds a clause's part to the sums of the chunks in `start..<end`.
  private mutating func add(clause i: Int, from start: UInt32, to end: UInt32, into sums: inout [Int32]) {
    while !clauses[i].cursor.isAtEnd, clauses[i].cursor.nextChunk < end {
      clauses[i].cursor.decode(in: terms)
      let weight = clauses[i].weight
      let from = clauses[i].cursor.position
      let count = clauses[i].cursor.count - from
      // `end` is at most the number of chunks, which is that of the lengths.
      let passed = unsafe lengths.withUnsafeBufferPointer { lengths in
        unsafe clauses[i].cursor.chunks.span.withUnsafeBufferPointer { chunks in
          unsafe clauses[i].cursor.codes.span.withUnsafeBufferPointer { codes in
            unsafe bm25.saturation.withUnsafeBufferPointer { saturation in
              unsafe sums.withUnsafeMutableBufferPointer { sums in
                unsafe ck_add_scores(
                  chunks.baseAddress! + from, codes.baseAddress! + from, count, start, end, lengths.baseAddress!,
                  saturation.baseAddress!, weight, sums.baseAddress!)
              }
            }
          }
        }
      }
      if passed < count {
        clauses[i].cursor.pass(to: from + passed)
        return
      }
      clauses[i].cursor.nextBlock(in: terms)
    }
  }

  /// The sums of `chunks`, which ascend, in units, and the groups that each holds a term of: `groups` gives for each clause of
  /// the query a bit below 64, or nothing.
  consuming func matches(of chunks: [Int], groups: [UInt8?]) -> [(sum: UInt32, groups: UInt64)] {
    var matches = [(sum: UInt32, groups: UInt64)](repeating: (0, 0), count: chunks.count)
    for i in clauses.indices {
      let number = clauses[i].number
      let group: UInt64 = number < groups.count ? groups[number].map { 1 << UInt64($0 & 63) } ?? 0 : 0
      for (k, chunk) in chunks.enumerated() {
        guard chunk >= 0, chunk < chunkCount else { continue }
        if clauses[i].cursor.seek(to: UInt32(chunk), in: terms) {
          matches[k].sum += units(clauses[i].cursor.code, lengths[chunk], clauses[i].weight)
          matches[k].groups |= group
        }
        if clauses[i].cursor.isAtEnd { break }
      }
    }
    return matches
  }

  /// What a posting adds: as `ck_add_scores` reckons it.
  @inline(__always)
  private func units(_ code: UInt8, _ length: UInt8, _ weight: Float) -> UInt32 {
    UInt32(bm25.saturation[Int(code & FrequencyCode.mask) << 8 | Int(length)] * weight)
  }
}
