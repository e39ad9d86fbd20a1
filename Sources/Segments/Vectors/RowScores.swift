import CKernels

/// What a question makes of a few rows of a vector table. Its memory is reused from block to block.
struct RowScores {
  private var dots: [Int32]
  /// The sum of the squares of each row.
  private var squares: [Int32]
  private(set) var scores: [Float]
  /// The rows that reach the score asked for: the first `foundCount`, counted from the first one that was scored.
  private(set) var found: [UInt32]
  private(set) var foundCount = 0

  init(capacity: Int) {
    dots = Array(repeating: 0, count: capacity)
    squares = dots
    scores = Array(repeating: 0, count: capacity)
    found = Array(repeating: 0, count: capacity)
  }

  /// Scores the rows in `numbers`, or all rows where there are none, and finds those of at least `least`. No more of them than
  /// there is room for.
  mutating func score(
    _ low: Span<UInt8>, _ signs: Span<UInt8>, planeByteCount: Int, numbers: [UInt32]? = nil, _ query: QuantisedQuery,
    atLeast least: Float
  ) {
    let rowCount = planeByteCount > 0 ? signs.count / planeByteCount : 0
    let count = numbers?.count ?? rowCount
    precondition(count <= scores.count && query.components.count == 8 * planeByteCount)
    precondition(low.count == 3 * signs.count && numbers?.allSatisfy { $0 < rowCount } != false)
    unsafe low.withUnsafeBufferPointer { low in
      unsafe signs.withUnsafeBufferPointer { signs in
        guard let low = low.baseAddress, let signs = signs.baseAddress else { return }
        if let numbers {
          unsafe ck_scan_planes(query.components, low, signs, planeByteCount, numbers, count, &dots, &squares)
        } else {
          unsafe ck_scan_planes(query.components, low, signs, planeByteCount, nil, count, &dots, &squares)
        }
      }
    }
    foundCount = unsafe ck_scores_at_least(dots, squares, query.scale, count, least, &scores, &found)
  }
}
