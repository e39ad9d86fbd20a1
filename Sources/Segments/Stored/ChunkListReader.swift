import Chunking

/// Reads records that `ChunkCoder` wrote into a `ChunkList`: the same as `ChunkCoder.read`, with names as places in the
/// list. Names that are skipped stay here, each put in place of the one before.
///
/// Chunks ascend, so that several of one block cost one pass over it.
struct ChunkListReader: ~Copyable, ~Escapable {
  private let table: ChunkTable
  /// The records of the current block.
  private var bytes: Span<UInt8>
  /// The chunk whose record begins at `offset`.
  private var next = -1
  private var offset = 0
  private var end = ChunkRecord.start
  private var name = PrecedingName()
  /// The names around the symbol read last, contiguous, and where each ends.
  private var enclosing: [UInt8] = []
  private var enclosingEnds: [Int] = []
  /// Where in the list they are; nil if they are not there.
  private var enclosingInList: Range<Int>?

  @_lifetime(copy table)
  init(_ table: ChunkTable) {
    self.table = table
    bytes = Span()
  }

  /// Appends the chunk `number` of `file`, whose first chunk is `firstOfFile`, to `list`.
  mutating func read(_ number: Int, file: Int, firstOfFile: Int, into list: inout ChunkList) {
    var entry = ChunkList.Entry(
      file: file, bytes: 0..<0, lines: 1...1, symbols: list.symbols.count..<list.symbols.count, context: nil,
      contentHash: ChunkHash(bits: 0))
    guard number >= 0, number < table.count else {
      list.append(entry)
      return
    }
    let first = number - number % ChunkTableWriter.blockSize
    // Names begin anew with each block, also where the one before ended right here.
    if next <= first || next > number { enterBlock(first) }
    while next < number { _ = readRecord(firstOfFile, keepsSymbols: false, &list) }
    let symbolCount = list.symbols.count
    let found = readRecord(firstOfFile, keepsSymbols: true, &list)
    if found.isDamaged {
      table.reportContradiction()
    } else {
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
    var isDamaged = false
  }

  private mutating func enterBlock(_ first: Int) {
    bytes = table.records(ofBlock: first / ChunkTableWriter.blockSize)
    offset = 0
    next = first
    name.removeAll()
    keepEnclosing(0)
  }

  private mutating func readRecord(_ firstOfFile: Int, keepsSymbols: Bool, _ list: inout ChunkList) -> Found {
    var found = Found()
    var cursor = ByteCursor(bytes, at: offset)
    let isFirst = next % ChunkTableWriter.blockSize == 0 || next == firstOfFile
    let expected = isFirst ? ChunkRecord.start : end
    let lines = cursor.varint()
    found.lineCount = lines >> 1
    found.byteCount = cursor.varint()
    let counts = cursor.varint()
    (found.firstByte, found.firstLine) = expected
    if lines & 1 != 0 {
      found.firstByte += cursor.zigzag()
      found.firstLine += cursor.zigzag()
    }
    found.hasContext = counts & 1 != 0
    let symbolCount = counts >> 1
    if symbolCount > StoredLimits.symbolsOfChunk { cursor.fail() }
    let textEnd = list.textByteCount + StoredLimits.textByteCountOfChunk
    var line = found.firstLine
    // The context follows the symbols.
    for number in 0..<(symbolCount + (counts & 1)) {
      if cursor.isDamaged { break }
      if number == symbolCount { line = found.firstLine }
      let head = cursor.byte()
      let kind = head & 15 == 15 ? cursor.byte() : head & 15
      line += head >> 4 & 7 == 7 ? cursor.zigzag() : Int(head >> 4 & 7)
      if head & 0x80 != 0 { cursor.move(to: readEnclosing(at: cursor.offset)) }
      let lengths = cursor.byte()
      var start = Int(lengths & 15)
      var new = Int(lengths >> 4)
      if start == 15 { start += cursor.varint() }
      if new == 15 { new += cursor.varint() }
      let tail = cursor.varint()
      name.replace(keeping: start, tail, new: new, from: &cursor)
      if keepsSymbols {
        keep(kind, line: line, &list)
        if list.textByteCount > textEnd { cursor.fail() }
      }
    }
    found.hash = cursor.uint32()
    found.isDamaged = cursor.isDamaged
    offset = cursor.offset
    end = (found.firstByte + found.byteCount, found.firstLine + found.lineCount)
    next += 1
    return found
  }

  /// Reads the names around a symbol; returns where they end.
  @inline(never)
  private mutating func readEnclosing(at offset: Int) -> Int {
    var cursor = ByteCursor(bytes, at: offset)
    keepEnclosing(cursor.varint())
    let added = cursor.varint()
    if added > StoredLimits.enclosingCount - enclosingEnds.count { cursor.fail() }
    for _ in 0..<added {
      let byteCount = cursor.varint()
      if byteCount > StoredLimits.enclosingByteCount - enclosing.count { cursor.fail() }
      cursor.read(byteCount, into: &enclosing)
      if cursor.isDamaged { break }
      enclosingEnds.append(enclosing.count)
    }
    return cursor.offset
  }

  private mutating func keepEnclosing(_ count: Int) {
    enclosingInList = nil
    if count >= enclosingEnds.count { return }
    enclosingEnds.removeLast(enclosingEnds.count - count)
    enclosing.removeLast(enclosing.count - (enclosingEnds.last ?? 0))
  }

  /// Appends the symbol read last to the list.
  @inline(never)
  private mutating func keep(_ kind: UInt8, line: Int, _ list: inout ChunkList) {
    let around = enclosingInList ?? list.appendEnclosing(enclosing.span, ends: enclosingEnds)
    enclosingInList = around
    list.append(ChunkList.symbol(kind, list.appendText(name.bytes), enclosing: around, line: line))
  }
}
