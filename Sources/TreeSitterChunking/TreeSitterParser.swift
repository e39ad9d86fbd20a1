import CTreeSitter
package import Chunking
package import Corpus

/// A `SyntaxParser` over tree-sitter and the grammars that `Scripts/setup` compiles. Thread-safe.
///
/// A parse is bounded in size, nesting, memory and time (`ParseLimits`); past a bound there is no outline, and the chunker
/// goes by the look of the text. Nothing here recurses, and tree-sitter itself walks its trees with a stack on the heap.
package struct TreeSitterParser: SyntaxParser {
  /// Whether what defines nothing is passed over where a language says how (`Skimmer`), in place of parsed.
  private let skims: Bool

  /// - Parameter skims: false for the tree of every byte: three times the work in C for nearly the same outline.
  package init(skims: Bool = true) { self.skims = skims }

  /// The names of all grammars, which are the names of the languages they parse.
  package static var grammarNames: [String] { Grammars.names }

  package func outline(of source: Span<UInt8>, in language: Language) -> SyntaxOutline? {
    outline(of: source, in: language, memoryLimit: .max)
  }

  package func outline(of source: Span<UInt8>, in language: Language, memoryLimit: Int) -> SyntaxOutline? {
    var exceedsMemory = false
    if let outline = outline(of: source, in: language, memoryLimit, &exceedsMemory) { return outline }
    return exceedsMemory ? .tooLarge : nil
  }

  private func outline(
    of source: Span<UInt8>, in language: Language, _ memoryLimit: Int, _ exceedsMemory: inout Bool
  ) -> SyntaxOutline? {
    if source.isEmpty || source.count > ParseLimits.maximumByteCount { return nil }
    guard let table = Grammars.table(for: language.name) else { return nil }
    if skims, let rules = table.skim, let skeleton = Skeleton(source, rules: rules) {
      guard let outline = walk(skeleton.text.span, table, memoryLimit, &exceedsMemory) else { return nil }
      return SyntaxOutline(nodes: skeleton.outline(of: outline.nodes, in: source), hasErrors: outline.hasErrors)
    }
    guard var outline = walk(source, table, memoryLimit, &exceedsMemory) else { return nil }
    for text in outline.embedded.reversed() {
      guard let table = Grammars.table(for: text.language),
        let inner = walk(source.extracting(text.bytes), table, memoryLimit, &exceedsMemory)
      else { continue }
      let nodes = inner.nodes.map { node in
        var node = node
        node.bytes = (node.bytes.lowerBound + text.bytes.lowerBound)..<(node.bytes.upperBound + text.bytes.lowerBound)
        node.depth += text.depth
        node.symbol?.line += text.row
        return node
      }
      outline.nodes.insert(contentsOf: nodes, at: text.place)
      outline.hasErrors = outline.hasErrors || inner.hasErrors
    }
    return SyntaxOutline(nodes: outline.nodes, hasErrors: outline.hasErrors)
  }

  /// Parses `source` and looks at nothing of it, as any program that uses tree-sitter would, with the system's memory:
  /// what parsing alone costs, for comparison. False where there is no grammar or a limit was passed.
  package func parse(_ source: Span<UInt8>, in language: Language) -> Bool {
    if source.isEmpty || source.count > ParseLimits.maximumByteCount || ParseLimits.isNestedTooDeeply(source) {
      return false
    }
    guard let table = Grammars.table(for: language.name),
      let tree = unsafe BoundedParse.tree(of: source, in: table.language)
    else { return false }
    unsafe ts_tree_delete(tree)
    return true
  }

  private struct Walked {
    var nodes: [SyntaxOutline.Node]
    var embedded: [EmbeddedText]
    var hasErrors: Bool
  }

  /// Parses `source` and walks its tree; nothing where a limit was passed.
  private func walk(
    _ source: Span<UInt8>, _ table: GrammarTable, _ memoryLimit: Int, _ exceedsMemory: inout Bool
  ) -> Walked? {
    if ParseLimits.isNestedTooDeeply(source) { return nil }
    // The tree ends with the arena.
    return ParseMemory.withArena(limit: memoryLimit) { walkTree(source, table, &exceedsMemory) }
  }

  /// About what a node of an outline takes, with its names and the room that an array grows by.
  private static let nodeByteCount = 160
  /// How many nodes are looked at between two looks at the memory.
  private static let lookInterval = 4096

  private func walkTree(_ source: Span<UInt8>, _ table: GrammarTable, _ exceedsMemory: inout Bool) -> Walked? {
    guard let tree = unsafe BoundedParse.tree(of: source, in: table.language) else {
      exceedsMemory = ParseMemory.isOver(with: 0) || ParseMemory.ranOut
      return nil
    }

    var looked = 0
    let root = unsafe ts_tree_root_node(tree)
    var builder = OutlineBuilder(table: table)
    var cursor = unsafe ts_tree_cursor_new(root)
    defer { unsafe ts_tree_cursor_delete(&cursor) }
    // The builder has a frame for the root's children from the start.
    var depth = unsafe ts_tree_cursor_goto_first_child(&cursor) ? 1 : 0
    while depth > 0 {
      let node = unsafe SyntaxNode(ts_tree_cursor_current_node(&cursor))
      looked &+= 1
      if looked & (Self.lookInterval - 1) == 0, ParseMemory.isOver(with: builder.nodes.count * Self.nodeByteCount) {
        exceedsMemory = true
        return nil
      }
      if builder.enter(node, source) {
        if unsafe ts_tree_cursor_goto_first_child(&cursor) {
          depth += 1
          continue
        }
        builder.leave()
      }
      while unsafe depth > 0 && !ts_tree_cursor_goto_next_sibling(&cursor) {
        builder.leave()
        depth -= 1
        if depth > 0 { unsafe _ = ts_tree_cursor_goto_parent(&cursor) }
      }
    }
    let hasErrors = unsafe ts_node_has_error(root)
    return Walked(
      nodes: builder.nodes, embedded: Array(builder.embedded.prefix(EmbeddedText.maximumCount)), hasErrors: hasErrors)
  }
}
