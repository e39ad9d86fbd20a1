/// Writes a sorted list of byte strings in blocks of 16: the paths of a segment.
///
/// | bytes | what |
/// |---|---|
/// | ... | the strings, front coded (`FrontCoding`); the first of each block of 16 shares nothing |
/// | 4 for each block | u32: where the block begins |
struct SortedStringsWriter {
  static let blockSize = 16

  /// Bytes to be appended to the section; the caller takes them whenever it likes.
  var output: [UInt8] = []
  private(set) var count = 0
  private var taken = 0
  private var offsets: [UInt8] = []
  private var previous: [UInt8] = []

  /// Adds a string, which must not sort before the one added last.
  mutating func add(_ string: [UInt8]) {
    if count % Self.blockSize == 0 {
      offsets.append(number: UInt32(taken + output.count))
      previous.removeAll(keepingCapacity: true)
    }
    FrontCoding.append(string.span, after: previous, to: &output)
    previous = string
    count += 1
  }

  /// The bytes since the last call.
  mutating func take() -> [UInt8] {
    taken += output.count
    defer { output = [] }
    return output
  }

  /// Appends what stands at the end of the section.
  mutating func finish() { output.append(contentsOf: offsets) }
}

/// Reads what `SortedStringsWriter` wrote.
struct SortedStrings: ~Escapable {
  let bytes: Span<UInt8>
  let count: Int
  private let offsetsStart: Int

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, count: Int) {
    self.bytes = bytes
    self.count = count
    let blockCount = (count + SortedStringsWriter.blockSize - 1) / SortedStringsWriter.blockSize
    offsetsStart = max(0, bytes.count - 4 * blockCount)
  }

  /// The string with this number; empty where there is none.
  subscript(_ number: Int) -> [UInt8] {
    guard number >= 0, number < count else { return [] }
    var string: [UInt8] = []
    var cursor = block(number / SortedStringsWriter.blockSize)
    for _ in 0...(number % SortedStringsWriter.blockSize) { FrontCoding.read(&cursor, into: &string) }
    return string
  }

  /// The number of `string`, by binary search.
  func number(of string: [UInt8]) -> Int? {
    var low = 0
    var high = (count + SortedStringsWriter.blockSize - 1) / SortedStringsWriter.blockSize
    var candidate: [UInt8] = []
    while high - low > 1 {
      let middle = (low + high) / 2
      var cursor = block(middle)
      candidate.removeAll(keepingCapacity: true)
      FrontCoding.read(&cursor, into: &candidate)
      if string.span.compare(candidate.span) < 0 { high = middle } else { low = middle }
    }
    var cursor = block(low)
    candidate.removeAll(keepingCapacity: true)
    let first = low * SortedStringsWriter.blockSize
    for number in first..<max(first, min(count, first + SortedStringsWriter.blockSize)) {
      FrontCoding.read(&cursor, into: &candidate)
      if candidate == string { return number }
    }
    return nil
  }

  /// Replaces `current`, the string before `number` (anything for the first of a block), by the string with that
  /// number; `offset` is where it begins and is moved on. For reading all strings in their order.
  func read(_ number: Int, at offset: inout Int, into current: inout [UInt8]) {
    if number % SortedStringsWriter.blockSize == 0 { current.removeAll(keepingCapacity: true) }
    var cursor = ByteCursor(bytes.clamped(0..<offsetsStart), at: offset)
    FrontCoding.read(&cursor, into: &current)
    offset = cursor.offset
  }

  @_lifetime(copy self)
  private func block(_ number: Int) -> ByteCursor {
    ByteCursor(bytes.clamped(0..<offsetsStart), at: Int(bytes.uint32(at: offsetsStart + 4 * number)))
  }
}
