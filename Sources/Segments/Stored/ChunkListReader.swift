import Chunking

/// Reads records that `ChunkCoder` wrote into a `ChunkList`: the same as `ChunkCoder.read`, with names as places
/// in the list, those of symbols that are passed over included.
///
/// Chunks ascend, so that several of one block cost one pass over it.
struct ChunkListReader: ~Escapable {
  private let table: Span<UInt8>
  private let count: Int
  private let offsetsStart: Int
  private var cursor: ByteCursor
  /// The chunk that `cursor` stands before.
  private var next = -1
  private var end = ChunkRecord.start
  /// The name read last, in the list.
  private var name = ChunkList.Text.empty
  /// Where in the list the names around the symbol read last stand.
  private var enclosing = 0..<0

  @_lifetime(copy table)
  init(_ table: ChunkTable) {
    self.table = table.bytes
    count = table.count
    offsetsStart = table.offsetsStart
    cursor = ByteCursor(table.bytes.clamped(0..<table.offsetsStart))
  }

  /// Appends the chunk `number` of `file`, whose first chunk is `firstOfFile`, to `list`.
  mutating func read(_ number: Int, file: Int, firstOfFile: Int, into list: inout ChunkList) {
    var entry = ChunkList.Entry(
      file: file, bytes: 0..<0, lines: 1...1, symbols: list.symbols.count..<list.symbols.count, context: nil,
      contentHash: ChunkHash(bits: 0))
    guard number >= 0, number < count else {
      list.append(entry)
      return
    }
    let first = number - number % ChunkTableWriter.blockSize
    // Names begin anew with each block, also where the one before ended right here.
    if next <= first || next > number { enterBlock(first) }
    while next < number { _ = readRecord(firstOfFile, keepsSymbols: false, &list) }
    let symbolCount = list.symbols.count
    let found = readRecord(firstOfFile, keepsSymbols: true, &list)
    if !cursor.isDamaged {
      let firstByte = max(0, found.firstByte)
      let firstLine = max(1, found.firstLine)
      entry.bytes = firstByte..<(firstByte + found.byteCount)
      entry.lines = firstLine...(firstLine + max(1, found.lineCount) - 1)
      entry.symbols = symbolCount..<(list.symbols.count - (found.hasContext ? 1 : 0))
      entry.context = found.hasContext ? list.symbols.count - 1 : nil
      entry.contentHash = ChunkHash(bits: found.hash)
    }
    list.append(entry)
  }

  /// What a record says besides its symbols.
  private struct Found {
    var firstByte = 0
    var firstLine = 0
    var byteCount = 0
    var lineCount = 0
    var hasContext = false
    var hash: UInt32 = 0
  }

  private mutating func enterBlock(_ first: Int) {
    let block = first / ChunkTableWriter.blockSize
    cursor = ByteCursor(table.clamped(0..<offsetsStart), at: Int(table.uint32(at: offsetsStart + 4 * block)))
    next = first
    name = .empty
    enclosing = 0..<0
  }

  private mutating func readRecord(_ firstOfFile: Int, keepsSymbols: Bool, _ list: inout ChunkList) -> Found {
    var found = Found()
    let isFirst = next % ChunkTableWriter.blockSize == 0 || next == firstOfFile
    let expected = isFirst ? ChunkRecord.start : end
    let lines = cursor.varint()
    found.lineCount = lines >> 1
    found.byteCount = cursor.varint()
    let symbolCount = cursor.varint()
    (found.firstByte, found.firstLine) = expected
    if lines & 1 != 0 {
      found.firstByte += cursor.zigzag()
      found.firstLine += cursor.zigzag()
    }
    var line = found.firstLine
    for _ in 0..<(symbolCount >> 1) {
      if cursor.isDamaged { break }
      readSymbol(&line, isKept: keepsSymbols, &list)
    }
    if symbolCount & 1 != 0, !cursor.isDamaged {
      line = found.firstLine
      readSymbol(&line, isKept: keepsSymbols, &list)
      found.hasContext = true
    }
    found.hash = cursor.uint32()
    end = (found.firstByte + found.byteCount, found.firstLine + found.lineCount)
    next += 1
    return found
  }

  private mutating func readSymbol(_ line: inout Int, isKept: Bool, _ list: inout ChunkList) {
    let head = cursor.byte()
    let kind = head & 15 == 15 ? cursor.byte() : head & 15
    line += head >> 4 & 7 == 7 ? cursor.zigzag() : Int(head >> 4 & 7)
    if head & 0x80 != 0 {
      let kept = min(cursor.varint(), enclosing.count)
      let added = cursor.varint()
      let start = list.enclosing.count
      for i in 0..<kept { list.append(enclosing: list.enclosing[enclosing.lowerBound + i]) }
      for _ in 0..<added {
        if cursor.isDamaged { break }
        list.append(enclosing: list.appendText(cursor.varint(), from: &cursor))
      }
      enclosing = start..<list.enclosing.count
    }
    readName(&list)
    if isKept { list.append(ChunkList.symbol(kind, name, enclosing: enclosing, line: line)) }
  }

  private mutating func readName(_ list: inout ChunkList) {
    let counts = cursor.byte()
    var head = Int(counts & 15)
    var new = Int(counts >> 4)
    if head == 15 { head += cursor.varint() }
    if new == 15 { new += cursor.varint() }
    let tail = cursor.varint()
    name = list.appendText(sharing: head, with: name, new: new, from: &cursor, sharingAtEnd: tail)
  }
}
