package import Primitives
import Synchronization

/// The search for the vectors nearest to a query's in several segments together, in pieces that may be done at once, in
/// any order and on any thread: the result is the same. It owns the quantised query: every exact score of a search
/// comes from here.
///
/// If many chunks pass the filters, the sign bits of the vectors (binary quantization) choose candidates of all
/// segments first, with an oversampling factor of 24, of which the best by their exact scores are given: a quarter of
/// the bytes and of the work; now and then one near the end of the list is missed. Otherwise the scan is exhaustive.
package final class VectorSearch: Sendable {
  /// Some rows of one segment.
  package struct Piece: Sendable {
    let segment: Int
    let rows: Range<Int>
  }
  package let pieces: [Piece]

  private let segments: [Segment]
  private let eligible: [BitSet?]
  private let kinds: SymbolKindFilter?
  /// The numbers of segments that are left out.
  private let leftOut: Set<Int>
  private let limit: Int
  private let candidateCount: Int
  private let quantised: QuantisedQuery
  /// Set if sign bits choose candidates first.
  private let signBitQuery: SignBitQuery?
  /// The number of each segment's first chunk when all are counted.
  private let firsts: [UInt32]
  private let threshold = SharedThreshold()
  /// What was found by sign bits; one piece after the other adds to a buffer. Each buffer is of one segment, as those
  /// below.
  private let signBits: Mutex<[[SignBitCandidates]]>
  /// What an exhaustive scan has found. Each buffer is of one segment, in which the smaller of two numbers comes first
  /// in the order of results.
  private let buffers: Mutex<[[HistogramTopK]]>

  /// Rows of a piece, by sign bits and in an exhaustive scan: a twentieth and a fortieth of a millisecond.
  private static let pieceSize = (bySigns: 1 << 16, exhaustive: 1 << 13)

  /// - Parameters:
  ///   - segments: each with the chunks that pass the filters (all if nil); together less than 2^32 chunks.
  ///   - leftOut: the numbers of segments whose vectors another model made, which cannot be compared: none of their
  ///     chunks is found, and each has the score 0.
  ///   - isExhaustive: whether the scan is exhaustive, or sign bits choose candidates first; whichever pays if nil.
  package init(
    _ query: [Float], in segments: [(segment: Segment, eligible: BitSet?)], kinds: SymbolKindFilter?, limit: Int,
    leavingOut leftOut: Set<Int> = [], isExhaustive: Bool? = nil
  ) {
    self.leftOut = leftOut
    self.segments = segments.map(\.segment)
    self.eligible = segments.map(\.eligible)
    self.kinds = kinds
    // All segments of an index have as many dimensions; one that has others could not be compared.
    let compared = segments.indices.first { !leftOut.contains($0) }.map { segments[$0] }
    let stride = compared.map { $0.segment.vectors.stride } ?? 0
    var firsts: [UInt32] = []
    var searched: [Int] = []
    var count = 0
    var eligibleCount = 0
    for (number, (segment, eligible)) in segments.enumerated() {
      firsts.append(UInt32(count))
      count += segment.chunkCount
      guard segment.vectors.stride == stride, limit > 0, !leftOut.contains(number) else { continue }
      eligibleCount += Eligibility(eligible?.words).count(of: segment.chunkCount)
      searched.append(number)
    }
    self.firsts = firsts
    buffers = Mutex(Array(repeating: [], count: segments.count))
    signBits = Mutex(Array(repeating: [], count: segments.count))
    self.limit = max(1, min(limit, count))
    candidateCount = max(400, 24 * self.limit)
    // To choose a candidate and rescore it, wherever it lies, takes about as long as to scan 16 consecutive rows. Up to
    // twice as many the scan is exhaustive all the same: none is missed.
    let usesSigns = isExhaustive.map { !$0 } ?? (eligibleCount > 32 * candidateCount)
    quantised = QuantisedQuery(query, stride: stride)
    signBitQuery = usesSigns ? SignBitQuery(query, stride: stride) : nil
    let pieceSize = usesSigns ? Self.pieceSize.bySigns : Self.pieceSize.exhaustive
    pieces = searched.flatMap { number in
      let count = segments[number].segment.chunkCount
      return Swift.stride(from: 0, to: count, by: pieceSize).map {
        Piece(segment: number, rows: $0..<min(count, $0 + pieceSize))
      }
    }
  }

  /// Scans a piece, once.
  package func scan(_ piece: Piece) {
    let number = piece.segment
    let segment = segments[number]
    let eligibility = Eligibility(eligible[number]?.words, kinds: kinds.map { KindMemo(segment, $0) })
    if let signBitQuery {
      var buffer =
        signBits.withLock { $0[number].popLast() }
        ?? SignBitCandidates(limit: candidateCount, signBitQuery, rowCount: segment.chunkCount)
      segment.vectors.scanSignBits(
        in: piece.rows, signBitQuery, among: eligibility, base: firsts[number], threshold: threshold, to: &buffer)
      signBits.withLock { [buffer] in $0[number].append(buffer) }
      return
    }
    var buffer = buffers.withLock { $0[number].popLast() } ?? HistogramTopK(limit: limit)
    segment.vectors.scanExact(
      in: piece.rows, quantised, among: eligibility, base: firsts[number], threshold: threshold, to: &buffer)
    buffers.withLock { [buffer] in $0[number].append(buffer) }
  }

  /// The best of all pieces, when each was scanned, in no order: `limit`, and what is as good as the last of them.
  package func best() -> [(segment: Int, chunk: Int, score: Float)] {
    guard signBitQuery != nil else {
      return best(buffers.withLock { $0 }.joined().flatMap { $0.best() })
    }
    let numbers = candidates(of: signBits.withLock { $0 }.joined().flatMap(\.best))
    var scored: [UInt64] = []
    scored.reserveCapacity(numbers.count)
    var start = 0
    while start < numbers.count {
      let number = segmentNumber(of: numbers[start])
      let end = numbers[start...].firstIndex { segmentNumber(of: $0) != number } ?? numbers.count
      let chunks = numbers[start..<end].map { Int($0 - firsts[number]) }
      let segment = segments[number]
      let scores = segment.vectors.scores(quantised, of: chunks)
      for (k, score) in scores.enumerated() where score.isFinite {
        scored.append(HistogramTopK.entry(numbers[start + k], rank: score.rank))
      }
      start = end
    }
    return best(scored)
  }

  /// The cosine of the query and each of `chunks` of a segment, as `best` gives it; 0 for a chunk that there is not.
  package func scores(of chunks: [Int], in number: Int) -> [Float] {
    let segment = segments[number]
    let vectors = segment.vectors
    guard vectors.stride == quantised.components.count, !leftOut.contains(number) else {
      return [Float](repeating: 0, count: chunks.count)
    }
    return vectors.scores(quantised, of: chunks)
  }

  /// The numbers, ascending, of the `candidateCount` best, and where estimates are the same of those that come first in
  /// the order of paths and lines: the same chunks in whichever segments they lie.
  private func candidates(of entries: [UInt64]) -> [UInt32] {
    let largest = entries.largest(candidateCount)
    let numbers = largest.map { HistogramTopK.number(of: $0) }.sorted()
    guard entries.count > largest.count, let least = largest.min().map({ HistogramTopK.rank(of: $0) }) else {
      return numbers
    }
    let last = entries.filter { HistogramTopK.rank(of: $0) == least }.map { HistogramTopK.number(of: $0) }.sorted()
    let above = largest.filter { HistogramTopK.rank(of: $0) > least }.map { HistogramTopK.number(of: $0) }
    let free = largest.count - above.count
    // In one segment the smaller number comes first.
    if last.count == free || segmentNumber(of: last[0]) == segmentNumber(of: last[last.count - 1]) { return numbers }
    return (above + first(free, of: last)).sorted()
  }

  /// Those of `numbers`, which ascend, that come first in the order of paths and lines.
  private func first(_ count: Int, of numbers: [UInt32]) -> [UInt32] {
    struct Head {
      var rest: ArraySlice<UInt32>
      var path: FilePath
      /// Behind the last chunk of the file.
      var end: UInt32
    }
    func head(_ rest: ArraySlice<UInt32>) -> Head? {
      guard let number = rest.first else { return nil }
      let index = segmentNumber(of: number)
      let segment = segments[index]
      let file = segment.fileNumber(ofChunk: Int(number - firsts[index]))
      // What damage says of a file, it has the one chunk at least.
      let end = max(number + 1, firsts[index] + UInt32(segment.chunks(ofFile: file).upperBound))
      return Head(rest: rest, path: segment.path(ofFile: file), end: end)
    }
    var heads: [Head] = []
    var start = 0
    while start < numbers.count {
      let segment = segmentNumber(of: numbers[start])
      let end = numbers[start...].firstIndex { segmentNumber(of: $0) != segment } ?? numbers.count
      if let head = head(numbers[start..<end]) { heads.append(head) }
      start = end
    }
    var taken: [UInt32] = []
    while taken.count < count, let next = heads.indices.min(by: { heads[$0].path < heads[$1].path }) {
      let ofFile = heads[next].rest.prefix { $0 < heads[next].end }
      taken += ofFile.prefix(count - taken.count)
      if let further = head(heads[next].rest.dropFirst(ofFile.count)) {
        heads[next] = further
      } else {
        heads.remove(at: next)
      }
    }
    return taken
  }

  private func best(_ entries: [UInt64]) -> [(segment: Int, chunk: Int, score: Float)] {
    let least = entries.largest(limit).min() ?? 0
    return entries.compactMap { entry in
      guard entry >> 32 >= least >> 32 else { return nil }
      let number = HistogramTopK.number(of: entry)
      let segment = segmentNumber(of: number)
      return (segment, Int(number - firsts[segment]), Float(rank: HistogramTopK.rank(of: entry)))
    }
  }

  /// The number of the segment that has a chunk, by the chunk's number among all.
  private func segmentNumber(of number: UInt32) -> Int {
    var index = firsts.count - 1
    while firsts[index] > number { index -= 1 }
    return index
  }
}
