import Chunking
import Inspection
import Testing

/// A parser that gives the same outline for every text.
private struct FixedParser: SyntaxParser {
  var outline: SyntaxOutline?
  func outline(of source: Span<UInt8>, in language: Language) -> SyntaxOutline? { outline }
}

@Suite struct OutlineChunkingTests {
  /// Text made of pieces, and the outline that belongs to it.
  private struct Builder {
    var text = ""
    var nodes: [SyntaxOutline.Node] = []
    var line: Int { text.utf8.reduce(1) { $0 + ($1 == 10 ? 1 : 0) } }

    mutating func function(_ name: String, statements: Int, depth: Int = 0, enclosing: [String] = []) {
      let start = text.utf8.count
      let symbol = Symbol(kind: .function, name: name, enclosing: enclosing, line: line)
      let place = nodes.count
      nodes.append(SyntaxOutline.Node(bytes: start..<start, depth: depth, symbol: symbol))
      text += "func \(name)() {\n"
      for index in 0..<statements {
        let statement = text.utf8.count
        text += "  call(\(index),\n       second argument of the call)\n"
        nodes.append(SyntaxOutline.Node(bytes: (statement + 2)..<(text.utf8.count - 1), depth: depth + 1))
      }
      text += "}\n"
      nodes[place].bytes = start..<(text.utf8.count - 1)
    }

    func chunks(target: Int = 1500) -> [Chunk] {
      let bytes = Array(text.utf8)
      let parser = FixedParser(outline: SyntaxOutline(nodes: nodes))
      return Chunker(parser: parser, targetByteCount: target).chunks(of: bytes.span, in: .plainText)
    }
  }

  @Test func `definitions of some size are chunks of their own`() {
    var builder = Builder()
    for name in ["one", "two", "three"] { builder.function(name, statements: 15) }
    #expect(builder.chunks().map { $0.symbols.map(\.name) } == [["one"], ["two"], ["three"]])
  }

  @Test func `small definitions are grouped`() {
    var builder = Builder()
    for name in ["one", "two", "three", "four"] { builder.function(name, statements: 2) }
    #expect(builder.chunks().map { $0.symbols.map(\.name) } == [["one", "two", "three", "four"]])
  }

  @Test func `a large function is cut between its statements and its later pieces know it`() {
    var builder = Builder()
    builder.function("large", statements: 200)
    let chunks = builder.chunks()
    let bytes = Array(builder.text.utf8)
    #expect(chunks.count > 3)
    #expect(chunks[0].symbols.map(\.name) == ["large"])
    #expect(chunks[0].context == nil)
    for chunk in chunks.dropFirst() {
      #expect(chunk.symbols.isEmpty)
      #expect(chunk.context?.name == "large")
      #expect(bytes[chunk.bytes].starts(with: Array("  call(".utf8)))
    }
  }

  @Test func `methods know the type around them`() {
    var builder = Builder()
    let place = builder.nodes.count
    builder.nodes.append(
      SyntaxOutline.Node(
        bytes: 0..<0, depth: 0, symbol: Symbol(kind: .type, name: "Shop", line: 1), isContainer: true))
    builder.text += "class Shop {\n"
    for index in 0..<6 { builder.function("m\(index)", statements: 15, depth: 1, enclosing: ["Shop"]) }
    builder.text += "}\n"
    builder.nodes[place].bytes = 0..<(builder.text.utf8.count - 1)
    let chunks = builder.chunks()
    #expect(chunks[0].symbols.map(\.qualifiedName).prefix(2) == ["Shop", "Shop.m0"])
    #expect(chunks[0].context == nil)
    for chunk in chunks.dropFirst() { #expect(chunk.context?.name == "Shop") }
    #expect(chunks.flatMap(\.symbols).count == 7)
  }

  @Test func `a chunk that ends with the comment of a definition has its symbol, and the chunk of its name`() {
    var builder = Builder()
    builder.function("one", statements: 3)
    let start = builder.text.utf8.count
    for line in 0..<60 { builder.text += "// Line \(line) of what there is to say of the second function.\n" }
    builder.function("two", statements: 15)
    builder.nodes[builder.nodes.firstIndex { $0.symbol?.name == "two" }!].bytes = start..<(builder.text.utf8.count - 1)
    let chunks = builder.chunks()
    #expect(chunks.count > 1)
    let holding = chunks.filter { $0.symbols.contains { $0.name == "two" } || $0.context?.name == "two" }
    #expect(holding.count == chunks.count { $0.bytes.upperBound > start })
    #expect(chunks.count { $0.symbols.contains { $0.name == "two" && !chunks[0].lines.contains($0.line) } } == 2)
    #expect(chunks.flatMap(\.symbols).count { $0.name == "one" } == 1)
  }

  @Test func `an outline that does not fit the text does no harm`() {
    let text = Array("one\ntwo\n".utf8)
    let outlines: [[SyntaxOutline.Node]] = [
      [SyntaxOutline.Node(bytes: 5..<900, depth: 0)], [SyntaxOutline.Node(bytes: 4..<4, depth: 3)],
      [
        SyntaxOutline.Node(bytes: 4..<7, depth: 0, symbol: Symbol(kind: .type, name: "a", line: 99)),
        SyntaxOutline.Node(bytes: 0..<3, depth: 0, symbol: Symbol(kind: .type, name: "b", line: -3)),
      ],
    ]
    for nodes in outlines {
      let parser = FixedParser(outline: SyntaxOutline(nodes: nodes))
      let chunks = Chunker(parser: parser).chunks(of: text.span, in: .plainText)
      #expect(chunks.map(\.bytes) == [0..<8])
    }
  }
}
