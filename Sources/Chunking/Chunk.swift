/// A line range of one file that is indexed and returned as one.
package struct Chunk: Hashable, Sendable {
  /// Bytes of the file, whole lines, the last line's newline included. The chunks of a file follow each other without a
  /// gap or an overlap, from its first byte to its last.
  package var bytes: Range<Int>
  /// Line numbers from 1. A line ends with `\n` and nothing else.
  package var lines: ClosedRange<Int>
  /// The symbols whose definition begins in this chunk, in order. The name of one whose comment or attributes alone are
  /// in it stands on a line of a later chunk.
  package var symbols: [Symbol]
  /// The innermost symbol whose definition begins before this chunk and goes on into it: the function of which the
  /// chunk is a later piece, the type whose members it holds. Nil at the top level.
  package var context: Symbol?

  package init(bytes: Range<Int>, lines: ClosedRange<Int>, symbols: [Symbol] = [], context: Symbol? = nil) {
    self.bytes = bytes
    self.lines = lines
    self.symbols = symbols
    self.context = context
  }
}

/// A named thing that a chunk defines.
package struct Symbol: Hashable, Sendable {
  /// What is defined. The raw values are written to segments: never change the meaning of one.
  package enum Kind: UInt8, CaseIterable, Sendable {
    case function = 1
    case method, type, interface, enumeration, module, constant, variable, property, macro, section, table, rule, other
  }

  package var kind: Kind
  package var name: String
  /// The names around it, outermost first: `["Parser", "Options"]`.
  package var enclosing: [String]
  /// The line, from 1, on which its name stands.
  package var line: Int

  package init(kind: Kind, name: String, enclosing: [String] = [], line: Int) {
    self.kind = kind
    self.name = name
    self.enclosing = enclosing
    self.line = line
  }

  /// `Parser.Options.limit`
  package var qualifiedName: String { (enclosing + [name]).joined(separator: ".") }
}
