import Chunking
import Inspection
import Primitives
import Segments
import TestSupport
import Testing

/// A chunk that is longer than what is analysed at once, as one line of megabytes is.
@Suite struct LongChunkTests {
  private static let wordCount = 150_000
  private let text: [UInt8]
  private let chunks: [Chunk]

  init() {
    // A short chunk before it and one behind it; "everywhere" is in every part.
    var text = Array("first line\n".utf8)
    let start = text.count
    for i in 0..<Self.wordCount {
      text.append(contentsOf: Array("w\(i)z ".utf8))
      if i % 1000 == 0 { text.append(contentsOf: Array("everywhere ".utf8)) }
    }
    text.append(UInt8(ascii: "\n"))
    let end = text.count
    text.append(contentsOf: Array("last everywhere\n".utf8))
    self.text = text
    chunks = [
      Chunk(bytes: 0..<start, lines: 1...1), Chunk(bytes: start..<end, lines: 2...2),
      Chunk(bytes: end..<text.count, lines: 3...3),
    ]
  }

  private var parts: [FileTerms] { Analyzer().parts(of: chunks, in: text.span, path: "a/b.txt") }

  @Test("A long chunk is analysed in parts, and has the terms and the length that it has as a whole")
  func sameTerms() {
    let parts = parts
    let whole = Analyzer().terms(of: chunks, in: text.span, path: "a/b.txt")
    #expect(parts.count > 3)
    #expect(parts.flatMap(\.lengths) == whole.lengths)
    var expected: [Set<Term>] = chunks.map { _ in [] }
    for chunk in chunks.indices { whole.visit(chunk: chunk) { term, _ in expected[chunk].insert(term) } }
    var found: [Set<Term>] = chunks.map { _ in [] }
    var first = 0
    for part in parts {
      let number = part.continuesChunk ? first - 1 : first
      for chunk in 0..<max(part.chunkCount, 1) {
        part.visit(chunk: chunk) { term, _ in found[number + chunk].insert(term) }
      }
      first += part.chunkCount
    }
    #expect(found == expected)
  }

  @Test("No part of a long chunk is of more text than the bound")
  func bound() {
    // A term is a word of the text or a part of one.
    for part in parts where part.continuesChunk {
      var byteCount = 0
      part.visit(chunk: 0) { term, _ in byteCount += term.bytes.count }
      #expect(byteCount <= 2 * Analyzer.partByteCount)
    }
  }

  @Test("A segment finds every word of a long chunk, once in a chunk")
  func found() throws {
    let tree = try TemporaryTree()
    var parts = parts
    var builder = SegmentBuilder(dimensions: 0)
    var file = PreparedFile(
      path: "a/b.txt", language: Language(name: "text", kind: .prose), contentHash: ContentHash(of: text.span),
      chunks: chunks.map { chunk in
        PreparedChunk(
          chunk: chunk, contentHash: ContentHash(of: text.span.extracting(chunk.bytes)), vector: QuantisedVector([]))
      }, terms: parts.removeFirst())
    file.laterTerms = LaterTerms(parts)
    _ = builder.add(file)
    let path = tree.root.appending("a.segment")
    _ = try builder.write(to: path)
    let segment = try Segment(opening: path)
    try segment.verify()
    #expect(segment.chunkCount == 3)
    for (word, count) in [
      ("everywhere", 2), ("first", 1), ("last", 1), ("w0z", 1), ("w\(Self.wordCount / 2)z", 1),
      ("w\(Self.wordCount - 1)z", 1), ("absent", 0),
    ] {
      let query = LexicalQuery(clauses: [.init(term: Term(word))])
      #expect(segment.documentFrequencies(of: query) == [count], "\(word)")
    }
  }
}
