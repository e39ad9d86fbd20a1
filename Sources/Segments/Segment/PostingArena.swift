/// The posting lists of a builder: numbered lists that grow by one posting at a time, in no order of lists. The first
/// posting of a list, often the only one, stands in its record; the others are varints in slices of memory that double
/// in size, so that neither a list of two nor one of a million wastes much.
struct PostingArena {
  private struct Record {
    var count: UInt32 = 0
    var firstChunk: UInt32 = 0
    var lastChunk: UInt32 = 0
    /// Where the first slice begins.
    var head: UInt32 = 0
    /// Where the next byte goes.
    var tail: UInt32 = 0
    /// Bytes left in the last slice.
    var room: UInt16 = 0
    var level: UInt8 = 0
    var firstCode: UInt8 = 0
  }
  private static let smallestSlice = 8
  private static let largestLevel = 6
  private static let linkByteCount = 4
  private static let blockShift = 18
  private static let blockByteCount = 1 << blockShift
  private static let blockMask = blockByteCount - 1

  private var records: [Record] = []
  /// Slices never cross from one block to the next. Blocks do not move when there are more of them.
  private var blocks: [[UInt8]] = []
  /// Where the next slice may begin.
  private var end = 0

  init() {}

  var memoryByteCount: Int { records.count * MemoryLayout<Record>.stride + end }
  var count: Int { records.count }

  /// Adds an empty list; its number is the count of those before it.
  mutating func addList() { records.append(Record()) }

  /// Adds a posting to a list; chunks ascend.
  mutating func append(_ chunk: UInt32, code: UInt8, to list: Int) {
    var record = records[list]
    if record.count == 0 {
      record.firstChunk = chunk
      record.firstCode = code
    } else {
      var gap = UInt64(chunk - record.lastChunk - 1) << 1 | (code == 0 ? 0 : 1)
      while gap >= 0x80 {
        write(UInt8(truncatingIfNeeded: gap) | 0x80, &record)
        gap >>= 7
      }
      write(UInt8(truncatingIfNeeded: gap), &record)
      if code != 0 { write(code, &record) }
    }
    record.lastChunk = chunk
    record.count += 1
    records[list] = record
  }

  /// Appends the postings of a list to `run`.
  func read(_ list: Int, into run: inout PostingRun) {
    let record = records[list]
    if record.count == 0 { return }
    run.append(record.firstChunk, code: record.firstCode)
    var chunk = record.firstChunk
    var at = Int(record.head)
    var level = 0
    var room = Self.payload(level)
    func next() -> UInt8 {
      if room == 0 {
        // The link to the next slice stands behind the payload.
        var link = 0
        for i in 0..<Self.linkByteCount { link |= Int(blocks[at >> Self.blockShift][(at + i) & Self.blockMask]) << (8 * i) }
        at = link
        level = min(level + 1, Self.largestLevel)
        room = Self.payload(level)
      }
      defer {
        at += 1
        room -= 1
      }
      return blocks[at >> Self.blockShift][at & Self.blockMask]
    }
    for _ in 1..<max(1, record.count) {
      var gap: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        let byte = next()
        gap |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { break }
        shift += 7
      }
      chunk += UInt32(gap >> 1) + 1
      run.append(chunk, code: gap & 1 == 0 ? 0 : next())
    }
  }

  private static func payload(_ level: Int) -> Int { smallestSlice << level - linkByteCount }

  private mutating func write(_ byte: UInt8, _ record: inout Record) {
    if record.room == 0 { addSlice(&record) }
    let at = Int(record.tail)
    blocks[at >> Self.blockShift][at & Self.blockMask] = byte
    record.tail += 1
    record.room -= 1
  }

  private mutating func addSlice(_ record: inout Record) {
    let isFirst = record.count == 1 && record.head == 0 && record.tail == 0
    let level = isFirst ? 0 : min(Int(record.level) + 1, Self.largestLevel)
    let size = Self.smallestSlice << level
    if (end & Self.blockMask) + size > Self.blockByteCount || end >> Self.blockShift == blocks.count {
      end = blocks.count << Self.blockShift
      blocks.append([UInt8](repeating: 0, count: Self.blockByteCount))
      // Offset 0 means no slice yet.
      if end == 0 { end = Self.smallestSlice }
    }
    precondition(end + size <= Int(UInt32.max), "a builder holds at most 4 GiB of postings")
    if isFirst {
      record.head = UInt32(end)
    } else {
      let at = Int(record.tail)
      for i in 0..<Self.linkByteCount {
        blocks[at >> Self.blockShift][(at + i) & Self.blockMask] = UInt8(truncatingIfNeeded: end >> (8 * i))
      }
    }
    record.tail = UInt32(end)
    record.room = UInt16(Self.payload(level))
    record.level = UInt8(level)
    end += size
  }
}
