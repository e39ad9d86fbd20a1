package import Chunking
import Corpus

extension TreeSitterParser {
  /// One outline of the parts of `source`. Prose and markup of one language are read as one text with blanks between its parts; code
  /// part by part, unless the layout joins it. A part whose language has no grammar, or that passes a limit, has no nodes.
  package func outline(of source: Span<UInt8>, layout: SourceLayout, memoryLimit: Int) -> SyntaxOutline? {
    var nodes = layout.nodes
    var hasErrors = false
    var shortage: MemoryShortage?
    var failure: ParserFailure?
    var givenUpCount = 0
    func add(_ outline: SyntaxOutline?) {
      if outline == nil || outline?.shortage != nil || outline?.failure != nil { givenUpCount += 1 }
      guard let outline else { return }
      hasErrors = hasErrors || outline.hasErrors
      shortage = .worse(shortage, outline.shortage)
      failure = failure ?? outline.failure
      nodes += outline.nodes
    }
    var joined: [Language] = []
    var lines = LineCounter()
    for part in layout.parts where Grammars.table(for: part.language.name) != nil {
      if layout.joinsCode || part.language.kind != .code {
        if !joined.contains(part.language) { joined.append(part.language) }
        continue
      }
      if part.bytes.isEmpty || givenUpCount >= Self.mostPartsGivenUp { continue }
      let start = part.bytes.lowerBound
      let text = text(of: [part.bytes], in: source, part.bytes, layout.breaks)
      var outline = plainOutline(of: text.span, in: part.language, memoryLimit: memoryLimit)
      outline?.move(by: start)
      outline?.restoreLines(
        of: text, from: start, line: lines.line(at: start, in: source), source, hasBreaks: !layout.breaks.isEmpty)
      outline?.omit(layout.omittedKinds)
      add(outline)
    }
    for language in joined {
      let ranges = layout.parts.filter { $0.language == language }.map(\.bytes)
      let text = text(of: ranges, in: source, 0..<source.count, layout.breaks)
      var outline = plainOutline(of: text.span, in: language, memoryLimit: memoryLimit)
      outline?.restoreLines(of: text, from: 0, line: 1, source, hasBreaks: !layout.breaks.isEmpty)
      if language.kind == .code { outline?.omit(layout.omittedKinds) }
      add(outline)
    }
    var outline = SyntaxOutline(nodes: SyntaxOutline.merged(nodes), hasErrors: hasErrors)
    outline.shortage = shortage
    outline.failure = failure
    return outline
  }

  /// An honest part never passes a limit. After so many that did the rest has no nodes: the limits hold for each part, and there may be
  /// thousands.
  private static let mostPartsGivenUp = 4

  /// The bytes of `window`, of which only `ranges` are there; line breaks stay.
  private func text(of ranges: [Range<Int>], in source: Span<UInt8>, _ window: Range<Int>, _ breaks: [Int]) -> [UInt8] {
    var text = [UInt8](repeating: 0x20, count: window.count)
    if ranges != [window] {
      for i in window where source[i] == 0x0A { text[i - window.lowerBound] = 0x0A }
    }
    for range in ranges { for i in range { text[i - window.lowerBound] = source[i] } }
    var low = 0
    var high = breaks.count
    while low < high {
      let middle = (low + high) / 2
      if breaks[middle] < window.lowerBound { low = middle + 1 } else { high = middle }
    }
    while low < breaks.count, breaks[low] < window.upperBound {
      text[breaks[low] - window.lowerBound] = 0x0A
      low += 1
    }
    return text
  }
}

/// Counts the lines of a text up to places that mostly ascend.
private struct LineCounter {
  private var line = 1
  private var position = 0

  mutating func line(at place: Int, in source: Span<UInt8>) -> Int {
    if place < position { (line, position) = (1, 0) }
    for i in position..<place where source[i] == 0x0A { line += 1 }
    position = place
    return line
  }
}

extension SyntaxOutline {
  fileprivate mutating func move(by offset: Int) {
    if offset == 0 { return }
    for i in nodes.indices {
      nodes[i].bytes = (nodes[i].bytes.lowerBound + offset)..<(nodes[i].bytes.upperBound + offset)
    }
  }

  fileprivate mutating func omit(_ kinds: Set<Symbol.Kind>) {
    if kinds.isEmpty { return }
    for i in nodes.indices where nodes[i].symbol.map({ kinds.contains($0.kind) }) ?? false { nodes[i].symbol = nil }
  }

  /// Turns lines of `text`, which begins at byte `start` on line `first` of the file, into lines of the file.
  fileprivate mutating func restoreLines(
    of text: [UInt8], from start: Int, line first: Int, _ source: Span<UInt8>, hasBreaks: Bool
  ) {
    guard first > 1 || hasBreaks, nodes.contains(where: { $0.symbol != nil }) else { return }
    guard hasBreaks else {
      for i in nodes.indices { nodes[i].symbol?.line += first - 1 }
      return
    }
    // The line of the file that each line of the text begins on.
    var numbers = [first]
    var line = first
    for i in text.indices where text[i] == 0x0A {
      if source[start + i] == 0x0A { line += 1 }
      numbers.append(line)
    }
    for i in nodes.indices {
      guard let symbol = nodes[i].symbol else { continue }
      nodes[i].symbol?.line = numbers[min(max(0, symbol.line - 1), numbers.count - 1)]
    }
  }
}
