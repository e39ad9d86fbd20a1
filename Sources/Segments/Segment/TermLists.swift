/// The terms of one field in a builder: distinct strings, each with its posting list under the same number.
struct TermLists {
  private(set) var strings = ByteStringTable()
  private(set) var lists = PostingArena()

  init() {}

  var memoryByteCount: Int { strings.memoryByteCount + lists.memoryByteCount }

  /// Adds a posting to the list of `string`; chunks ascend.
  mutating func append(_ chunk: UInt32, code: UInt8, _ string: Span<UInt8>, hash: UInt32) {
    let number = strings.insert(string, hash: hash)
    if number == lists.count { lists.addList() }
    lists.append(chunk, code: code, to: number)
  }
}

/// The vectors of a builder: rows in blocks, so that more of them do not move those there are.
struct VectorRows {
  private static let rowsInBlock = 1024
  private var blocks: [[UInt8]] = []
  private(set) var scales: [Float] = []

  init() {}

  var memoryByteCount: Int { blocks.reduce(0) { $0 + $1.count } + scales.count * 4 }

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
