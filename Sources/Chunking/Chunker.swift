package import Inspection
import Primitives

/// Cuts a source file into chunks. Pure: the same bytes give the same chunks, whatever the machine.
///
/// Each line gets a price for beginning a chunk, from the outline of the file where there is one (`OutlineCosts`) and
/// from the look of the text otherwise (`StructureCosts`); `Segmentation` finds the cheapest cuts.
package struct Chunker: Sendable {
  /// Changes whenever the same file would be cut differently; an index built with another value is rebuilt.
  package static let version = 7

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

  /// The same that goes by the looks of the text alone.
  package var withoutParser: Chunker { Chunker(parser: nil, targetByteCount: targetByteCount) }

  /// The chunks of `source`: in order, without a gap or an overlap, every line in exactly one. Empty for an empty file.
  ///
  /// A line longer than twice the target is a chunk of its own. Any bytes are welcome. Costs about a tenth of the
  /// parse.
  package func chunks(of source: Span<UInt8>, in language: Language) -> [Chunk] {
    cut(source, in: language, memoryLimit: .max).chunks
  }

  /// `chunks(of:in:)` within so much memory for the parse. Where the syntax takes more, the chunks follow the look of
  /// the text and have no symbols, and `shortage` says why; the same where the parser failed, with `failure`.
  ///
  /// - Parameter layout: the parts of a file that is not in one language; `language` then stands for what is said of
  ///   none.
  package func cut(
    _ source: Span<UInt8>, in language: Language, layout: SourceLayout? = nil, memoryLimit: Int
  ) -> (chunks: [Chunk], shortage: MemoryShortage?, failure: ParserFailure?) {
    if source.isEmpty { return ([], nil, nil) }
    let outline =
      if let layout {
        parser?.outline(of: source, layout: layout, memoryLimit: memoryLimit)
      } else {
        parser?.outline(of: source, in: language, memoryLimit: memoryLimit)
      }
    var chunks: [Chunk] = []
    if let spans = layout?.spans {
      append(source, outline, spans, to: &chunks)
    } else if source.count > Chunker.maximumLineCount, Chunker.hasManyLines(source) {
      appendByWindows(source, to: &chunks)
    } else {
      append(source, outline, startingAt: 0, line: 1, to: &chunks)
    }
    if let outline { Chunker.name(&chunks, by: outline) }
    return (chunks, outline?.shortage, outline?.failure)
  }

  /// A text with more lines is cut by its looks, one window after the other: what is kept for each line would take ten
  /// times the file.
  private static let maximumLineCount = 400_000
  /// Bytes of a window; it ends with a line.
  private static let windowByteCount = 256 << 10

  private static func hasManyLines(_ source: Span<UInt8>) -> Bool {
    if source.count > LineTable.maximumByteCount { return true }
    var count = 0
    for i in source.indices { count &+= source[i] == .newline ? 1 : 0 }
    return count > maximumLineCount
  }

  private func appendByWindows(_ source: Span<UInt8>, to chunks: inout [Chunk]) {
    var start = 0
    var line = 1
    while start < source.count {
      var end = min(source.count, start + Chunker.windowByteCount)
      while end < source.count, source[end - 1] != .newline { end += 1 }
      line += append(source.extracting(start..<end), nil, startingAt: start, line: line, to: &chunks)
      start = end
    }
  }

  /// Cuts the spans, each by itself. A chunk ends with its last line that is not blank.
  private func append(
    _ source: Span<UInt8>, _ outline: SyntaxOutline?, _ spans: [Range<Int>], to chunks: inout [Chunk]
  ) {
    var line = 1
    var position = 0
    for span in spans where span.lowerBound >= position && !span.isEmpty {
      line += Self.lineBreakCount(source, position..<span.lowerBound)
      let first = chunks.count
      append(
        source.extracting(span), outline?.part(span), startingAt: span.lowerBound, line: line, to: &chunks)
      for i in first..<chunks.count { Self.dropBlankEnd(of: &chunks[i], in: source) }
      line += Self.lineBreakCount(source, span)
      position = span.upperBound
    }
  }

  private static func lineBreakCount(_ source: Span<UInt8>, _ range: Range<Int>) -> Int {
    var count = 0
    for i in range { count &+= source[i] == .newline ? 1 : 0 }
    return count
  }

  private static func dropBlankEnd(of chunk: inout Chunk, in source: Span<UInt8>) {
    var end = chunk.bytes.upperBound
    while end > chunk.bytes.lowerBound, source[end - 1] <= .space { end -= 1 }
    if end == chunk.bytes.lowerBound { return }
    while end < chunk.bytes.upperBound, source[end] != .newline { end += 1 }
    if end < chunk.bytes.upperBound { end += 1 }
    let dropped = end..<chunk.bytes.upperBound
    if dropped.isEmpty { return }
    let isOpen = source[dropped.upperBound - 1] != .newline
    let lineCount = lineBreakCount(source, dropped) + (isOpen ? 1 : 0)
    chunk.bytes = chunk.bytes.lowerBound..<end
    chunk.lines = chunk.lines.lowerBound...max(chunk.lines.lowerBound, chunk.lines.upperBound - lineCount)
  }

  /// Cuts `text`, which begins at byte `offset` and line `firstLine` of the file. Returns the number of its lines.
  @discardableResult
  private func append(
    _ text: Span<UInt8>, _ outline: SyntaxOutline?, startingAt offset: Int, line firstLine: Int,
    to chunks: inout [Chunk]
  ) -> Int {
    let lines = LineTable(text)
    let sizes = lines.entries.map { Int32(min($0.lastInk - $0.firstInk + 1, 1 << 24)) }
    let cuts = segmentation.cuts(sizes: sizes, cutCosts: costs(of: lines, sizes, in: text, outline))
    chunks.reserveCapacity(chunks.count + cuts.count)
    for (index, cut) in cuts.enumerated() {
      let isLast = index + 1 == cuts.count
      let end = isLast ? text.count : lines.entries[cuts[index + 1]].start
      let lastLine = isLast ? lines.lineCount : lines.firstLine(of: cuts[index + 1]) - 1
      chunks.append(
        Chunk(
          bytes: (offset + lines.entries[cut].start)..<(offset + end),
          lines: (firstLine - 1 + lines.firstLine(of: cut))...(firstLine - 1 + lastLine)))
    }
    return lines.lineCount
  }

  private func costs(
    of lines: LineTable, _ sizes: [Int32], in text: Span<UInt8>, _ outline: SyntaxOutline?
  ) -> [Int32] {
    let structure = StructureCosts(lines, in: text)
    guard let outline, !outline.nodes.isEmpty else { return structure.costs }
    return OutlineCosts(
      outline, lines: lines, sizes: sizes, structure: structure, targetByteCount: targetByteCount
    ).costs
  }

  /// Assigns each chunk the symbols whose name stands in it, and the one it continues; and one that ends with the
  /// comment or the attributes of a definition whose name stands in a later chunk the symbol of that.
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
      // The chunks between have it as their context.
      var first = chunk
      while first > 0, node.bytes.lowerBound < chunks[first].bytes.lowerBound { first -= 1 }
      if first < chunk { chunks[first].symbols.append(symbol) }
      chunks[chunk].symbols.append(symbol)
    }
  }
}
