import CTreeSitter
package import Chunking
package import Corpus

/// A `SyntaxParser` over tree-sitter and the grammars that `Scripts/setup` compiles. Thread-safe; copies share their parsers.
///
/// A parse is bounded in size, nesting, steps and time (`ParseLimits`); past a bound there is no outline, and the chunker
/// goes by the look of the text. Nothing here recurses, and tree-sitter itself walks its trees with a stack on the heap.
package struct TreeSitterParser: SyntaxParser {
  private let pool = ParserPool()

  package init() {}

  /// The names of all grammars, which are the names of the languages they parse.
  package static var grammarNames: [String] { Grammars.names }

  package func outline(of source: Span<UInt8>, in language: Language) -> SyntaxOutline? {
    if source.isEmpty || source.count > ParseLimits.maximumByteCount { return nil }
    if ParseLimits.isNestedTooDeeply(source) { return nil }
    guard let table = Grammars.table(for: language.name), let parser = pool.take() else { return nil }
    defer { pool.giveBack(parser) }
    guard var outline = walk(source, table, parser) else { return nil }
    for text in outline.embedded.reversed() {
      guard let table = Grammars.table(for: text.language),
        let inner = walk(source.extracting(text.bytes), table, parser)
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

  private struct Walked {
    var nodes: [SyntaxOutline.Node]
    var embedded: [EmbeddedText]
    var hasErrors: Bool
  }

  /// Parses `source` and walks its tree; nothing where a limit was passed.
  private func walk(_ source: Span<UInt8>, _ table: GrammarTable, _ parser: ParserPool.Parser) -> Walked? {
    guard unsafe ts_parser_set_language(parser.raw, table.language) else { return nil }
    guard let tree = unsafe parse(source, with: parser.raw) else {
      unsafe ts_parser_reset(parser.raw)
      return nil
    }
    defer { unsafe ts_tree_delete(tree) }

    let root = unsafe ts_tree_root_node(tree)
    var builder = OutlineBuilder(table: table)
    var cursor = unsafe ts_tree_cursor_new(root)
    defer { unsafe ts_tree_cursor_delete(&cursor) }
    // The builder has a frame for the root's children from the start.
    var depth = unsafe ts_tree_cursor_goto_first_child(&cursor) ? 1 : 0
    while depth > 0 {
      let node = unsafe SyntaxNode(ts_tree_cursor_current_node(&cursor))
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

  /// What the callbacks of one parse share. It lives on the stack of `parse`.
  @unsafe private struct ParseState {
    var bytes: UnsafeBufferPointer<UInt8>
    var reportCount = 0
    var deadline: ContinuousClock.Instant
  }

  private func parse(_ source: Span<UInt8>, with parser: OpaquePointer) -> OpaquePointer? {
    unsafe source.withUnsafeBufferPointer { bytes in
      var state = unsafe ParseState(
        bytes: bytes, deadline: .now + ParseLimits.maximumDuration(byteCount: bytes.count))
      return unsafe withUnsafeMutablePointer(to: &state) { state in
        var input = unsafe TSInput()
        unsafe input.payload = UnsafeMutableRawPointer(state)
        unsafe input.encoding = TSInputEncodingUTF8
        // The whole rest of the text at once.
        unsafe input.read = { payload, index, _, count in
          guard let payload = unsafe payload, let count = unsafe count else { return nil }
          let bytes = unsafe payload.assumingMemoryBound(to: ParseState.self).pointee.bytes
          let index = min(Int(index), bytes.count)
          unsafe count.pointee = UInt32(bytes.count - index)
          return unsafe UnsafeRawPointer(bytes.baseAddress)?.advanced(by: index).assumingMemoryBound(to: CChar.self)
        }
        var options = unsafe TSParseOptions()
        unsafe options.payload = UnsafeMutableRawPointer(state)
        unsafe options.progress_callback = { report in
          guard let report = unsafe report, let payload = unsafe report.pointee.payload else { return true }
          let state = unsafe payload.assumingMemoryBound(to: ParseState.self)
          unsafe state.pointee.reportCount += 1
          let count = unsafe state.pointee.reportCount
          let offset = Int(unsafe report.pointee.current_byte_offset)
          if count > ParseLimits.maximumReportCount(at: offset) { return true }
          return unsafe ContinuousClock.now > state.pointee.deadline
        }
        return unsafe ts_parser_parse_with_options(parser, nil, input, options)
      }
    }
  }
}
