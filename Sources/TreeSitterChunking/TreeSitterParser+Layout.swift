package import Chunking
import Inspection
import Primitives

extension TreeSitterParser {
  /// One outline of the parts of `source`. Prose and markup of one language are read as one text with blanks between
  /// its parts; code part by part, unless the layout joins it. A part whose language has no grammar, or that passes a
  /// limit, has no nodes.
  package func outline(of source: Span<UInt8>, layout: SourceLayout, memoryLimit: Int) -> SyntaxOutline? {
    // What a file is worth is shared by its parts.
    ParseMemory.withWork(byteCount: source.count) { () -> SyntaxOutline? in
      outlineOfParts(of: source, layout: layout, memoryLimit: memoryLimit)
    }
  }

  private func outlineOfParts(of source: Span<UInt8>, layout: SourceLayout, memoryLimit: Int) -> SyntaxOutline? {
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
    var code: [SourceLayout.Part] = []
    for part in layout.parts where Grammars.table(for: part.language.name) != nil {
      if layout.joinsCode || part.language.kind != .code {
        if !joined.contains(part.language) { joined.append(part.language) }
      } else if !part.bytes.isEmpty {
        code.append(part)
      }
    }
    var lines = LineCounter()
    for group in Self.groups(of: code) {
      if givenUpCount >= Self.mostPartsGivenUp { break }
      let window = group[group.startIndex].bytes.lowerBound..<group[group.endIndex - 1].bytes.upperBound
      let language = group[group.startIndex].language
      let text = text(of: group.map(\.bytes), in: source, window, layout.breaks)
      var outline = plainOutline(of: text.span, in: language, memoryLimit: memoryLimit)
      outline?.move(by: window.lowerBound)
      outline?.restoreLines(
        of: text, from: window.lowerBound, line: lines.line(at: window.lowerBound, in: source), source,
        hasBreaks: !layout.breaks.isEmpty)
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

  /// An honest part never passes a limit. After so many that did the rest has no nodes: the limits hold for each part,
  /// and there may be thousands.
  private static let mostPartsGivenUp = 4

  /// Parts that are parsed together: each by itself, unless there are so many that to begin a parse for each would take
  /// longer than to parse; then some that follow each other in one language.
  private static func groups(of parts: [SourceLayout.Part]) -> [ArraySlice<SourceLayout.Part>] {
    let count = (parts.count + mostGroups - 1) / mostGroups
    var groups: [ArraySlice<SourceLayout.Part>] = []
    var start = 0
    for end in parts.indices.map({ $0 + 1 }) {
      let isLast = end == parts.count || parts[end].language != parts[start].language
      if !isLast, end - start < count { continue }
      groups.append(parts[start..<end])
      start = end
    }
    return groups
  }
  private static let mostGroups = 400

  /// The bytes of `window`, of which only `ranges` are there; line breaks stay.
  private func text(of ranges: [Range<Int>], in source: Span<UInt8>, _ window: Range<Int>, _ breaks: [Int]) -> [UInt8] {
    var text = [UInt8](repeating: .space, count: window.count)
    if ranges != [window] {
      for i in window where source[i] == .newline { text[i - window.lowerBound] = .newline }
    }
    for range in ranges { for i in range { text[i - window.lowerBound] = source[i] } }
    var low = 0
    var high = breaks.count
    while low < high {
      let middle = (low + high) / 2
      if breaks[middle] < window.lowerBound { low = middle + 1 } else { high = middle }
    }
    while low < breaks.count, breaks[low] < window.upperBound {
      text[breaks[low] - window.lowerBound] = .newline
      low += 1
    }
    return text
  }
}

/// Counts the lines of a text up to places that mostly ascend.
private struct LineCounter {
  private var line = 1
  private var position = 0

  mutating func line(at offset: Int, in source: Span<UInt8>) -> Int {
    if offset < position { (line, position) = (1, 0) }
    for i in position..<offset where source[i] == .newline { line += 1 }
    position = offset
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
    for i in text.indices where text[i] == .newline {
      if source[start + i] == .newline { line += 1 }
      numbers.append(line)
    }
    for i in nodes.indices {
      guard let symbol = nodes[i].symbol else { continue }
      nodes[i].symbol?.line = numbers[min(max(0, symbol.line - 1), numbers.count - 1)]
    }
  }
}
