import Chunking
package import Primitives

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
    var budget = TextBudget()
    for symbol in chunk.symbols.prefix(StoredLimits.symbolsOfChunk) {
      let record = SymbolRecord(symbol)
      guard budget.take(record) else { break }
      symbols.append(record)
    }
    context = chunk.context.map { SymbolRecord($0) }.flatMap { budget.take($0) ? $0 : nil }
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
    name = StoredLimits.name(symbol.name)
    enclosing = StoredLimits.enclosing(symbol.enclosing)
    line = symbol.line
  }

  var symbol: Symbol {
    Symbol(
      kind: Symbol.Kind(rawValue: kind) ?? .other, name: String(decoding: name, as: UTF8.self),
      enclosing: enclosing.map { String(decoding: $0, as: UTF8.self) }, line: max(1, line))
  }
}

/// What the names of a chunk may take together.
private struct TextBudget {
  private var rest = StoredLimits.textByteCountOfChunk
  private var enclosing: [[UInt8]] = []

  /// Whether there is room for another symbol.
  mutating func take(_ symbol: ChunkRecord.SymbolRecord) -> Bool {
    var byteCount = symbol.name.count
    // A reader may keep them anew at the first symbol of a chunk, and wherever they change.
    if symbol.enclosing != enclosing || rest == StoredLimits.textByteCountOfChunk {
      byteCount += symbol.enclosing.reduce(0) { $0 + $1.count }
    }
    guard byteCount <= rest else { return false }
    rest -= byteCount
    enclosing = symbol.enclosing
    return true
  }
}

/// 32 bits that stand for the bytes of a chunk: enough to tell whether a chunk is still where it was, and to find
/// it again among the lines near by; a quarter of what a `ContentHash` takes, kept for each of a million chunks.
package struct ChunkHash: Hashable, Sendable {
  package var bits: UInt32

  package init(bits: UInt32) { self.bits = bits }
  /// The low quarter of the 128 bits.
  package init(_ hash: ContentHash) { bits = UInt32(truncatingIfNeeded: hash.low) }
  package init(of bytes: Span<UInt8>) { self.init(ContentHash(of: bytes)) }
}
