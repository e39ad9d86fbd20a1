/// The vectors of a builder: rows in blocks, so that more of them do not move those there are.
struct VectorRows {
  private static let rowsInBlock = 1024
  private var blocks: [[UInt8]] = []
  private(set) var scales: [Float] = []

  init() {}

  func memoryByteCount(stride: Int) -> Int {
    blocks.count * Self.rowsInBlock * stride + grownByteCount(scales.count * 4)
  }

  /// Adds a row, filled with zeros up to `stride`.
  mutating func append(_ vector: QuantisedVector, stride: Int) {
    if scales.count % Self.rowsInBlock == 0 {
      blocks.append([])
      blocks[blocks.count - 1].reserveCapacity(Self.rowsInBlock * stride)
    }
    let last = blocks.count - 1
    for component in vector.components { blocks[last].append(UInt8(bitPattern: component)) }
    for _ in vector.components.count..<stride { blocks[last].append(0) }
    scales.append(vector.scale)
  }

  func row(_ number: Int, stride: Int) -> ArraySlice<UInt8> {
    let start = number % Self.rowsInBlock * stride
    return blocks[number / Self.rowsInBlock][start..<(start + stride)]
  }
}
