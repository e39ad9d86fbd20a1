import Chunking

/// Whether `chunks` follow each other without a gap from the first byte of `bytes` to the last, with the right line
/// numbers and with each symbol on a line of its chunk, or of a later one where it ends with the symbol's comment.
func isWhole(_ chunks: [Chunk], of bytes: [UInt8]) -> Bool {
  var position = 0
  var line = 1
  for chunk in chunks {
    guard chunk.bytes.lowerBound == position, chunk.lines.lowerBound == line, !chunk.bytes.isEmpty else {
      return false
    }
    var count = bytes[chunk.bytes].reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
    if bytes[chunk.bytes.upperBound - 1] != 10 { count += 1 }
    position = chunk.bytes.upperBound
    line += count
    guard chunk.lines.upperBound == line - 1 else { return false }
    for symbol in chunk.symbols {
      if symbol.name.isEmpty || symbol.line < chunk.lines.lowerBound { return false }
      if symbol.line > chunk.lines.upperBound,
        !chunks.contains(where: { $0.lines.contains(symbol.line) && $0.symbols.contains(symbol) })
      {
        return false
      }
    }
  }
  return position == bytes.count
}
