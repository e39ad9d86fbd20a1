import Chunking
import Inspection
import Primitives

/// Templates with `{% … %}`: Jinja, Django, Twig, Nunjucks, Liquid. No grammar is needed for what they define: macros
/// and blocks. The rest is HTML.
enum JinjaBlocks {
  private static let maximumCount = 20_000
  private static let maximumNameByteCount = 100

  /// Nil for a page without any such tag.
  static func layout(of source: Span<UInt8>) -> SourceLayout? {
    guard source.firstOffset(of: "{%", from: 0) != nil else { return nil }
    var tags: [Range<Int>] = []
    /// Definitions that are open, by their places in `nodes`.
    var open: [(word: Int, node: Int)] = []
    var nodes: [SyntaxOutline.Node] = []
    var position = 0
    var line = 1
    var counted = 0
    while tags.count < maximumCount, let start = nextTag(source, from: position) {
      let isBlock = source[start + 1] == .percent
      let isComment = source[start + 1] == .hash
      let close =
        isBlock
        ? source.firstOffset(of: "%}", from: start + 2)
        : isComment ? source.firstOffset(of: "#}", from: start + 2) : source.firstOffset(of: "}}", from: start + 2)
      guard let close else { break }
      let end = close + 2
      tags.append(start..<end)
      position = end
      guard isBlock else { continue }
      var word = start + 2
      while word < close, source[word] == .minus || source[word] == .plus || source[word] <= .space { word += 1 }
      let wordEnd = source.endOfName(word, before: close)
      for (index, (name, kind)) in definitions.enumerated() {
        if source.equals(word..<wordEnd, name) {
          var first = wordEnd
          while first < close, source[first] <= .space { first += 1 }
          let last = min(source.endOfName(first, before: close), first + maximumNameByteCount)
          if last == first { break }
          for i in counted..<first where source[i] == .newline { line += 1 }
          counted = first
          open.append((index, nodes.count))
          nodes.append(
            SyntaxOutline.Node(
              bytes: start..<end, depth: 0,
              symbol: Symbol(kind: kind, name: source.name(first..<last), line: line), isContainer: kind == .section))
        } else if source.begins(word..<wordEnd, with: "end"), source.equals((word + 3)..<wordEnd, name),
          let offset = open.lastIndex(where: { $0.word == index })
        {
          for ended in open[offset...] { nodes[ended.node].bytes = nodes[ended.node].bytes.lowerBound..<end }
          open.removeSubrange(offset...)
        }
      }
    }
    if tags.isEmpty { return nil }
    var layout = SourceLayout(parts: SourceParts.rest(source.count, around: tags, "html"))
    layout.nodes = nodes
    return layout
  }

  private static let definitions: [(StaticString, Symbol.Kind)] = [("macro", .function), ("block", .section)]

  private static func nextTag(_ source: Span<UInt8>, from start: Int) -> Int? {
    var position = start
    while position + 1 < source.count {
      if source[position] == .leftBrace, [UInt8.percent, .leftBrace, .hash].contains(source[position + 1]) {
        return position
      }
      position += 1
    }
    return nil
  }
}

extension Span<UInt8> {
  /// The end of the name that begins at `start`.
  fileprivate func endOfName(_ start: Int, before end: Int) -> Int {
    var position = start
    while position < end, isIdentifier(at: position) || self[position] >= 0x80 { position += 1 }
    return position
  }
}
