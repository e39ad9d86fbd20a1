package import Inspection

/// What languages the parts of a text are in, and what of it is worth a chunk: for files that hold code among other
/// things, such as notebooks and templates.
package struct SourceLayout: Sendable {
  /// A part in a language of its own. Parts may lie in one another.
  package struct Part: Hashable, Sendable {
    package var bytes: Range<Int>
    package var language: Language

    package init(bytes: Range<Int>, language: Language) {
      self.bytes = bytes
      self.language = language
    }
  }

  /// In the order of their beginnings.
  package var parts: [Part]
  /// Whole lines that chunks may cover, in order; the rest of the file is left out. Nil if chunks cover all of it.
  package var spans: [Range<Int>]?
  /// Where the text has another byte in the place of a line break that its parts have, ascending.
  package var breaks: [Int] = []
  /// Whether the code of one language is one program, whatever lies between its parts: a template's tags. Otherwise
  /// each part is read by itself, so that an error in one ends there.
  package var joinsCode = false
  /// Kinds that are no symbols here: variables of examples are nothing to look for.
  package var omittedKinds: Set<Symbol.Kind> = []
  /// Found without a parser.
  package var nodes: [SyntaxOutline.Node] = []

  package init(parts: [Part], spans: [Range<Int>]? = nil) {
    self.parts = parts
    self.spans = spans
  }
}

extension SyntaxOutline {
  /// One outline of several of the same text. What would reach beyond the node around it ends with that.
  package static func merged(_ nodes: [Node]) -> [Node] {
    // Parents come before their children of the same bytes: the order in which they were given decides between equals.
    var merged = nodes.enumerated().sorted { a, b in
      let (first, second) = (a.element.bytes, b.element.bytes)
      if first.lowerBound != second.lowerBound { return first.lowerBound < second.lowerBound }
      if first.upperBound != second.upperBound { return first.upperBound > second.upperBound }
      return a.offset < b.offset
    }.map(\.element)
    var ends: [Int] = []
    for i in merged.indices {
      let bytes = merged[i].bytes
      while let end = ends.last, end <= bytes.lowerBound { ends.removeLast() }
      merged[i].depth = ends.count
      if let end = ends.last, end < bytes.upperBound { merged[i].bytes = bytes.lowerBound..<end }
      ends.append(merged[i].bytes.upperBound)
    }
    return merged
  }

  /// The nodes that begin in `span`, no longer than it is, with places from its beginning.
  func part(_ span: Range<Int>) -> SyntaxOutline {
    var low = 0
    var high = nodes.count
    while low < high {
      let middle = (low + high) / 2
      if nodes[middle].bytes.lowerBound < span.lowerBound { low = middle + 1 } else { high = middle }
    }
    var part = SyntaxOutline(nodes: [])
    for node in nodes[low...] {
      if node.bytes.lowerBound >= span.upperBound { break }
      var node = node
      node.bytes =
        (node.bytes.lowerBound - span.lowerBound)..<(min(node.bytes.upperBound, span.upperBound) - span.lowerBound)
      part.nodes.append(node)
    }
    return part
  }
}
