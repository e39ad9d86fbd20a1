/// Writes the chunks of a segment in blocks of 16.
///
/// | bytes | what |
/// |---|---|
/// | ... | the records (`ChunkRecord`); the first of a block or of a file is expected at byte 0, line 1 |
/// | 4 for each block | u32: where the block begins |
struct ChunkTableWriter {
  static let blockSize = 16

  /// Bytes to be appended to the section; the caller takes them whenever it likes.
  var output: [UInt8] = []
  private(set) var count = 0
  private var taken = 0
  private var offsets: [UInt8] = []
  private var expected = ChunkRecord.start

  mutating func add(_ record: ChunkRecord, isFirstOfFile: Bool) {
    if count % Self.blockSize == 0 { offsets.append(number: UInt32(taken + output.count)) }
    if count % Self.blockSize == 0 || isFirstOfFile { expected = ChunkRecord.start }
    record.append(to: &output, expected: expected)
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
  private let offsetsStart: Int

  /// The records of a builder, whose table has no end yet.
  @_lifetime(copy bytes)
  init(unfinished bytes: Span<UInt8>, count: Int) {
    self.bytes = bytes
    self.count = count
    offsetsStart = bytes.count
  }

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
    let first = block * ChunkTableWriter.blockSize
    for current in first...number {
      record.read(&cursor, expected: current == first || current == firstOfFile ? ChunkRecord.start : record.end)
    }
    return cursor.isDamaged ? ChunkRecord() : record
  }

  /// Replaces `record`, the chunk before `number`, by the chunk with that number; `offset` is where it begins and is moved
  /// on. For reading all chunks in their order. False where the table is damaged.
  func read(_ number: Int, isFirstOfFile: Bool, at offset: inout Int, into record: inout ChunkRecord) -> Bool {
    var cursor = ByteCursor(bytes.clamped(0..<offsetsStart), at: offset)
    let restarts = isFirstOfFile || number % ChunkTableWriter.blockSize == 0
    record.read(&cursor, expected: restarts ? ChunkRecord.start : record.end)
    offset = cursor.offset
    return !cursor.isDamaged
  }
}
