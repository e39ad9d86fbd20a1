/// A line range of one file that is indexed and returned as one.
package struct Chunk: Hashable, Sendable {
  /// Bytes of the file, whole lines, the last line's newline included. The chunks of a file follow each other without a
  /// gap or an overlap, from its first byte to its last.
  package var bytes: Range<Int>
  /// Line numbers from 1.
  package var lines: ClosedRange<Int>
  /// The symbols whose definition begins in this chunk, in order.
  package var symbols: [Symbol]

  package init(bytes: Range<Int>, lines: ClosedRange<Int>, symbols: [Symbol] = []) {
    self.bytes = bytes
    self.lines = lines
    self.symbols = symbols
  }
}
