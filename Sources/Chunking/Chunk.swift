/// A line range of one file that is indexed and returned as one.
package struct Chunk: Hashable, Sendable {
  /// Bytes of the file, whole lines, the last line's newline included. The chunks of a file follow each other without a
  /// gap or an overlap, from its first byte to its last.
  package var bytes: Range<Int>
  /// Line numbers from 1. A line ends with `\n` and nothing else.
  package var lines: ClosedRange<Int>
  /// The symbols whose definition begins in this chunk, in order. The name of one whose comment or attributes alone are in it stands on
  /// a line of a later chunk.
  package var symbols: [Symbol]
  /// The innermost symbol whose definition begins before this chunk and goes on into it: the function of which the
  /// chunk is a later piece, the type whose members it holds. Nothing at the top level.
  package var context: Symbol?

  package init(bytes: Range<Int>, lines: ClosedRange<Int>, symbols: [Symbol] = [], context: Symbol? = nil) {
    self.bytes = bytes
    self.lines = lines
    self.symbols = symbols
    self.context = context
  }
}
