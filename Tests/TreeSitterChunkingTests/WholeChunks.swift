import Chunking

/// Whether `chunks` follow each other without a gap from the first byte of `bytes` to the last, with the right line numbers
/// and with each symbol on a line of its chunk.
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
    for symbol in chunk.symbols where !chunk.lines.contains(symbol.line) || symbol.name.isEmpty { return false }
  }
  return position == bytes.count
}
