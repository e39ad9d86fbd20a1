import Kernels
import Primitives

/// The vectors of a segment's chunks, in 4 bits a component. The length of a vector is not kept: it is 1, or 0 if
/// every component is.
///
/// | bytes of the vectors | what |
/// |---|---|
/// | 3 planes for each chunk | plane b: bit b of component i (two's complement): bit i % 8 of byte i / 8; then zeros |
///
/// | bytes of the signs | what |
/// |---|---|
/// | 1 plane for each chunk | the fourth plane: set where a component is negative |
///
/// A plane has a bit for each dimension, rounded up to a multiple of 32. Sections begin at multiples of 64 bytes, and a
/// map at a page, so planes of 256 components are aligned for any instruction.
struct VectorTable: ~Escapable {
  private let lowPlanes: CheckedBytes
  private let signPlanes: CheckedBytes
  private let dimensions: Int
  private let count: Int
  private let planeByteCount: Int
  /// Components of an unpacked row.
  var stride: Int { 8 * planeByteCount }
  private static let blockSize = 1024

  static func planeByteCount(dimensions: Int) -> Int { (dimensions + 31) / 32 * 4 }

  @_lifetime(copy low, copy signs)
  init(low: CheckedBytes, signs: CheckedBytes, dimensions: Int, count: Int) {
    lowPlanes = low
    signPlanes = signs
    self.dimensions = dimensions
    self.count = count
    planeByteCount = Self.planeByteCount(dimensions: dimensions)
  }

  /// The lower three planes of a row.
  @_lifetime(copy self)
  func low(_ row: Int) -> Span<UInt8> { low(ofRows: row..<row + 1) }
  @_lifetime(copy self)
  func signs(_ row: Int) -> Span<UInt8> { signs(ofRows: row..<row + 1) }

  @_lifetime(copy self)
  private func low(ofRows rows: Range<Int>) -> Span<UInt8> {
    lowPlanes.checked(rows.lowerBound * 3 * planeByteCount..<rows.upperBound * 3 * planeByteCount)
  }
  @_lifetime(copy self)
  private func signs(ofRows rows: Range<Int>) -> Span<UInt8> {
    signPlanes.checked(rows.lowerBound * planeByteCount..<rows.upperBound * planeByteCount)
  }

  /// A row as a vector of unit length, or of zeros.
  func vector(_ number: Int) -> [Float] {
    let low = low(number)
    let signs = signs(number)
    precondition(low.count == 3 * planeByteCount && signs.count == planeByteCount)
    let (components, square) = VectorKernels.unpacked(low: low, signs: signs)
    let factor = square > 0 ? 1 / Float(square).squareRoot() : 0
    return components.prefix(dimensions).map { Float($0) * factor }
  }

  /// The cosine of the query and each of `numbers`; 0 for a row that does not exist.
  func scores(_ query: QuantisedQuery, of numbers: [Int]) -> [Float] {
    if numbers.allSatisfy({ $0 >= 0 && $0 < count }) { return scores(query, ofRows: numbers.map { UInt32($0) }) }
    let known = numbers.filter { $0 >= 0 && $0 < count }
    var next = 0
    let scores = scores(query, of: known)
    return numbers.map { number in
      guard number >= 0, number < count else { return 0 }
      next += 1
      return scores[next - 1]
    }
  }

  /// Adds the rows in `range`, which begins at a multiple of 64, by their cosine with `query`: 3 to 4 ns a row of 256.
  func scanExact(
    in range: Range<Int>, _ query: QuantisedQuery, among eligibility: Eligibility, base: UInt32,
    threshold: SharedThreshold, to best: inout HistogramTopK
  ) {
    var scores = [Float](repeating: 0, count: min(count, Self.blockSize))
    var found = [UInt32](repeating: 0, count: scores.count)
    best.exchange(threshold)
    // Small blocks first: where nothing is known that others must reach, every row of a block is found.
    let smallest = best.leastRank > 0 ? Self.blockSize : 256
    forEachBlock(of: range, sizes: smallest...Self.blockSize, among: eligibility) { block in
      best.exchange(threshold)
      let least = best.leastRank > 0 ? Float(rank: best.leastRank) : -Float.greatestFiniteMagnitude
      let foundCount = find(query, block, atLeast: least, &scores, &found)
      let first = UInt32(block.lowerBound)
      for k in 0..<foundCount {
        let row = first + found[k]
        guard scores[k].isFinite, eligibility.contains(Int(row)), eligibility.passesKinds(Int(row)) else { continue }
        best.insert(base + row, rank: scores[k].rank)
      }
    }
    best.exchange(threshold)
  }

  /// Adds the rows in `range`, which begins at a multiple of 64, by the estimate of their sign bits for `query`: an
  /// eighth of the work of scanning the rows.
  func scanSignBits(
    in range: Range<Int>, _ query: SignBitQuery, among eligibility: Eligibility, base: UInt32,
    threshold: SharedThreshold, to best: inout SignBitCandidates
  ) {
    // Four times as many in a block as of rows, of which one takes that much longer.
    let blockSize = 4 * Self.blockSize
    var sums = [Int32](repeating: 0, count: min(count, blockSize))
    var found = [UInt32](repeating: 0, count: sums.count)
    best.begin(base + UInt32(range.lowerBound)..<base + UInt32(min(count, range.upperBound)))
    forEachBlock(of: range, sizes: blockSize...blockSize, among: eligibility) { block in
      best.exchange(threshold)
      let foundCount = estimate(query, block, above: best.worst, &sums, &found)
      let first = block.lowerBound
      best.insert(found[..<foundCount], from: base + UInt32(first), sums[..<foundCount]) { row in
        eligibility.contains(first + Int(row)) && eligibility.passesKinds(first + Int(row))
      }
    }
    best.exchange(threshold)
  }

  // MARK: Blocks of rows, by the kernels

  /// Blocks of the smallest of `sizes`, the next one of twice as many rows, up to the largest.
  private func forEachBlock(
    of range: Range<Int>, sizes: ClosedRange<Int>, among eligibility: Eligibility, _ body: (Range<Int>) -> Void
  ) {
    let end = min(count, range.upperBound)
    var start = range.lowerBound
    var size = sizes.lowerBound
    while start < end {
      let block = start..<min(end, start + size)
      if eligibility.mayContain(block) { body(block) }
      start = block.upperBound
      size = min(2 * size, sizes.upperBound)
    }
  }

  private func scores(_ query: QuantisedQuery, ofRows numbers: [UInt32]) -> [Float] {
    for number in numbers {
      _ = low(Int(number))
      _ = signs(Int(number))
    }
    return VectorKernels.scores(
      query.components, of: numbers, low: lowPlanes.bytes, signs: signPlanes.bytes, planeByteCount: planeByteCount,
      factor: query.scale)
  }

  /// The rows of a block that score at least `least`: the first of `found`, counted from the block's first, with their
  /// scores. Gives how many there are.
  private func find(
    _ query: QuantisedQuery, _ range: Range<Int>, atLeast least: Float, _ scores: inout [Float], _ found: inout [UInt32]
  ) -> Int {
    VectorKernels.find(
      query.components, atLeast: least, low: low(ofRows: range), signs: signs(ofRows: range),
      planeByteCount: planeByteCount, factor: query.scale, &scores, &found)
  }

  /// The rows of a block whose estimate is above `least`: the first of `found`, counted from the block's first, with
  /// their estimates. Gives how many there are.
  private func estimate(
    _ query: SignBitQuery, _ range: Range<Int>, above least: Int32, _ sums: inout [Int32], _ found: inout [UInt32]
  ) -> Int {
    VectorKernels.find(
      signQuery: query.planes, above: least, signs: signs(ofRows: range), planeByteCount: planeByteCount, &sums, &found)
  }
}
