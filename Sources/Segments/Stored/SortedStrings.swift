import Primitives

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

  /// Appends the end of the section.
  mutating func finish() { output.append(contentsOf: offsets) }
}

/// Reads what `SortedStringsWriter` wrote.
struct SortedStrings: ~Escapable {
  private let section: CheckedBytes
  private var bytes: Span<UInt8> {
    @_lifetime(copy self) get { section.bytes }
  }
  let count: Int
  private let offsetsStart: Int

  /// - Parameter section: checked whole.
  @_lifetime(copy section)
  init(_ section: CheckedBytes, count: Int) {
    self.section = section
    self.count = count
    let blockCount = (count + SortedStringsWriter.blockSize - 1) / SortedStringsWriter.blockSize
    offsetsStart = max(0, section.count - 4 * blockCount)
  }

  /// The string with this number; empty if there is none. The ones before it are not put together: it is copied from
  /// the pieces that it is made of, the last one first.
  subscript(_ number: Int) -> [UInt8] {
    guard number >= 0, number < count else { return [] }
    var cursor = block(number / SortedStringsWriter.blockSize)
    // Of each string from the block's first on, how many bytes it shares, and where the others are.
    var shared: InlineArray<16, Int> = .init(repeating: 0)
    var starts: InlineArray<16, Int> = .init(repeating: 0)
    let last = number % SortedStringsWriter.blockSize
    var byteCount = 0
    for i in 0...last {
      let counts = FrontCoding.readCounts(&cursor)
      shared[i] = counts.shared
      starts[i] = cursor.offset
      cursor.skip(counts.rest)
      if cursor.isDamaged || counts.shared > byteCount || counts.shared + counts.rest > StoredLimits.pathByteCount {
        section.reportContradiction()
        return []
      }
      byteCount = counts.shared + counts.rest
    }
    return unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { string, initializedCount in
      var end = byteCount
      var i = last
      // The first string of a block shares nothing, and none shares more than the one before it has.
      while end > 0 {
        for k in min(shared[i], end)..<end { unsafe string[k] = bytes[starts[i] + k - shared[i]] }
        end = min(shared[i], end)
        i -= 1
      }
      initializedCount = byteCount
    }
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
      FrontCoding.read(&cursor, limit: StoredLimits.pathByteCount, into: &candidate)
      if string.span.compare(candidate.span) < 0 { high = middle } else { low = middle }
    }
    var cursor = block(low)
    candidate.removeAll(keepingCapacity: true)
    let first = low * SortedStringsWriter.blockSize
    for number in first..<max(first, min(count, first + SortedStringsWriter.blockSize)) {
      FrontCoding.read(&cursor, limit: StoredLimits.pathByteCount, into: &candidate)
      if cursor.isDamaged { section.reportContradiction() }
      if candidate == string { return number }
    }
    return nil
  }

  /// Replaces `current`, the string before `number` (anything for the first of a block), by the string with that
  /// number; `offset` is where it begins and is moved on. For reading all strings in their order.
  func read(_ number: Int, at offset: inout Int, into current: inout [UInt8]) {
    if number % SortedStringsWriter.blockSize == 0 { current.removeAll(keepingCapacity: true) }
    var cursor = ByteCursor(bytes.clamped(0..<offsetsStart), at: offset)
    FrontCoding.read(&cursor, limit: StoredLimits.pathByteCount, into: &current)
    if cursor.isDamaged { section.reportContradiction() }
    offset = cursor.offset
  }

  @_lifetime(copy self)
  private func block(_ number: Int) -> ByteCursor {
    ByteCursor(bytes.clamped(0..<offsetsStart), at: Int(bytes.uint32(at: offsetsStart + 4 * number)))
  }
}
