import Chunking

/// What a segment keeps of a chunk besides its terms, its length and its vector.
struct ChunkRecord: Hashable {
  struct SymbolRecord: Hashable {
    /// The raw value of its kind.
    var kind: UInt8
    var name: [UInt8]
    /// Outermost first.
    var enclosing: [[UInt8]]
    var line: Int
  }
  var firstByte = 0
  var byteCount = 0
  var firstLine = 1
  var lineCount = 1
  var symbols: [SymbolRecord] = []
  var context: SymbolRecord?
  /// `ChunkHash.bits`.
  var hash: UInt32 = 0

  init() {}

  /// Where the first chunk of a file is expected to begin.
  static let start = (byte: 0, line: 1)
  /// Where the next chunk of the file is expected to begin.
  var end: (byte: Int, line: Int) { (firstByte + byteCount, firstLine + lineCount) }
}

extension ChunkRecord {
  init(_ chunk: Chunk, hash: ChunkHash) {
    firstByte = chunk.bytes.lowerBound
    byteCount = chunk.bytes.count
    firstLine = chunk.lines.lowerBound
    lineCount = chunk.lines.count
    symbols = chunk.symbols.map { SymbolRecord($0) }
    context = chunk.context.map { SymbolRecord($0) }
    self.hash = hash.bits
  }

  /// The chunk. Numbers of a damaged record are moved to where they make a range.
  var chunk: Chunk {
    let firstByte = max(0, firstByte)
    let firstLine = max(1, firstLine)
    return Chunk(
      bytes: firstByte..<(firstByte + byteCount), lines: firstLine...(firstLine + max(1, lineCount) - 1),
      symbols: symbols.map(\.symbol), context: context?.symbol)
  }
}

extension ChunkRecord.SymbolRecord {
  init(_ symbol: Symbol) {
    kind = symbol.kind.rawValue
    name = Array(symbol.name.utf8)
    enclosing = symbol.enclosing.map { Array($0.utf8) }
    line = symbol.line
  }

  var symbol: Symbol {
    Symbol(
      kind: Symbol.Kind(rawValue: kind) ?? .other, name: String(decoding: name, as: UTF8.self),
      enclosing: enclosing.map { String(decoding: $0, as: UTF8.self) }, line: max(1, line))
  }
}
