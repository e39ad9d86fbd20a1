package import Corpus

/// Cuts a source file into chunks. Pure: the same bytes give the same chunks, whatever the machine.
///
/// Each line gets a price for beginning a chunk, from the outline of the file where there is one (`OutlineCosts`) and from
/// the look of the text otherwise (`StructureCosts`); `Segmentation` finds the cheapest cuts.
package struct Chunker: Sendable {
  /// Changes whenever the same file would be cut differently; an index built with another value is rebuilt.
  package static let version = 2

  private let parser: (any SyntaxParser)?
  /// The size a chunk aims at, in bytes, not counting indentation and blank lines. A chunk of several lines is never
  /// larger than twice this.
  package let targetByteCount: Int
  private let segmentation: Segmentation

  package init(parser: (any SyntaxParser)?, targetByteCount: Int = 1500) {
    self.parser = parser
    self.targetByteCount = targetByteCount
    segmentation = Segmentation(targetByteCount: targetByteCount)
  }

  /// The chunks of `source`: in order, without a gap or an overlap, every line in exactly one. Empty for an empty file.
  ///
  /// A line longer than twice the target is a chunk of its own. Any bytes are welcome. Costs about a tenth of the parse.
  package func chunks(of source: Span<UInt8>, in language: Language) -> [Chunk] {
    if source.isEmpty { return [] }
    let lines = LineTable(source)
    let outline = parser?.outline(of: source, in: language)
    let sizes = lines.entries.map { Int32(min($0.lastInk - $0.firstInk + 1, 1 << 24)) }
    let structure = StructureCosts(lines, in: source)
    var costs = structure.costs
    if let outline, !outline.nodes.isEmpty {
      let weighed = OutlineCosts(
        outline, lines: lines, sizes: sizes, structure: structure, targetByteCount: targetByteCount)
      costs = weighed.costs
    }
    let cuts = segmentation.cuts(sizes: sizes, cutCosts: costs)

    var chunks: [Chunk] = []
    chunks.reserveCapacity(cuts.count)
    for (index, cut) in cuts.enumerated() {
      let isLast = index + 1 == cuts.count
      let end = isLast ? source.count : lines.entries[cuts[index + 1]].start
      let lastLine = isLast ? lines.lineCount : lines.firstLine(of: cuts[index + 1]) - 1
      chunks.append(Chunk(bytes: lines.entries[cut].start..<end, lines: lines.firstLine(of: cut)...lastLine))
    }
    if let outline { Chunker.name(&chunks, by: outline) }
    return chunks
  }

  /// Gives each chunk the symbols whose name stands in it, and the one it continues.
  private static func name(_ chunks: inout [Chunk], by outline: SyntaxOutline) {
    // The open definitions around the place reached, as indices of nodes.
    var open: [Int] = []
    var next = 0
    for index in chunks.indices {
      let start = chunks[index].bytes.lowerBound
      while next < outline.nodes.count, outline.nodes[next].bytes.lowerBound < start {
        let node = outline.nodes[next]
        if node.symbol != nil {
          while let last = open.last, outline.nodes[last].bytes.upperBound <= node.bytes.lowerBound {
            open.removeLast()
          }
          open.append(next)
        }
        next += 1
      }
      while let last = open.last, outline.nodes[last].bytes.upperBound <= start { open.removeLast() }
      chunks[index].context = open.last.flatMap { outline.nodes[$0].symbol }
    }
    // Names stand in the order of their definitions, but for the few that a long comment moves to a later chunk.
    var chunk = 0
    for node in outline.nodes {
      guard let symbol = node.symbol else { continue }
      while chunk > 0, symbol.line < chunks[chunk].lines.lowerBound { chunk -= 1 }
      while chunk + 1 < chunks.count, symbol.line > chunks[chunk].lines.upperBound { chunk += 1 }
      chunks[chunk].symbols.append(symbol)
    }
  }
}
