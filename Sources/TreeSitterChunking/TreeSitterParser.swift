import CTreeSitter
package import Chunking
package import Inspection

/// A `SyntaxParser` over tree-sitter and the grammars that `Scripts/setup` compiles. Thread-safe.
///
/// A parse is bounded in size, nesting, memory and work (`ParseLimits`); past a bound there is no outline but its
/// reason (`ParserFailure`), and the chunker goes by the look of the text. Nothing here recurses, and tree-sitter
/// itself walks its trees with a stack on the heap.
package struct TreeSitterParser: SyntaxParser {
  /// Whether function bodies, which define nothing, are elided before parsing where a language says how (`Skimmer`).
  private let skims: Bool

  /// - Parameter skims: false for the tree of every byte: three times the work in C for nearly the same outline.
  package init(skims: Bool = true) { self.skims = skims }

  /// The names of all grammars, which are the names of the languages they parse.
  package static var grammarNames: [String] { Grammars.names }

  /// What the grammar of `language` spells out: keywords and signs, for who wants to make text of it. Empty without a
  /// grammar.
  package static func tokens(of language: Language) -> [String] {
    guard let language = unsafe Grammars.table(for: language.name)?.language else { return [] }
    return unsafe (0..<UInt16(truncatingIfNeeded: ts_language_symbol_count(language))).compactMap { symbol in
      guard unsafe ts_language_symbol_type(language, symbol) == TSSymbolTypeAnonymous else { return nil }
      return unsafe ts_language_symbol_name(language, symbol).map { unsafe String(cString: $0) }
    }
  }

  package func outline(of source: Span<UInt8>, in language: Language) -> SyntaxOutline? {
    outline(of: source, in: language, memoryLimit: .max)
  }

  package func outline(of source: Span<UInt8>, in language: Language, memoryLimit: Int) -> SyntaxOutline? {
    if let layout = SourceParts.layout(of: source, in: language) {
      return outline(of: source, layout: layout, memoryLimit: memoryLimit)
    }
    return plainOutline(of: source, in: language, memoryLimit: memoryLimit)
  }

  /// The outline of a text in one language.
  func plainOutline(of source: Span<UInt8>, in language: Language, memoryLimit: Int) -> SyntaxOutline? {
    var end = ParseEnd.whole
    let outline = ParseMemory.withWork(byteCount: source.count) { () -> SyntaxOutline? in
      self.outline(of: source, in: language, memoryLimit, &end)
    }
    if let outline { return outline }
    switch end {
    case .whole: return nil
    case .tooLarge(let shortage): return .tooLarge(shortage)
    case .failed(let failure): return .failed(failure)
    }
  }

  private func outline(
    of source: Span<UInt8>, in language: Language, _ memoryLimit: Int, _ end: inout ParseEnd
  ) -> SyntaxOutline? {
    guard !source.isEmpty, let table = Grammars.table(for: language.name) else { return nil }
    if source.count > ParseLimits.maximumByteCount {
      end = .failed(.size)
      return nil
    }
    if skims, let rules = table.skim, let skeleton = Skeleton(source, rules: rules) {
      guard let outline = walk(skeleton.text.span, table, memoryLimit, &end) else { return nil }
      return SyntaxOutline(nodes: skeleton.outline(of: outline.nodes, in: source), hasErrors: outline.hasErrors)
    }
    guard var outline = walk(source, table, memoryLimit, &end) else { return nil }
    var failure: ParserFailure?
    var shortage: MemoryShortage?
    for text in outline.embedded.reversed() {
      guard let table = Grammars.table(for: text.language),
        let inner = walk(source.extracting(text.bytes), table, memoryLimit, &end)
      else {
        switch end {
        case .whole: break
        case .tooLarge(let ofPart): shortage = .worse(shortage, ofPart)
        case .failed(let ofPart): failure = ofPart
        }
        end = .whole
        continue
      }
      let nodes = inner.nodes.map { node in
        var node = node
        node.bytes = (node.bytes.lowerBound + text.bytes.lowerBound)..<(node.bytes.upperBound + text.bytes.lowerBound)
        node.depth += text.depth
        node.symbol?.line += text.row
        return node
      }
      outline.nodes.insert(contentsOf: nodes, at: text.nodeIndex)
      outline.hasErrors = outline.hasErrors || inner.hasErrors
    }
    var whole = SyntaxOutline(nodes: outline.nodes, hasErrors: outline.hasErrors)
    whole.failure = failure
    whole.shortage = shortage
    return whole
  }

  /// Parses `source` and reads nothing of the tree, as any program that uses tree-sitter would, with the system's
  /// memory: what parsing alone costs, for comparison. False if there is no grammar or a limit was passed.
  package func parse(_ source: Span<UInt8>, in language: Language) -> Bool {
    if source.isEmpty || source.count > ParseLimits.maximumByteCount || ParseLimits.isNestedTooDeeply(source) {
      return false
    }
    guard let table = Grammars.table(for: language.name),
      let tree = unsafe ParseMemory.withWork(
        byteCount: source.count, { unsafe BoundedParse.tree(of: source, in: table.language) })
    else { return false }
    unsafe ts_tree_delete(tree)
    return true
  }

  /// Parses `source` and walks its tree; nil if that came to another end than that of the text.
  private func walk(
    _ source: Span<UInt8>, _ table: GrammarTable, _ memoryLimit: Int, _ end: inout ParseEnd
  ) -> TreeWalk.Result? {
    if ParseLimits.isNestedTooDeeply(source) {
      end = .failed(.nesting)
      return nil
    }
    // The tree ends with the arena.
    let (result, ended) = ParseMemory.withArena(limit: memoryLimit) { () -> (TreeWalk.Result?, ParseEnd) in
      guard let tree = unsafe BoundedParse.tree(of: source, in: table.language) else {
        if let failure = ParseMemory.failure { return (nil, .failed(failure)) }
        if ParseMemory.ranOut { return (nil, .tooLarge(.system)) }
        return (nil, ParseMemory.isOver(with: 0) ? .tooLarge(.limit) : .failed(.memory))
      }
      return unsafe TreeWalk.perform(tree, source, table)
    }
    end = ended
    return result
  }
}

/// How a parse ended.
enum ParseEnd {
  case whole
  /// It took more memory than it was given, or than there is.
  case tooLarge(MemoryShortage)
  case failed(ParserFailure)
}
