/// Writes and reads the records of one block of chunks, each relative to the ones before it: places to where they are
/// expected, names to the name before (neighbours often begin alike), enclosing names to the ones before.
///
/// | bytes of a record | what |
/// |---|---|
/// | varint | 2 x line count + 1 if it does not begin where the one before it ended |
/// | varint | byte count |
/// | varint | 2 x number of symbols + 1 if it has a context |
/// | 2 zigzags | only where it begins elsewhere: first byte and first line, less the expected ones |
/// | ... | the symbols, then the context |
/// | 4 | u32 content hash |
///
/// | bytes of a symbol | what |
/// |---|---|
/// | 1 | 4 low bits: kind; 3 bits: lines; high bit: its enclosing names are not those of the symbol before |
/// | 1 | the kind (`Symbol.Kind`), only where the bits are 15 |
/// | zigzag | the lines, only where the bits are 7: its line less that of the symbol before, or of the chunk |
/// | 2 varints | only with the high bit: how many of the enclosing names before are kept, how many follow |
/// | for each that follows | varint byte count, UTF-8 |
/// | 1 | 4 low bits: how many bytes the name shares with the start of the name before; high bits: how many are new |
/// | varint each | shared - 15, new - 15, where the bits are 15 |
/// | varint | how many bytes the name shares with the end of the name before |
/// | ... | the new bytes between them |
///
/// Before the first symbol of a block the name is empty and nothing encloses it.
struct ChunkCoder {
  private var name: [UInt8] = []
  private var enclosing: [[UInt8]] = []

  init() {}

  /// Forgets what came before: at the beginning of a block.
  mutating func reset() {
    name.removeAll(keepingCapacity: true)
    enclosing.removeAll(keepingCapacity: true)
  }

  /// Appends `record`; `expected` is the end of the chunk before it.
  mutating func append(_ record: ChunkRecord, to output: inout [UInt8], expected: (byte: Int, line: Int)) {
    let isElsewhere = (record.firstByte, record.firstLine) != (expected.byte, expected.line)
    output.append(varint: record.lineCount << 1 | (isElsewhere ? 1 : 0))
    output.append(varint: record.byteCount)
    output.append(varint: record.symbols.count << 1 | (record.context == nil ? 0 : 1))
    if isElsewhere {
      output.append(zigzag: record.firstByte - expected.byte)
      output.append(zigzag: record.firstLine - expected.line)
    }
    var line = record.firstLine
    for symbol in record.symbols {
      append(symbol, to: &output, line: line)
      line = symbol.line
    }
    if let context = record.context { append(context, to: &output, line: record.firstLine) }
    output.append(number: record.hash)
  }

  private mutating func append(_ symbol: ChunkRecord.SymbolRecord, to output: inout [UInt8], line: Int) {
    let lines = symbol.line - line
    let isNear = lines >= 0 && lines < 7
    output.append(min(symbol.kind, 15) | UInt8(isNear ? lines : 7) << 4 | (symbol.enclosing == enclosing ? 0 : 0x80))
    if symbol.kind >= 15 { output.append(symbol.kind) }
    if !isNear { output.append(zigzag: lines) }
    if symbol.enclosing != enclosing {
      let kept = zip(symbol.enclosing, enclosing).prefix { $0 == $1 }.count
      output.append(varint: kept)
      output.append(varint: symbol.enclosing.count - kept)
      for name in symbol.enclosing[kept...] {
        output.append(varint: name.count)
        output.append(contentsOf: name)
      }
      enclosing = symbol.enclosing
    }
    let limit = min(symbol.name.count, name.count)
    var head = 0
    while head < limit, symbol.name[head] == name[head] { head += 1 }
    var tail = 0
    while tail < limit - head, symbol.name[symbol.name.count - 1 - tail] == name[name.count - 1 - tail] { tail += 1 }
    let new = symbol.name.count - head - tail
    output.append(UInt8(min(head, 15)) | UInt8(min(new, 15)) << 4)
    if head >= 15 { output.append(varint: head - 15) }
    if new >= 15 { output.append(varint: new - 15) }
    output.append(varint: tail)
    output.append(contentsOf: symbol.name[head..<(symbol.name.count - tail)])
    name = symbol.name
  }

  /// Reads a record in place of `record`; without its symbols, faster, when only what follows is wanted.
  mutating func read(
    _ cursor: inout ByteCursor, expected: (byte: Int, line: Int), keepsSymbols: Bool, into record: inout ChunkRecord
  ) {
    let lines = cursor.varint()
    record.lineCount = lines >> 1
    record.byteCount = cursor.varint()
    let symbolCount = cursor.varint()
    if symbolCount >> 1 > StoredLimits.symbolsOfChunk { cursor.fail() }
    (record.firstByte, record.firstLine) = expected
    if lines & 1 != 0 {
      record.firstByte += cursor.zigzag()
      record.firstLine += cursor.zigzag()
    }
    record.symbols.removeAll(keepingCapacity: true)
    record.context = nil
    var line = record.firstLine
    var textByteCount = 0
    for _ in 0..<(symbolCount >> 1) {
      if cursor.isDamaged { break }
      let kind = readSymbol(&cursor, line: &line)
      if keepsSymbols {
        textByteCount += name.count
        if textByteCount > StoredLimits.textByteCountOfChunk { cursor.fail() }
        record.symbols.append(.init(kind: kind, name: name, enclosing: enclosing, line: line))
      }
    }
    if symbolCount & 1 != 0, !cursor.isDamaged {
      line = record.firstLine
      let kind = readSymbol(&cursor, line: &line)
      if keepsSymbols { record.context = .init(kind: kind, name: name, enclosing: enclosing, line: line) }
    }
    record.hash = cursor.uint32()
  }

  private mutating func readSymbol(_ cursor: inout ByteCursor, line: inout Int) -> UInt8 {
    let head = cursor.byte()
    let kind = head & 15 == 15 ? cursor.byte() : head & 15
    line += head >> 4 & 7 == 7 ? cursor.zigzag() : Int(head >> 4 & 7)
    if head & 0x80 != 0 {
      let kept = cursor.varint()
      let added = cursor.varint()
      enclosing.removeLast(enclosing.count - min(kept, enclosing.count))
      var byteCount = enclosing.reduce(0) { $0 + $1.count }
      if added > StoredLimits.enclosingCount - enclosing.count { cursor.fail() }
      for _ in 0..<added {
        if cursor.isDamaged { break }
        var name: [UInt8] = []
        let nameByteCount = cursor.varint()
        byteCount += nameByteCount
        guard byteCount <= StoredLimits.enclosingByteCount else {
          cursor.fail()
          break
        }
        cursor.read(nameByteCount, into: &name)
        enclosing.append(name)
      }
    }
    readName(&cursor)
    return kind
  }

  private mutating func readName(_ cursor: inout ByteCursor) {
    let counts = cursor.byte()
    var head = Int(counts & 15)
    var new = Int(counts >> 4)
    if head == 15 { head += cursor.varint() }
    if new == 15 { new += cursor.varint() }
    let tail = cursor.varint()
    guard head + tail <= name.count, head + new + tail <= StoredLimits.nameByteCount else {
      cursor.fail()
      return
    }
    // In place: the end moves to where it belongs, then the new bytes are put between.
    let oldStart = name.count - tail
    let newStart = head + new
    guard new <= cursor.remaining else {
      cursor.fail()
      return
    }
    if newStart > oldStart {
      for _ in oldStart..<newStart { name.append(0) }
      for i in (0..<tail).reversed() { name[newStart + i] = name[oldStart + i] }
    } else {
      for i in 0..<tail { name[newStart + i] = name[oldStart + i] }
      name.removeLast(oldStart - newStart)
    }
    for i in head..<newStart { name[i] = cursor.byte() }
  }
}
