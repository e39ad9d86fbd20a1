package import Chunking

/// Some chunks with what a segment keeps of them, in a few flat arrays: for a ranking that reads the names of a hundred
/// chunks and shows ten. Nothing is allocated for a chunk or a symbol, and no `String` is made before one is asked for.
///
/// `Segment.read(_:into:)` fills it. Names are UTF-8 as it was written, not validated.
package struct ChunkList: Sendable {
  /// A run of bytes in `bytes`.
  package struct Text: Sendable {
    package fileprivate(set) var start: UInt32
    package fileprivate(set) var end: UInt32
    package var range: Range<Int> { Int(start)..<Int(end) }
  }

  package struct Symbol: Sendable {
    package var kind: Chunking.Symbol.Kind
    package var name: Text
    /// Where in `enclosing` the names around it are, outermost first.
    fileprivate var enclosingStart: UInt32
    fileprivate var enclosingEnd: UInt32
    package var line: Int
    package var enclosing: Range<Int> { Int(enclosingStart)..<Int(enclosingEnd) }
  }

  package struct Entry: Sendable {
    package var file: Int
    package var bytes: Range<Int>
    package var lines: ClosedRange<Int>
    /// The positions of its symbols in `symbols`.
    package var symbols: Range<Int>
    /// The position of its context in `symbols`, or nil.
    package var context: Int?
    package var contentHash: ChunkHash
  }

  package private(set) var entries: [Entry] = []
  package private(set) var symbols: [Symbol] = []
  /// The names around symbols.
  package private(set) var enclosing: [Text] = []
  /// What the texts are runs of; what lies behind the last of them means nothing.
  package private(set) var bytes: [UInt8] = []
  private var byteCount = 0
  /// Bytes of all texts.
  var textByteCount: Int { byteCount }

  package init() {}

  /// The chunk at `position`, made whole.
  package func chunk(_ position: Int) -> StoredChunk {
    let entry = entries[position]
    return StoredChunk(
      file: entry.file,
      chunk: Chunk(
        bytes: entry.bytes, lines: entry.lines, symbols: symbols(of: entry), context: entry.context.map { symbol($0) }),
      contentHash: entry.contentHash)
  }

  package func symbols(of entry: Entry) -> [Chunking.Symbol] { entry.symbols.map { symbol($0) } }

  package func symbol(_ position: Int) -> Chunking.Symbol {
    let symbol = symbols[position]
    return Chunking.Symbol(
      kind: symbol.kind, name: string(symbol.name), enclosing: symbol.enclosing.map { string(enclosing[$0]) },
      line: symbol.line)
  }

  package func string(_ text: Text) -> String { String(decoding: bytes[text.range], as: UTF8.self) }

  /// Appends the name of a symbol and those around it, joined by `.`: what `Symbol.qualifiedName` is.
  package func appendQualifiedName(of position: Int, to target: inout [UInt8]) {
    let symbol = symbols[position]
    for i in symbol.enclosing {
      target.append(bytes.span.extracting(enclosing[i].range))
      target.append(UInt8(ascii: "."))
    }
    target.append(bytes.span.extracting(symbol.name.range))
  }

  // MARK: Filling

  /// Makes room for as many chunks more.
  mutating func reserve(_ count: Int) {
    Self.reserve(count, in: &entries)
    Self.reserve(4 * count, in: &symbols)
    reserveBytes(64 * count)
  }

  private static func reserve<Element>(_ count: Int, in array: inout [Element]) {
    if array.capacity - array.count < count { array.reserveCapacity(max(array.count + count, 2 * array.capacity)) }
  }

  mutating func append(_ entry: Entry) { entries.append(entry) }
  mutating func append(_ symbol: Symbol) { symbols.append(symbol) }

  /// Appends the names around a symbol, given contiguously with where each ends; returns where they are in
  /// `enclosing`.
  mutating func appendEnclosing(_ names: Span<UInt8>, ends: [Int]) -> Range<Int> {
    let first = enclosing.count
    var start = 0
    for end in ends {
      enclosing.append(appendText(names.extracting(start..<end)))
      start = end
    }
    return first..<enclosing.count
  }

  mutating func appendText(_ text: Span<UInt8>) -> Text {
    let start = byteCount
    reserveBytes(text.count)
    byteCount += text.count
    unsafe bytes.withUnsafeMutableBufferPointer { to in
      unsafe text.withUnsafeBufferPointer { from in
        // It was made room for; an empty text may have no address.
        if let from = from.baseAddress { unsafe (to.baseAddress! + start).update(from: from, count: text.count) }
      }
    }
    return Text(start: UInt32(start), end: UInt32(byteCount))
  }

  private mutating func reserveBytes(_ count: Int) {
    if byteCount + count > bytes.count {
      bytes.append(contentsOf: repeatElement(0, count: max(count, bytes.count)))
    }
  }

  static func symbol(_ kind: UInt8, _ name: Text, enclosing: Range<Int>, line: Int) -> Symbol {
    Symbol(
      kind: Chunking.Symbol.Kind(rawValue: kind) ?? .other, name: name, enclosingStart: UInt32(enclosing.lowerBound),
      enclosingEnd: UInt32(enclosing.upperBound), line: max(1, line))
  }
}
