package import Corpus

/// Cuts a source file into chunks. Pure: the same bytes give the same chunks, whatever the machine.
package struct Chunker: Sendable {
  /// Changes whenever the same file would be cut differently; an index built with another value is rebuilt.
  package static let version = 1

  private let parser: (any SyntaxParser)?
  /// The size a chunk aims at, in bytes.
  package let targetByteCount: Int

  package init(parser: (any SyntaxParser)?, targetByteCount: Int = 1500) {
    self.parser = parser
    self.targetByteCount = targetByteCount
  }

  /// The chunks of `source`: in order, without a gap or an overlap, every line in exactly one. Empty for an empty file.
  package func chunks(of source: Span<UInt8>, in language: Language) -> [Chunk] {
    var newlines = 0
    for i in source.indices where source[i] == UInt8(ascii: "\n") { newlines += 1 }
    if source.isEmpty { return [] }
    let lastEnds = source[source.count - 1] == UInt8(ascii: "\n")
    return [Chunk(bytes: 0..<source.count, lines: 1...(newlines + (lastEnds ? 0 : 1)))]
  }
}
