import Kernels
import Primitives

/// The best chunks of one segment by BM25: MaxScore over windows of chunk numbers (Turtle and Flood, "Query
/// evaluation: strategies and optimizations", 1995) with block-max metadata (Ding and Suel, "Faster top-k
/// document retrieval using block-max indexes", 2011).
///
/// In each window the non-essential clauses, which together cannot bring a chunk above the top-k threshold, are only
/// asked about chunks that the essential ones brought up. Sums are whole numbers, so the result is that of adding
/// everything up, bit for bit. Memory is a window of sums and a block of postings for each clause, whatever the size of
/// the segment.
struct MaxScoreSearch: ~Escapable {
  private static let windowSize: UInt32 = 4096
  /// So many postings are added, whatever they belong to, before it would be found out which are needed.
  private static let smallCount = 512

  private let bm25: BM25
  private let terms: Span<UInt8>
  private let lengths: Span<UInt8>
  private let chunkCount: UInt32
  /// Clauses that have a weight and a list, in the order of the query.
  private var clauses: [Clause] = []
  /// What the cursor of each of them decodes into. Read through a span, since reading one out of an array may copy it.
  private var scratch: [PostingBlock] = []

  private struct Clause {
    /// Its position in the query.
    var number: Int
    var cursor: PostingCursor
    var weight: Float
    /// The most it can add to a chunk of the current window.
    var bound: UInt32 = 0
    /// The most postings it can have in the window; at first all of its list.
    var count: Int
  }

  /// - Parameter terms: the section of terms, in which the lists of `query` lie.
  @_lifetime(copy terms, copy lengths)
  init(_ query: PreparedQuery, bm25: BM25, terms: CheckedBytes, lengths: Span<UInt8>) {
    self.bm25 = bm25
    self.terms = terms.bytes
    self.lengths = lengths
    chunkCount = UInt32(lengths.count)
    clauses.reserveCapacity(query.lists.count)
    scratch.reserveCapacity(query.lists.count)
    for i in query.lists.indices where i < bm25.weights.count && bm25.weights[i] > 0 {
      guard let list = query.lists[i] else { continue }
      scratch.append(PostingBlock())
      terms.check(list.range)
      let cursor = PostingCursor(list, in: terms.bytes, &scratch[scratch.count - 1])
      clauses.append(Clause(number: i, cursor: cursor, weight: bm25.weights[i], count: list.count))
    }
  }

  /// The best `limit` chunks with a sum above 0, in no order; without those that are below `threshold`.
  /// Windows are searched until `context` is over.
  consuming func best(
    _ limit: Int, among eligibility: Eligibility, threshold: SharedThreshold, context: SearchContext?
  ) -> [ScoredChunk] {
    if limit <= 0 || clauses.isEmpty { return [] }
    var best = ChunkTopK(limit: limit)
    let most = Int(min(Self.windowSize, chunkCount))
    var sums = [Int32](repeating: 0, count: most)
    var candidates = [UInt32](repeating: 0, count: most)
    var positions = MatchingPositions()
    // It leaves the search, so that both can be changed.
    var scratch: [PostingBlock] = []
    swap(&scratch, &self.scratch)
    var blocks = scratch.mutableSpan
    var order: [Int] = []
    order.reserveCapacity(clauses.count)
    var start: UInt32 = 0
    var windowCount = 0
    while let window = nextWindow(from: start, &order, &blocks) {
      start = window.upperBound
      // A window of many common terms lasts a tenth of a millisecond, one of rare ones less than reading the clock.
      windowCount &+= 1
      if windowCount & 7 == 0, let context, context.isOver { break }
      best.tighten()
      if let rank = best.worstRank { threshold.raise(to: rank) }
      // A chunk must exceed it: what is as good as the worst of this segment comes too late, as good as that of others
      // not.
      let known = threshold.value
      let worst = max(best.worstRank ?? 0, known > 0 ? known - 1 : 0)
      if order.reduce(0, { $0 + clauses[$1].bound }) <= worst { continue }

      // The non-essential clauses: the weakest ones, which together cannot bring a chunk above it, are not asked for
      // chunks.
      var optionalCount = 0
      var rest: UInt32 = 0
      while rest + clauses[order[optionalCount]].bound <= worst {
        rest += clauses[order[optionalCount]].bound
        optionalCount += 1
      }
      for i in order[optionalCount...] { add(clause: i, in: window, to: &sums, &blocks) }
      for i in order[..<optionalCount].reversed() {
        if clauses[i].count > Self.smallCount {
          let count = Self.find(above: worst - rest, in: window, sums, eligibility, &candidates)
          if count == 0 { break }
          if clauses[i].count > 4 * count {
            rest -= clauses[i].bound
            let chunks = candidates.span.extracting(first: count)
            add(clause: i, to: &sums, of: chunks, first: window.lowerBound, above: worst - rest, &positions, &blocks)
            continue
          }
        }
        rest -= clauses[i].bound
        add(clause: i, in: window, to: &sums, &blocks)
      }
      // A chunk that was left out has less than it takes, and so has one that only the clauses not asked for theirs
      // have.
      let count = Self.find(above: worst, in: window, sums, eligibility, &candidates)
      for k in 0..<count {
        let sum = UInt32(sums[Int(candidates[k] - window.lowerBound)])
        // The worst one of those held may be better by now.
        if sum > best.worstRank ?? 0, eligibility.passesKinds(Int(candidates[k])) {
          best.insert(candidates[k], rank: sum)
        }
      }
      if window.upperBound < chunkCount {
        unsafe sums.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0) }
      }
    }
    return best.best().map { ScoredChunk(chunk: $0.chunk, score: bm25.score($0.rank)) }
  }

  /// The next chunks from `start` on of which any clause has one, and the clauses with some of them in `order`, the
  /// weakest first.
  private mutating func nextWindow(
    from start: UInt32, _ order: inout [Int], _ blocks: inout MutableSpan<PostingBlock>
  ) -> Range<UInt32>? {
    var next = UInt32.max
    for i in clauses.indices {
      clauses[i].cursor.skip(to: start, in: terms, &blocks[i])
      if !clauses[i].cursor.isAtEnd { next = min(next, max(start, clauses[i].cursor.nextChunk(in: blocks[i]))) }
    }
    guard next < chunkCount else { return nil }
    let window = next..<min(chunkCount, next + Self.windowSize)
    order.removeAll(keepingCapacity: true)
    for i in clauses.indices {
      guard let bound = clauses[i].cursor.bound(below: window.upperBound, in: terms, blocks[i]) else { continue }
      clauses[i].bound = bm25.units(bound.code, bound.length, clauses[i].weight)
      clauses[i].count = bound.count
      var slot = order.count
      while slot > 0, clauses[order[slot - 1]].bound > clauses[i].bound { slot -= 1 }
      order.insert(i, at: slot)
    }
    return window
  }

  /// Adds a clause's part to the sums of the chunks of a window.
  private mutating func add(
    clause i: Int, in window: Range<UInt32>, to sums: inout [Int32], _ blocks: inout MutableSpan<PostingBlock>
  ) {
    let weight = clauses[i].weight
    var cursor = clauses[i].cursor
    while !cursor.isAtEnd, cursor.nextChunk(in: blocks[i]) < window.upperBound {
      cursor.decode(in: terms, &blocks[i])
      let from = cursor.position
      let count = cursor.count - from
      // The window ends at or before the number of chunks, which is that of the lengths.
      let passed = PostingKernels.addScores(
        blocks[i].chunks.span.extracting(from..<cursor.count), blocks[i].codes.span.extracting(from..<cursor.count),
        in: window, lengths: lengths, saturation: bm25.saturation.span, weight: weight, to: &sums)
      if passed < count {
        cursor.pass(to: from + passed)
        break
      }
      cursor.nextBlock(in: terms, &blocks[i])
    }
    clauses[i].cursor = cursor
  }

  /// Adds a clause's part to the sums, of which that of chunk `first` is the first one, of `chunks`, which ascend; not
  /// where it cannot lift one above `least`.
  private mutating func add(
    clause i: Int, to sums: inout [Int32], of chunks: Span<UInt32>, first: UInt32, above least: UInt32,
    _ positions: inout MatchingPositions, _ blocks: inout MutableSpan<PostingBlock>
  ) {
    let weight = clauses[i].weight
    var cursor = clauses[i].cursor
    var start = 0
    while start < chunks.count {
      cursor.skip(to: chunks[start], in: terms, &blocks[i])
      if cursor.isAtEnd { break }
      let end = Self.end(of: start, in: chunks, notAfter: cursor.blockLast)
      let bound = cursor.blockBound(in: terms)
      let most = bm25.units(bound.code, bound.length, weight)
      var k = start
      while k < end, UInt32(bitPattern: sums[Int(chunks[k] - first)]) &+ most <= least { k += 1 }
      if k < end {
        cursor.decode(in: terms, &blocks[i])
        let count = positions.find(chunks.extracting(k..<end), in: blocks[i], cursor)
        for match in 0..<count {
          let chunk = chunks[k + Int(positions.ofChunks[match])]
          let code = blocks[i].codes[Int(positions.ofPostings[match])]
          // What damage brings wraps, as it does in the kernel.
          sums[Int(chunk - first)] &+= Int32(bm25.units(code, lengths[Int(chunk)], weight))
        }
      }
      start = end
    }
    clauses[i].cursor = cursor
  }

  /// Puts the eligible chunks of a window whose sums are above `least` at the beginning of `chunks`; returns how many
  /// there are.
  private static func find(
    above least: UInt32, in window: Range<UInt32>, _ sums: [Int32], _ eligibility: Eligibility, _ chunks: inout [UInt32]
  ) -> Int {
    let found = PostingKernels.find(above: Int32(least), in: sums, count: window.count, &chunks)
    var chunks = chunks.mutableSpan
    var count = 0
    for k in 0..<found {
      let chunk = window.lowerBound + chunks[k]
      guard eligibility.contains(Int(chunk)) else { continue }
      chunks[count] = chunk
      count += 1
    }
    return count
  }

  /// Where those of `chunks` from `start` on end that are not after `last`.
  private static func end(of start: Int, in chunks: Span<UInt32>, notAfter last: UInt32) -> Int {
    var low = start
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      if chunks[middle] <= last { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The eligible chunks that hold the term of every clause with a weight, ascending, with their sums: those of the
  /// rarest list, of which the others leave what they hold too, rarer ones first (Culpepper and Moffat, "Efficient set
  /// intersection for inverted indexing", 2010). None where `context` is over.
  consuming func holdingAll(among eligibility: Eligibility, context: SearchContext?) -> [ScoredChunk] {
    guard !clauses.isEmpty, clauses.count == bm25.weights.count(where: { $0 > 0 }) else { return [] }
    let order = clauses.indices.sorted { clauses[$0].count < clauses[$1].count }
    var held: [(chunk: UInt32, sum: UInt32)] = []
    var chunks: [UInt32] = []
    var positions = MatchingPositions()
    var scratch: [PostingBlock] = []
    swap(&scratch, &self.scratch)
    var blocks = scratch.mutableSpan
    for (step, i) in order.enumerated() {
      let weight = clauses[i].weight
      var cursor = clauses[i].cursor
      if step == 0 {
        while !cursor.isAtEnd {
          cursor.decode(in: terms, &blocks[i])
          for k in cursor.position..<cursor.count {
            let chunk = blocks[i].chunks[k]
            guard chunk < chunkCount, eligibility.contains(Int(chunk)) else { continue }
            held.append((chunk, bm25.units(blocks[i].codes[k], lengths[Int(chunk)], weight)))
            chunks.append(chunk)
          }
          cursor.nextBlock(in: terms, &blocks[i])
        }
      } else {
        var count = 0
        var start = 0
        while start < held.count {
          cursor.skip(to: chunks[start], in: terms, &blocks[i])
          if cursor.isAtEnd { break }
          cursor.decode(in: terms, &blocks[i])
          let end = Self.end(of: start, in: chunks.span, notAfter: cursor.blockLast)
          for match in 0..<positions.find(chunks.span.extracting(start..<end), in: blocks[i], cursor) {
            let (chunk, sum) = held[start + Int(positions.ofChunks[match])]
            let code = blocks[i].codes[Int(positions.ofPostings[match])]
            held[count] = (chunk, sum &+ bm25.units(code, lengths[Int(chunk)], weight))
            chunks[count] = chunk
            count += 1
          }
          start = end
        }
        held.removeSubrange(count...)
        chunks.removeSubrange(count...)
      }
      if held.isEmpty { return [] }
      if let context, context.isOver { return [] }
    }
    return held.map { ScoredChunk(chunk: Int($0.chunk), score: bm25.score($0.sum)) }
  }

  /// The sums of `chunks`, which ascend, in units, and the groups that each holds a term of: `groups` gives for each
  /// clause of the query a bit below 64, or nil.
  consuming func matches(
    of chunks: [Int], groups: [UInt8?], context: SearchContext?
  ) -> [(sum: UInt32, groups: UInt64)] {
    var matches = [(sum: UInt32, groups: UInt64)](repeating: (0, 0), count: chunks.count)
    // Those that there are.
    let offset = chunks.firstIndex { $0 >= 0 } ?? chunks.count
    let numbers = chunks[offset...].prefix { $0 < Int(chunkCount) }.map { UInt32($0) }
    let wanted = numbers.span
    var positions = MatchingPositions()
    var scratch: [PostingBlock] = []
    swap(&scratch, &self.scratch)
    var blocks = scratch.mutableSpan
    for i in clauses.indices {
      if let context, context.isOver { break }
      let number = clauses[i].number
      let weight = clauses[i].weight
      let group: UInt64 = number < groups.count ? groups[number].map { 1 << UInt64($0 & 63) } ?? 0 : 0
      var cursor = clauses[i].cursor
      var start = 0
      while start < wanted.count {
        cursor.skip(to: wanted[start], in: terms, &blocks[i])
        if cursor.isAtEnd { break }
        cursor.decode(in: terms, &blocks[i])
        let end = Self.end(of: start, in: wanted, notAfter: cursor.blockLast)
        let count = positions.find(wanted.extracting(start..<end), in: blocks[i], cursor)
        for match in 0..<count {
          let k = start + Int(positions.ofChunks[match])
          let code = blocks[i].codes[Int(positions.ofPostings[match])]
          matches[offset + k].sum &+= bm25.units(code, lengths[Int(wanted[k])], weight)
          matches[offset + k].groups |= group
        }
        start = end
      }
    }
    return matches
  }
}

/// Where some chunks have postings in a block.
private struct MatchingPositions {
  var ofChunks: InlineArray<128, UInt32> = .init(repeating: 0)
  var ofPostings: InlineArray<128, UInt32> = .init(repeating: 0)

  /// Finds `chunks`, which ascend, among the postings of a block that were not passed; returns how many are there.
  mutating func find(_ chunks: Span<UInt32>, in block: borrowing PostingBlock, _ cursor: PostingCursor) -> Int {
    let postings = block.chunks.span.extracting(cursor.position..<cursor.count)
    let count = PostingKernels.intersect(chunks, postings, &ofChunks, &ofPostings)
    if cursor.position > 0 { for match in 0..<count { ofPostings[match] += UInt32(cursor.position) } }
    return count
  }
}
