package import Chunking
import Disk
package import Primitives

/// A chunk's lines and symbols as bytes, for stores that keep them in one column.
///
/// | bytes | what |
/// |---|---|
/// | varints | first byte, byte count, first line, line count, count of symbols, 1 where there is a context, else 0 |
/// | for each symbol, then the context | a byte: kind; varints: line, count of names; the names |
///
/// A name is a varint, its length, and its bytes; the symbol's own is the last.
package enum ChunkCoding {
  package static func encode(_ chunk: Chunk) -> [UInt8] {
    var bytes: [UInt8] = []
    func number(_ value: Int) { bytes.append(varint: UInt64(max(0, value))) }
    number(chunk.bytes.lowerBound)
    number(chunk.bytes.count)
    number(chunk.lines.lowerBound)
    number(chunk.lines.count)
    number(chunk.symbols.count)
    number(chunk.context == nil ? 0 : 1)
    for symbol in chunk.symbols + (chunk.context.map { [$0] } ?? []) {
      bytes.append(symbol.kind.rawValue)
      number(symbol.line)
      number(symbol.enclosing.count + 1)
      for name in symbol.enclosing + [symbol.name] {
        number(name.utf8.count)
        bytes.append(contentsOf: name.utf8)
      }
    }
    return bytes
  }

  /// Throws `.damaged` where `bytes` are none that `encode` gives.
  package static func decode(_ bytes: [UInt8]) throws(Failure) -> Chunk {
    do throws(Failure) {
      var reader = ByteReader(bytes.span)
      let firstByte = try number(&reader)
      let byteCount = try number(&reader)
      let firstLine = try number(&reader)
      let lineCount = try number(&reader)
      let symbolCount = try number(&reader)
      let contextCount = try number(&reader)
      guard firstLine >= 1, lineCount >= 1, symbolCount <= reader.remaining, contextCount <= 1 else { throw damage }
      var symbols: [Symbol] = []
      for _ in 0..<symbolCount + contextCount { symbols.append(try symbol(&reader)) }
      let context = contextCount == 1 ? symbols.removeLast() : nil
      return Chunk(
        bytes: firstByte..<firstByte + byteCount, lines: firstLine...firstLine + lineCount - 1, symbols: symbols,
        context: context)
    } catch { throw damage }
  }

  private static func symbol(_ reader: inout ByteReader) throws(Failure) -> Symbol {
    let kind: UInt8 = try reader.read()
    let line = try number(&reader)
    let count = try number(&reader)
    guard count >= 1, count <= reader.remaining else { throw damage }
    var names: [String] = []
    for _ in 0..<count {
      let byteCount = try number(&reader)
      guard byteCount <= reader.remaining else { throw damage }
      names.append(String(decoding: try reader.readBytes(byteCount), as: UTF8.self))
    }
    let name = names.removeLast()
    return Symbol(kind: Symbol.Kind(rawValue: kind) ?? .other, name: name, enclosing: names, line: max(1, line))
  }

  /// Below 2^40, so that sums of a few do not overflow.
  private static func number(_ reader: inout ByteReader) throws(Failure) -> Int {
    let value = try reader.readVarint()
    guard value < 1 << 40 else { throw damage }
    return Int(value)
  }

  private static let damage = Failure(.damaged, "a chunk of the store is not what was written")
}
