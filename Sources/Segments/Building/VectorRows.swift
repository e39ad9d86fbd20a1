/// The vectors of a builder: planes in blocks of rows, so that more of them do not move those there are.
struct VectorRows {
  private static let rowsInBlock = 1024
  private let planeByteCount: Int
  private var blocks: [[UInt8]] = []
  private var count = 0

  init(dimensions: Int) { planeByteCount = VectorTable.planeByteCount(dimensions: dimensions) }

  var memoryByteCount: Int { blocks.count * Self.rowsInBlock * 4 * planeByteCount }

  mutating func append(_ vector: QuantisedVector) {
    if count % Self.rowsInBlock == 0 {
      blocks.append([])
      blocks[blocks.count - 1].reserveCapacity(Self.rowsInBlock * 4 * planeByteCount)
    }
    blocks[blocks.count - 1].append(contentsOf: vector.planes)
    count += 1
  }

  /// Planes 0 to 2 of a row.
  func low(_ number: Int) -> ArraySlice<UInt8> { row(number).prefix(3 * planeByteCount) }
  func signs(_ number: Int) -> ArraySlice<UInt8> { row(number).suffix(planeByteCount) }

  private func row(_ number: Int) -> ArraySlice<UInt8> {
    let start = number % Self.rowsInBlock * 4 * planeByteCount
    return blocks[number / Self.rowsInBlock][start..<start + 4 * planeByteCount]
  }
}
