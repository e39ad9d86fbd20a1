import Disk
package import Primitives

/// A posting list outside of a segment, as a shared store keeps it: runs of postings with what BM25 must know of each.
/// Lists of one term whose chunks do not overlap are joined by putting their bytes behind each other, which a database
/// can do by itself.
///
/// | bytes of a run | what |
/// |---|---|
/// | 4 | the first chunk's number, little-endian, as all |
/// | 4 | how many postings |
/// | for each | a varint: (chunk - the one before - 1) * 4 + code of the frequency; a byte: code of the length |
package struct PostingRuns: Sendable {
  package private(set) var bytes: [UInt8] = []
  package private(set) var count = 0
  package private(set) var firstChunk: UInt32 = 0
  private var last: UInt32 = 0

  package init() {}

  /// Adds a posting behind all that are there; chunks ascend.
  package mutating func append(chunk: UInt32, code: UInt8, lengthCode: UInt8) {
    if count == 0 {
      firstChunk = chunk
      last = chunk &- 1
      bytes.append(littleEndian: chunk)
      bytes.append(littleEndian: UInt32(0))
    }
    bytes.append(varint: UInt64(chunk &- last &- 1) << 2 | UInt64(code & FrequencyCode.mask))
    bytes.append(lengthCode)
    last = chunk
    count += 1
    for i in 0..<4 { bytes[4 + i] = UInt8(truncatingIfNeeded: count >> (8 * i)) }
  }
}

/// The same, decoded: three columns by chunk number.
package struct PostingColumns: Sendable {
  package private(set) var chunks: [UInt32] = []
  package private(set) var codes: [UInt8] = []
  package private(set) var lengthCodes: [UInt8] = []
  package var count: Int { chunks.count }

  package init() {}

  /// Decodes runs without the chunks of `dead`. Some nanoseconds a posting; runs that overlap, as those of writers side
  /// by side may, are put in order. Throws `.damaged`.
  package init(_ runs: [UInt8], without dead: BitSet?) throws(Failure) {
    var reader = ByteReader(runs.span)
    var isAscending = true
    while reader.remaining > 0 {
      do throws(Failure) {
        let first: UInt32 = try reader.read()
        let count: UInt32 = try reader.read()
        // Two bytes each at least.
        guard Int(count) <= reader.remaining / 2, count > 0 else { throw Self.damage }
        var next = UInt64(first)
        for _ in 0..<count {
          let posting = try reader.readVarint()
          let lengthCode: UInt8 = try reader.read()
          next += posting >> 2
          guard next < UInt64(SegmentFormat.maximumChunkCount) else { throw Self.damage }
          if let dead, Int(next) < dead.capacity, dead.contains(Int(next)) {
            next += 1
            continue
          }
          if let last = chunks.last, last >= UInt32(next) { isAscending = false }
          chunks.append(UInt32(next))
          codes.append(UInt8(posting & 3))
          lengthCodes.append(lengthCode)
          next += 1
        }
      } catch { throw Self.damage }
    }
    if !isAscending { try sort() }
  }

  private mutating func sort() throws(Failure) {
    let order = chunks.indices.sorted { chunks[$0] < chunks[$1] }
    let unsorted = self
    for (i, k) in order.enumerated() {
      if i > 0, chunks[i - 1] == unsorted.chunks[k] { throw Self.damage }
      (chunks[i], codes[i], lengthCodes[i]) = (unsorted.chunks[k], unsorted.codes[k], unsorted.lengthCodes[k])
    }
  }

  private static let damage = Failure(.damaged, "a posting list of the store is not what was written")

  /// The code of a chunk's frequency; nil where the list does not have it.
  package func code(of chunk: UInt32) -> UInt8? {
    var (low, high) = (0, chunks.count)
    while low < high {
      let middle = (low + high) / 2
      if chunks[middle] < chunk { low = middle + 1 } else { high = middle }
    }
    return low < chunks.count && chunks[low] == chunk ? codes[low] : nil
  }

  package func formUnion(into set: inout BitSet) {
    for chunk in chunks where Int(chunk) < set.capacity { set.insert(Int(chunk)) }
  }
}

extension LexicalQuery {
  /// The best `limit` chunks by BM25 whose postings are in `lists`, one for each clause, best first; among `eligible`
  /// where it is given. Bit for bit the scores that segments give. Costs some nanoseconds a posting and one for each
  /// chunk number below `chunkEnd`.
  package func best(
    of lists: [PostingColumns?], statistics: CollectionStatistics, eligible: BitSet?, chunkEnd: Int, limit: Int
  ) -> [ScoredChunk] {
    let bm25 = BM25(self, statistics: statistics)
    var sums = [UInt32](repeating: 0, count: chunkEnd)
    var sum = sums.mutableSpan
    for (list, weight) in zip(lists, bm25.weights) where weight > 0 {
      guard let list else { continue }
      let (chunks, codes, lengths) = (list.chunks.span, list.codes.span, list.lengthCodes.span)
      for i in chunks.indices where Int(chunks[i]) < chunkEnd {
        sum[Int(chunks[i])] &+= bm25.units(codes[i], lengths[i], weight)
      }
    }
    var best = TopK<ScoredChunk>(limit: limit) { $0.precedes($1) }
    var least: UInt32 = 0
    for chunk in 0..<chunkEnd where sum[chunk] > least {
      if let eligible, chunk >= eligible.capacity || !eligible.contains(chunk) { continue }
      best.insert(ScoredChunk(chunk: chunk, score: bm25.score(sum[chunk])))
      // Chunks ascend: one that is only as good as the worst comes after it.
      if let worst = best.worst { least = UInt32(worst.score / bm25.unit) }
    }
    return best.sorted()
  }
}
