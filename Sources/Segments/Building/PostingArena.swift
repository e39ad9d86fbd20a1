import Kernels

/// The posting lists of a builder: numbered lists that grow by one posting at a time, in no order of lists. The first
/// posting of a list, often the only one, is in its record; the others are varints in slices of memory that double
/// in size, so that neither a list of two nor one of a million wastes much.
@safe struct PostingArena: ~Copyable {
  private struct Record {
    var count: UInt32 = 0
    var firstChunk: UInt32 = 0
    var lastChunk: UInt32 = 0
    /// Where the first slice begins.
    var head: UInt32 = 0
    /// Where the next byte goes.
    var tail: UInt32 = 0
    /// Bytes left in the last slice.
    var freeByteCount: UInt16 = 0
    var level: UInt8 = 0
    var firstCode: UInt8 = 0
  }
  private static let smallestSlice = 8
  fileprivate static let largestLevel = 6
  fileprivate static let linkByteCount = 4
  fileprivate static let blockShift = 18
  private static let blockByteCount = 1 << blockShift
  fileprivate static let blockMask = blockByteCount - 1

  private var records: [Record] = []
  /// Slices never cross from one block to the next. Blocks do not move when there are more of them.
  private var blocks: [UnsafeMutablePointer<UInt8>] = unsafe []
  /// Where the next slice may begin.
  private var end = 0

  init() {}
  deinit { for number in 0..<blockCount { unsafe blocks[number].deallocate() } }

  var memoryByteCount: Int {
    grownByteCount(records.count * MemoryLayout<Record>.stride) + blockCount << Self.blockShift
  }
  var count: Int { records.count }
  private var blockCount: Int { unsafe blocks.count }

  /// Adds an empty list; its number is the count of those before it.
  mutating func addList() { records.append(Record()) }

  /// Asks for the memory of a list that will soon be added to.
  @inline(__always)
  func prefetch(_ list: Int) {
    prefetchElement(list, of: records)
  }

  /// Adds the postings of a file (`FileTerms.postings`) whose first chunk is `firstChunk` to a list; chunks ascend. One
  /// that is in the list already stays as it is (`FileTerms.continuesChunk`).
  mutating func append(_ postings: Span<UInt32>, firstChunk: UInt32, to list: Int) {
    var record = records[list]
    for i in postings.indices {
      let chunk = firstChunk + postings[i] >> FileTerms.frequencyBits
      let code = FrequencyCode.code(of: UInt8(truncatingIfNeeded: postings[i]))
      if record.count == 0 {
        record.firstChunk = chunk
        record.firstCode = code
      } else if chunk == record.lastChunk {
        continue
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
    }
    records[list] = record
  }

  /// Appends the postings of a list to `run`.
  func read(_ list: Int, into run: inout PostingRun) {
    let record = records[list]
    if record.count == 0 { return }
    run.append(record.firstChunk, code: record.firstCode)
    if record.count == 1 { return }
    var reader = unsafe SliceReader(at: Int(record.head), blocks: blocks.span)
    run.append(count: Int(record.count) - 1) { chunks, codes in
      var chunk = record.firstChunk
      for i in chunks.indices {
        var gap: UInt64 = 0
        var shift: UInt64 = 0
        while true {
          let byte = reader.next()
          gap |= UInt64(byte & 0x7F) &<< shift
          if byte < 0x80 { break }
          shift &+= 7
        }
        chunk = chunk &+ UInt32(truncatingIfNeeded: gap >> 1) &+ 1
        chunks[i] = chunk
        codes[i] = gap & 1 == 0 ? 0 : reader.next()
      }
    }
  }

  /// Reads the bytes of a list, from slice to slice.
  @safe private struct SliceReader: ~Escapable {
    private let blocks: Span<UnsafeMutablePointer<UInt8>>
    private var slice: UnsafeMutablePointer<UInt8>
    private var position = 0
    private var end: Int
    private var level = 0

    @_lifetime(copy blocks)
    init(at offset: Int, blocks: Span<UnsafeMutablePointer<UInt8>>) {
      unsafe self.blocks = unsafe blocks
      unsafe slice = unsafe blocks[offset >> PostingArena.blockShift] + offset & PostingArena.blockMask
      end = PostingArena.payload(0)
    }

    @inline(__always)
    mutating func next() -> UInt8 {
      if position == end { followLink() }
      // A slice has its payload and a link behind it, all in one block.
      let byte = unsafe slice[position]
      position &+= 1
      return byte
    }

    private mutating func followLink() {
      var offset = 0
      for i in 0..<PostingArena.linkByteCount { offset |= unsafe Int(slice[position + i]) << (8 * i) }
      unsafe slice = unsafe blocks[offset >> PostingArena.blockShift] + offset & PostingArena.blockMask
      level = min(level + 1, PostingArena.largestLevel)
      position = 0
      end = PostingArena.payload(level)
    }
  }

  fileprivate static func payload(_ level: Int) -> Int { smallestSlice << level - linkByteCount }

  private mutating func write(_ byte: UInt8, _ record: inout Record) {
    if record.freeByteCount == 0 { addSlice(&record) }
    let at = Int(record.tail)
    unsafe blocks[at >> Self.blockShift][at & Self.blockMask] = byte
    record.tail += 1
    record.freeByteCount -= 1
  }

  private mutating func addSlice(_ record: inout Record) {
    let isFirst = record.count == 1 && record.head == 0 && record.tail == 0
    let level = isFirst ? 0 : min(Int(record.level) + 1, Self.largestLevel)
    let size = Self.smallestSlice << level
    if (end & Self.blockMask) + size > Self.blockByteCount || end >> Self.blockShift == blockCount {
      end = blockCount << Self.blockShift
      unsafe blocks.append(.allocate(capacity: Self.blockByteCount))
      // Offset 0 means no slice yet.
      if end == 0 { end = Self.smallestSlice }
    }
    precondition(end + size <= Int(UInt32.max), "a builder holds at most 4 GiB of postings")
    if isFirst {
      record.head = UInt32(end)
    } else {
      let at = Int(record.tail)
      for i in 0..<Self.linkByteCount {
        unsafe blocks[at >> Self.blockShift][(at + i) & Self.blockMask] = UInt8(truncatingIfNeeded: end >> (8 * i))
      }
    }
    record.tail = UInt32(end)
    record.freeByteCount = UInt16(Self.payload(level))
    record.level = UInt8(level)
    end += size
  }
}
