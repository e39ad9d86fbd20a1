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
/// Sections begin at multiples of 64 bytes, and a map at a page, so rows of 256 components are aligned for any
/// instruction.
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
  func score(_ query: QuantisedQuery, _ number: Int) -> Float {
    var dot: Int32 = 0
    let row = row(number)
    unsafe row.withUnsafeBytes { bytes in
      unsafe query.components.withUnsafeBufferPointer { components in
        guard let from = bytes.baseAddress else { return }
        unsafe ck_scan_i16_i8(
          components.baseAddress, from.assumingMemoryBound(to: Int8.self), stride, 1, &dot)
      }
    }
    return Float(dot) * (scale(number) * query.scale)
  }

  /// The best `limit` rows by their dot product with `query`: every row is looked at. 8 to 10 ns a row of 256, which
  /// is the speed of memory.
  func best(_ limit: Int, _ query: QuantisedQuery, among eligibility: Eligibility) -> [ScoredChunk] {
    var best = BestChunks(limit: limit)
    if limit <= 0 { return [] }
    var dots: InlineArray<256, Int32> = .init(repeating: 0)
    var scores: InlineArray<256, Float> = .init(repeating: 0)
    var found: InlineArray<256, UInt32> = .init(repeating: 0)
    var worst = -Float.greatestFiniteMagnitude
    for start in Swift.stride(from: 0, to: count, by: Self.blockSize) {
      let range = start..<min(count, start + Self.blockSize)
      if !eligibility.mayContain(range) { continue }
      scan(query, range, into: &dots)
      for k in 0..<collect(range, dots, query.scale, atLeast: worst, &scores, &found) {
        let i = Int(found[k])
        guard eligibility.contains(start + i), scores[i].isFinite, scores[i] >= worst,
          eligibility.passesKinds(start + i)
        else { continue }
        best.insert(UInt32(start + i), rank: Self.rank(scores[i]))
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

  // MARK: Blocks of at most 256 rows, by the kernels. Slicing checks that they lie in their sections.

  private func scan(_ query: QuantisedQuery, _ range: Range<Int>, into dots: inout InlineArray<256, Int32>) {
    let block = rows.extracting(range.lowerBound * stride..<range.upperBound * stride)
    var target = dots.mutableSpan
    unsafe block.withUnsafeBytes { bytes in
      unsafe query.components.withUnsafeBufferPointer { components in
        unsafe target.withUnsafeMutableBufferPointer { dots in
          // No dimensions, no rows to read: the sums stay 0.
          guard let from = bytes.baseAddress else { return }
          unsafe ck_scan_i16_i8(
            components.baseAddress, from.assumingMemoryBound(to: Int8.self), stride, range.count, dots.baseAddress)
        }
      }
    }
  }

  private func collect(
    _ range: Range<Int>, _ dots: InlineArray<256, Int32>, _ factor: Float, atLeast least: Float,
    _ scores: inout InlineArray<256, Float>, _ found: inout InlineArray<256, UInt32>
  ) -> Int {
    let block = scales.extracting(range.lowerBound * 4..<range.upperBound * 4)
    let sums = dots.span
    var scores = scores.mutableSpan
    var found = found.mutableSpan
    return unsafe block.withUnsafeBufferPointer { scales in
      unsafe sums.withUnsafeBufferPointer { dots in
        unsafe scores.withUnsafeMutableBufferPointer { scores in
          unsafe found.withUnsafeMutableBufferPointer { found in
            unsafe ck_scores_at_least(
              dots.baseAddress, scales.baseAddress, factor, range.count, least, scores.baseAddress, found.baseAddress)
          }
        }
      }
    }
  }

  private func estimate(
    _ query: SketchQuery, _ range: Range<Int>, above least: Int32, _ sums: inout InlineArray<256, Int32>,
    _ found: inout InlineArray<256, UInt32>
  ) -> Int {
    let byteCount = stride / 8
    let block = sketches.extracting(range.lowerBound * byteCount..<range.upperBound * byteCount)
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
