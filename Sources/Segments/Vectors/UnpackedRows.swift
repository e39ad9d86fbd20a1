import CKernels

/// A few rows of a vector table with a byte a component, and what a question makes of them. Its memory is reused from
/// block to block.
struct UnpackedRows {
  private let stride: Int
  private var count = 0
  private(set) var components: [Int8]
  /// The sum of the squares of each row.
  private(set) var squares: [Int32]
  private var dots: [Int32]
  private(set) var scores: [Float]
  /// The rows that reach the score asked for: the first `foundCount`.
  private(set) var found: [UInt32]
  private(set) var foundCount = 0

  init(stride: Int, capacity: Int) {
    self.stride = stride
    components = Array(repeating: 0, count: stride * capacity)
    squares = Array(repeating: 0, count: capacity)
    dots = squares
    scores = Array(repeating: 0, count: capacity)
    found = Array(repeating: 0, count: capacity)
  }

  /// Fills in `count` rows, no more than there is room for, from their planes.
  mutating func unpack(_ low: Span<UInt8>, _ signs: Span<UInt8>, planeByteCount: Int, count: Int) {
    precondition(count <= squares.count && planeByteCount * 8 == stride && signs.count == planeByteCount * count)
    precondition(low.count == 3 * signs.count)
    self.count = count
    unsafe low.withUnsafeBufferPointer { low in
      unsafe signs.withUnsafeBufferPointer { signs in
        // No dimensions: nothing to read, and the sums stay 0.
        guard let low = low.baseAddress, let signs = signs.baseAddress else { return }
        unsafe ck_unpack_planes(low, signs, planeByteCount, count, &components, &squares)
      }
    }
  }

  /// Scores the rows, and finds those of at least `least`.
  mutating func score(_ query: QuantisedQuery, atLeast least: Float) {
    precondition(query.components.count == stride)
    if stride > 0 { unsafe ck_scan_i16_i8(query.components, components, stride, count, &dots) }
    foundCount = unsafe ck_scores_at_least(dots, squares, query.scale, count, least, &scores, &found)
  }
}
