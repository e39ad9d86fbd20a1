import Chunking

/// A chunk as it lies in the chunk table: names and chains by number, places relative to where they are expected.
///
/// | bytes | what |
/// |---|---|
/// | varint | 2 x line count + 1 if it does not begin where the one before it ended |
/// | varint | byte count |
/// | varint | 2 x number of symbols + 1 if it has a context |
/// | 2 zigzags | only where it begins elsewhere: first byte and first line, less the expected ones |
/// | symbols, then the context | each: u8 kind, varint name, varint chain (0 for none), zigzag line less the line before |
/// | 8 | u64 content hash |
struct ChunkRecord: Hashable {
  struct SymbolRecord: Hashable {
    var kind: UInt8
    var name: Int
    /// The number of the chain of enclosing names, from 1; 0 for none.
    var chain: Int
    var line: Int
  }
  var firstByte = 0
  var byteCount = 0
  var firstLine = 1
  var lineCount = 1
  var symbols: [SymbolRecord] = []
  var context: SymbolRecord?
  var hash: UInt64 = 0

  init() {}

  /// Where the first chunk of a file is expected to begin.
  static let start = (byte: 0, line: 1)
  /// Where the next chunk of the file is expected to begin.
  var end: (byte: Int, line: Int) { (firstByte + byteCount, firstLine + lineCount) }

  /// Appends the record; `expected` is the end of the chunk before it.
  func append(to output: inout [UInt8], expected: (byte: Int, line: Int)) {
    let isElsewhere = (firstByte, firstLine) != (expected.byte, expected.line)
    output.append(varint: lineCount << 1 | (isElsewhere ? 1 : 0))
    output.append(varint: byteCount)
    output.append(varint: symbols.count << 1 | (context == nil ? 0 : 1))
    if isElsewhere {
      output.append(zigzag: firstByte - expected.byte)
      output.append(zigzag: firstLine - expected.line)
    }
    var line = firstLine
    for symbol in symbols { symbol.append(to: &output, line: &line) }
    if let context {
      line = firstLine
      context.append(to: &output, line: &line)
    }
    output.append(number: hash)
  }

  /// Reads a record in place of this one. The array of symbols is used again.
  mutating func read(_ cursor: inout ByteCursor, expected: (byte: Int, line: Int)) {
    let lines = cursor.varint()
    lineCount = lines >> 1
    byteCount = cursor.varint()
    let symbolCount = cursor.varint()
    (firstByte, firstLine) = expected
    if lines & 1 != 0 {
      firstByte += cursor.zigzag()
      firstLine += cursor.zigzag()
    }
    symbols.removeAll(keepingCapacity: true)
    var line = firstLine
    for _ in 0..<(symbolCount >> 1) {
      if cursor.isDamaged { break }
      symbols.append(SymbolRecord(&cursor, line: &line))
    }
    line = firstLine
    context = symbolCount & 1 != 0 ? SymbolRecord(&cursor, line: &line) : nil
    hash = cursor.uint64()
  }
}

extension ChunkRecord {
  /// Puts the new numbers of names and chains in place of the old ones.
  mutating func rename(names: [UInt32], chains: [Int]) {
    for i in symbols.indices { symbols[i].rename(names: names, chains: chains) }
    context?.rename(names: names, chains: chains)
  }
}

extension ChunkRecord.SymbolRecord {
  fileprivate mutating func rename(names: [UInt32], chains: [Int]) {
    // A number that there is no name for comes from a damaged segment.
    name = name < names.count ? Int(names[name]) : 0
    chain = chain < chains.count ? chains[chain] : 0
  }
  fileprivate func append(to output: inout [UInt8], line previous: inout Int) {
    output.append(kind)
    output.append(varint: name)
    output.append(varint: chain)
    output.append(zigzag: line - previous)
    previous = line
  }
  fileprivate init(_ cursor: inout ByteCursor, line previous: inout Int) {
    kind = cursor.byte()
    name = cursor.varint()
    chain = cursor.varint()
    line = previous + cursor.zigzag()
    previous = line
  }
}
