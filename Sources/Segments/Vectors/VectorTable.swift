import CKernels

/// The vectors of a segment's chunks.
///
/// | bytes of the vectors | what |
/// |---|---|
/// | stride for each chunk | i8 components, zeros up to the stride: the dimensions rounded up to a multiple of 32 |
///
/// | bytes of the scales | what |
/// |---|---|
/// | 4 for each chunk | f32: a component times this is the component of the vector |
///
/// | bytes of the sketches | what |
/// |---|---|
/// | stride / 8 for each chunk | component i in bit i % 8 of byte i / 8: set where it is not negative |
///
/// Sections begin at multiples of 64 bytes, and a map at a page, so rows of 256 components are aligned for any instruction.
struct VectorTable: ~Escapable {
  let rows: Span<UInt8>
  let scales: Span<UInt8>
  let sketches: Span<UInt8>
  let dimensions: Int
  let stride: Int
  let count: Int
  private static let blockSize = 256

  static func stride(dimensions: Int) -> Int { (dimensions + 31) / 32 * 32 }

  @_lifetime(copy rows, copy scales, copy sketches)
  init(rows: Span<UInt8>, scales: Span<UInt8>, sketches: Span<UInt8>, dimensions: Int, count: Int) {
    self.rows = rows
    self.scales = scales
    self.sketches = sketches
    self.dimensions = dimensions
    stride = Self.stride(dimensions: dimensions)
    self.count = count
  }

  func scale(_ row: Int) -> Float { Float(bitPattern: scales.uint32(at: 4 * row)) }

  @_lifetime(copy self)
  func row(_ row: Int) -> Span<UInt8> { rows.extracting(row * stride..<(row + 1) * stride) }

  func components(_ row: Int) -> [Int8] {
    let start = row * stride
    return (0..<dimensions).map { Int8(bitPattern: rows[start + $0]) }
  }

  /// The dot product of `query` and one row.
  func score(_ query: QuantisedQuery, _ row: Int) -> Float {
    var dot: Int32 = 0
    scan(query, row..<(row + 1)) { _, value in dot = value }
    return Self.score(dot, scale(row), query)
  }

  /// The best `limit` rows by their dot product with `query`, over all rows.
  func best(_ limit: Int, _ query: QuantisedQuery, among eligibility: Eligibility) -> [ScoredChunk] {
    var best = BestChunks(limit: limit)
    var worst: UInt32 = 0
    scan(query, 0..<count) { row, dot in
      let score = Self.score(dot, scale(row), query)
      guard score.isFinite else { return }
      let rank = Self.rank(score)
      if rank > worst || !best.isFull, eligibility.contains(row) {
        best.insert(UInt32(row), rank: rank)
        worst = best.worstRank ?? 0
      }
    }
    return best.sorted().map { ScoredChunk(chunk: $0.chunk, score: Self.score(ofRank: $0.rank)) }
  }

  /// Calls `body` with the dot product of each of `range`, as a whole number.
  @inline(__always)
  private func scan(_ query: QuantisedQuery, _ range: Range<Int>, _ body: (Int, Int32) -> Void) {
    var dots: InlineArray<256, Int32> = .init(repeating: 0)
    var start = range.lowerBound
    while start < range.upperBound {
      let size = min(Self.blockSize, range.upperBound - start)
      // The rows of the block lie in the section: slicing checks it.
      let block = rows.extracting(start * stride..<(start + size) * stride)
      var target = dots.mutableSpan
      unsafe block.withUnsafeBytes { bytes in
        unsafe query.components.withUnsafeBufferPointer { components in
          unsafe target.withUnsafeMutableBufferPointer { dots in
            // No dimensions, no rows to read: the sums stay 0.
            guard let from = bytes.baseAddress else { return }
            unsafe ck_scan_i16_i8(
              components.baseAddress, from.assumingMemoryBound(to: Int8.self), stride, size, dots.baseAddress)
          }
        }
      }
      for i in 0..<size { body(start + i, dots[i]) }
      start += size
    }
  }

  private static func score(_ dot: Int32, _ scale: Float, _ query: QuantisedQuery) -> Float {
    Float(dot) * (scale * query.scale)
  }

  /// A whole number that ascends with the score. Zeros of both signs are one.
  static func rank(_ score: Float) -> UInt32 {
    let bits = (score == 0 ? 0 : score).bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }
  static func score(ofRank rank: UInt32) -> Float {
    Float(bitPattern: rank >> 31 == 1 ? rank & ~(1 << 31) : ~rank)
  }
}
