/// Writes the chunks of a segment in blocks of 16.
///
/// | bytes | what |
/// |---|---|
/// | ... | the records (`ChunkCoder`); the first of a block or of a file is expected at byte 0, line 1 |
/// | 4 for each block | u32: where the block begins |
struct ChunkTableWriter {
  static let blockSize = 16

  /// Bytes to be appended to the section; the caller takes them whenever it likes.
  private(set) var output: [UInt8] = []
  private(set) var count = 0
  private var taken = 0
  private var offsets: [UInt8] = []
  private var expected = ChunkRecord.start
  private var coder = ChunkCoder()

  init() {}

  mutating func add(_ record: ChunkRecord, isFirstOfFile: Bool) {
    if count % Self.blockSize == 0 {
      offsets.append(number: UInt32(taken + output.count))
      coder.reset()
    }
    if count % Self.blockSize == 0 || isFirstOfFile { expected = ChunkRecord.start }
    coder.append(record, to: &output, expected: expected)
    expected = record.end
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

/// Reads what `ChunkTableWriter` wrote.
struct ChunkTable: ~Escapable {
  let bytes: Span<UInt8>
  let count: Int
  let offsetsStart: Int

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, count: Int) {
    self.bytes = bytes
    self.count = count
    let blockCount = (count + ChunkTableWriter.blockSize - 1) / ChunkTableWriter.blockSize
    offsetsStart = max(0, bytes.count - 4 * blockCount)
  }

  /// The record of `number`, a chunk of a file whose first chunk is `firstOfFile`.
  func record(_ number: Int, firstOfFile: Int) -> ChunkRecord {
    var record = ChunkRecord()
    guard number >= 0, number < count else { return record }
    let block = number / ChunkTableWriter.blockSize
    var cursor = ByteCursor(
      bytes.clamped(0..<offsetsStart), at: Int(bytes.uint32(at: offsetsStart + 4 * block)))
    var coder = ChunkCoder()
    let first = block * ChunkTableWriter.blockSize
    for current in first...number {
      let expected = current == first || current == firstOfFile ? ChunkRecord.start : record.end
      coder.read(&cursor, expected: expected, keepsSymbols: current == number, into: &record)
    }
    return cursor.isDamaged ? ChunkRecord() : record
  }

  /// Where a reader of all chunks in their order stands.
  struct Place {
    fileprivate(set) var record = ChunkRecord()
    fileprivate var next = 0
    fileprivate var offset = 0
    fileprivate var coder = ChunkCoder()
    init() {}
  }

  /// Moves to the next chunk; false at the end or where the table is damaged.
  func advance(_ place: inout Place, isFirstOfFile: Bool) -> Bool {
    guard place.next < count else { return false }
    var cursor = ByteCursor(bytes.clamped(0..<offsetsStart), at: place.offset)
    let isFirstOfBlock = place.next % ChunkTableWriter.blockSize == 0
    if isFirstOfBlock { place.coder.reset() }
    let expected = isFirstOfBlock || isFirstOfFile ? ChunkRecord.start : place.record.end
    place.coder.read(&cursor, expected: expected, keepsSymbols: true, into: &place.record)
    place.offset = cursor.offset
    place.next += 1
    return !cursor.isDamaged
  }
}
