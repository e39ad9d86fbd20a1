import CKernels

/// The vectors of a segment's chunks, in 4 bits a component. The length of a vector is not kept: it is 1, or 0 where every
/// component is.
///
/// | bytes of the vectors | what |
/// |---|---|
/// | 3 planes for each chunk | plane b: bit b of component i in bit i % 8 of byte i / 8, in two's complement; zeros at the end |
///
/// | bytes of the signs | what |
/// |---|---|
/// | 1 plane for each chunk | the fourth plane: set where a component is negative |
///
/// A plane has a bit for each dimension, rounded up to a multiple of 32. Sections begin at multiples of 64 bytes, and a map
/// at a page, so planes of 256 components are aligned for any instruction.
struct VectorTable: ~Escapable {
  private let lowPlanes: Span<UInt8>
  private let signPlanes: Span<UInt8>
  private let dimensions: Int
  private let count: Int
  private let planeByteCount: Int
  /// Components of an unpacked row.
  var stride: Int { 8 * planeByteCount }
  private static let blockSize = 256
  /// Rows that are unpacked at once: few enough to stay in the processor's nearest cache.
  private static let unpackedCount = 32

  static func planeByteCount(dimensions: Int) -> Int { (dimensions + 31) / 32 * 4 }

  @_lifetime(copy low, copy signs)
  init(low: Span<UInt8>, signs: Span<UInt8>, dimensions: Int, count: Int) {
    lowPlanes = low
    signPlanes = signs
    self.dimensions = dimensions
    self.count = count
    planeByteCount = Self.planeByteCount(dimensions: dimensions)
  }

  /// The lower three planes of a row.
  @_lifetime(copy self)
  func low(_ row: Int) -> Span<UInt8> {
    lowPlanes.extracting(row * 3 * planeByteCount..<(row + 1) * 3 * planeByteCount)
  }
  @_lifetime(copy self)
  func signs(_ row: Int) -> Span<UInt8> { signPlanes.extracting(row * planeByteCount..<(row + 1) * planeByteCount) }

  /// A row as a vector of unit length, or of zeros.
  func vector(_ number: Int) -> [Float] {
    var rows = UnpackedRows(stride: stride, capacity: 1)
    unpack(number..<number + 1, into: &rows)
    let square = rows.squares[0]
    let factor = square > 0 ? 1 / Float(square).squareRoot() : 0
    return rows.components.prefix(dimensions).map { Float($0) * factor }
  }

  /// The cosine of the question and each of `numbers`; 0 for a row that there is not.
  func scores(_ query: QuantisedQuery, of numbers: [Int]) -> [Float] {
    var rows = UnpackedRows(stride: stride, capacity: 1)
    return numbers.map { number in
      guard number >= 0, number < count else { return 0 }
      unpack(number..<number + 1, into: &rows)
      rows.score(query, atLeast: -.infinity)
      return rows.scores[0]
    }
  }

  /// The best `limit` rows by their cosine with `query`: every row is looked at. Some 20 ns a row of 256.
  func best(_ limit: Int, _ query: QuantisedQuery, among eligibility: Eligibility) -> [ScoredChunk] {
    var best = BestChunks(limit: limit)
    if limit <= 0 { return [] }
    var rows = UnpackedRows(stride: stride, capacity: Self.unpackedCount)
    var worst = -Float.greatestFiniteMagnitude
    for start in Swift.stride(from: 0, to: count, by: Self.unpackedCount) {
      let range = start..<min(count, start + Self.unpackedCount)
      if !eligibility.mayContain(range) { continue }
      unpack(range, into: &rows)
      rows.score(query, atLeast: worst)
      for k in 0..<rows.foundCount {
        let i = Int(rows.found[k])
        guard eligibility.contains(start + i), rows.scores[i].isFinite, rows.scores[i] >= worst,
          eligibility.passesKinds(start + i)
        else { continue }
        best.insert(UInt32(start + i), rank: Self.rank(rows.scores[i]))
        if let rank = best.worstRank { worst = Self.score(ofRank: rank) }
      }
    }
    return best.sorted().map { ScoredChunk(chunk: $0.chunk, score: Self.score(ofRank: $0.rank)) }
  }

  /// The `limit` rows (at least 1) whose signs fit `query` best, ascending: an eighth of the bytes of a scan of the rows.
  func candidates(_ limit: Int, _ query: SketchQuery, among eligibility: Eligibility) -> [Int] {
    var buffer = CandidateBuffer(limit: limit)
    var sums: InlineArray<256, Int32> = .init(repeating: 0)
    var found: InlineArray<256, UInt32> = .init(repeating: 0)
    for start in Swift.stride(from: 0, to: count, by: Self.blockSize) {
      let range = start..<min(count, start + Self.blockSize)
      if !eligibility.mayContain(range) { continue }
      // An estimate as a number without a sign, in the same order.
      let worst = buffer.worstRank.map { Int32(bitPattern: $0 ^ 1 << 31) } ?? .min
      for k in 0..<estimate(query, range, above: worst, &sums, &found) {
        let i = Int(found[k])
        guard eligibility.contains(start + i), eligibility.passesKinds(start + i) else { continue }
        buffer.insert(UInt32(start + i), rank: UInt32(bitPattern: sums[i]) ^ 1 << 31)
      }
    }
    return buffer.chunks()
  }

  // MARK: Blocks of rows, by the kernels. Slicing checks that they lie in their sections.

  private func unpack(_ range: Range<Int>, into rows: inout UnpackedRows) {
    let low = lowPlanes.extracting(range.lowerBound * 3 * planeByteCount..<range.upperBound * 3 * planeByteCount)
    let signs = signPlanes.extracting(range.lowerBound * planeByteCount..<range.upperBound * planeByteCount)
    rows.unpack(low, signs, planeByteCount: planeByteCount, count: range.count)
  }

  private func estimate(
    _ query: SketchQuery, _ range: Range<Int>, above least: Int32, _ sums: inout InlineArray<256, Int32>,
    _ found: inout InlineArray<256, UInt32>
  ) -> Int {
    let byteCount = planeByteCount
    let block = signPlanes.extracting(range.lowerBound * byteCount..<range.upperBound * byteCount)
    var sums = sums.mutableSpan
    var found = found.mutableSpan
    return unsafe block.withUnsafeBufferPointer { rows in
      unsafe query.planes.withUnsafeBufferPointer { planes in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          unsafe found.withUnsafeMutableBufferPointer { found in
            guard let start = rows.baseAddress else { return 0 }
            unsafe ck_scan_bits(planes.baseAddress, start, byteCount, range.count, sums.baseAddress)
            return unsafe ck_find_above(sums.baseAddress, range.count, least, found.baseAddress)
          }
        }
      }
    }
  }

  // MARK: Order

  /// A whole number that ascends with the score. Zeros of both signs are one.
  static func rank(_ score: Float) -> UInt32 {
    let bits = (score == 0 ? 0 : score).bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }
  static func score(ofRank rank: UInt32) -> Float {
    Float(bitPattern: rank >> 31 == 1 ? rank & ~(1 << 31) : ~rank)
  }
}
