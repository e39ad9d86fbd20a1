package import Chunking

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

  /// Appends the end of the section.
  mutating func finish() { output.append(contentsOf: offsets) }
}

/// Reads what `ChunkTableWriter` wrote.
struct ChunkTable: ~Escapable {
  private let section: CheckedBytes
  let count: Int
  private let offsetsStart: Int
  private let blockCount: Int

  @_lifetime(copy section)
  init(_ section: CheckedBytes, count: Int) {
    self.section = section
    self.count = count
    blockCount = (count + ChunkTableWriter.blockSize - 1) / ChunkTableWriter.blockSize
    offsetsStart = max(0, section.count - 4 * blockCount)
  }

  /// Says that what is there makes no sense.
  func reportContradiction() { section.reportContradiction() }

  /// The bytes of all records.
  var recordsByteCount: Int { offsetsStart }

  /// The records of a block, checked. Nothing behind them can be read.
  @_lifetime(copy self)
  func records(ofBlock block: Int) -> Span<UInt8> {
    let offset = offsetsStart + 4 * block
    section.check(offset..<offset + 8)
    let bytes = section.bytes
    let start = Int(bytes.uint32(at: offset))
    let end = block + 1 < blockCount ? Int(bytes.uint32(at: offset + 4)) : offsetsStart
    return section.checked(start <= end ? min(start, offsetsStart)..<min(end, offsetsStart) : 0..<0)
  }

  /// The record of `number`, a chunk of a file whose first chunk is `firstOfFile`.
  func record(_ number: Int, firstOfFile: Int) -> ChunkRecord {
    var record = ChunkRecord()
    guard number >= 0, number < count else { return record }
    let block = number / ChunkTableWriter.blockSize
    var cursor = ByteCursor(records(ofBlock: block))
    var coder = ChunkCoder()
    let first = block * ChunkTableWriter.blockSize
    for current in first...number {
      let expected = current == first || current == firstOfFile ? ChunkRecord.start : record.end
      coder.read(&cursor, expected: expected, keepsSymbols: current == number, into: &record)
    }
    if cursor.isDamaged {
      reportContradiction()
      return ChunkRecord()
    }
    return record
  }

  /// The position of a reader of all chunks in their order.
  struct Position {
    fileprivate(set) var record = ChunkRecord()
    fileprivate var next = 0
    /// In the records of the block.
    fileprivate var offset = 0
    fileprivate var coder = ChunkCoder()
    init() {}
  }

  /// Moves to the next chunk; false at the end or where the table is damaged.
  func advance(_ position: inout Position, isFirstOfFile: Bool) -> Bool {
    guard position.next < count else { return false }
    let isFirstOfBlock = position.next % ChunkTableWriter.blockSize == 0
    if isFirstOfBlock {
      position.coder.reset()
      position.offset = 0
    }
    var cursor = ByteCursor(records(ofBlock: position.next / ChunkTableWriter.blockSize), at: position.offset)
    let expected = isFirstOfBlock || isFirstOfFile ? ChunkRecord.start : position.record.end
    position.coder.read(&cursor, expected: expected, keepsSymbols: true, into: &position.record)
    position.offset = cursor.offset
    position.next += 1
    return !cursor.isDamaged
  }
}

/// A chunk as a segment keeps it: everything but the text, which is read from the file.
package struct StoredChunk: Hashable, Sendable {
  package var file: Int
  package var chunk: Chunk
  package var contentHash: ChunkHash
  package init(file: Int, chunk: Chunk, contentHash: ChunkHash) {
    self.file = file
    self.chunk = chunk
    self.contentHash = contentHash
  }
}
