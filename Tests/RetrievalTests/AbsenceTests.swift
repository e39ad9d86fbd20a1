import Chunking
import Embedding
import Inspection
import Primitives
import QueryLanguage
import Retrieval
import Segments
import TestSupport
import Testing

/// What a searcher says of what a query asks for and no file holds.
@Suite struct AbsenceTests {
  /// Lives as long as the test.
  private let tree: TemporaryTree
  private let searcher: Searcher

  private static let files = [
    ("docs/guide.md", "# How DEDENTs are parsed\n\nThe Łódź office keeps its accounts by hand.\n"),
    ("lib/ledger.py", "def open_ledger(path):\n    return Ledger(path, 4096)\n"),
  ]

  init() throws {
    tree = try TemporaryTree()
    let embedder = ScriptedEmbedder()
    var builder = SegmentBuilder(dimensions: embedder.identity.dimensions)
    for (path, text) in Self.files {
      try tree.write(FilePath("corpus").appending(FilePath(path)), text)
      let bytes = Array(text.utf8)
      let symbols = path.hasSuffix(".py") ? [Symbol(kind: .function, name: "open_ledger", line: 1)] : []
      let chunk = Chunk(bytes: 0..<bytes.count, lines: 1...bytes.count { $0 == 0x0A }, symbols: symbols)
      let vector = try embedder.embed(bytes.span, pieces: [0..<bytes.count], path: FilePath(path))
      let prepared = PreparedChunk(
        chunk: chunk, contentHash: ContentHash(of: bytes.span), vector: QuantisedVector(vector[...]))
      _ = builder.add(
        PreparedFile(
          path: FilePath(path), language: Language(name: path.hasSuffix(".py") ? "python" : "markdown", kind: .code),
          contentHash: ContentHash(of: bytes.span), chunks: [prepared],
          terms: Analyzer().terms(of: [chunk], in: bytes.span, path: FilePath(path))))
    }
    _ = try builder.write(to: tree.root.appending("index"))
    let segment = try Segment(opening: tree.root.appending("index"))
    let live = IndexSnapshot.LiveSegment(segment: segment, tombstones: BitSet(capacity: segment.fileCount))
    let snapshot = IndexSnapshot(generation: 1, isComplete: true, segments: [live])
    searcher = Searcher(snapshot: snapshot, embedder: embedder, root: tree.root.appending("corpus"))
  }

  /// Of each rule one query: what is said to be nowhere, and whether nothing of what was asked for is there.
  @Test(arguments: [
    ("ledger", [], false), ("open_ledger path", [], false), ("\"Ledger(path, 4096)\"", [], false),
    ("FooBarZork", ["name FooBarZork"], true), ("ledger.FooZork", ["name FooZork"], true),
    ("open FooZork", ["name FooZork"], false), ("zork ledger", ["word zork"], false),
    ("how is the Zork of Nork", ["word Zork", "word Nork"], true), ("zork 4096", ["word zork"], false),
    ("zork 4097", ["word zork"], true), ("Łódźka", ["word Łódźka"], true), ("zork ŁÓDŹ", ["word zork"], false),
    ("\"Keeps Its Zork\" office", ["phrase Keeps Its Zork"], true), ("-x -N 2 -C 0", ["text -x -N 2 -C 0"], true),
    ("-x -N 20 -C 0", ["text -x -N 20 -C 0"], true), ("=>", ["text =>"], true), ("\"=>\"", ["phrase =>"], true),
    ("Lib/FooZork.py", ["file Lib/FooZork.py"], true), ("Lib/FooZork.py:12", ["file Lib/FooZork.py"], true),
    ("lib/ledger.py:2", [], false), ("lib/ledger.py:2: error: Zork", [], false),
    ("Srv/Foo.py:12: the accounts by hand", ["file Srv/Foo.py"], false),
    ("lang:markdown open_ledger", ["name open_ledger"], true), ("zork/nork", ["text zork/nork"], true),
  ])
  func `is what was asked for and stands nowhere`(text: String, said: [String], isAbsent: Bool) throws {
    let results = try searcher.search(SearchQuery(text: text))
    #expect(results.absences.map { "\($0.kind.rawValue) \($0.text)" } == said && results.isAbsent == isAbsent)
    #expect(results.query.text.isEmpty == false)
  }

  @Test func `words of any number and length are told of`() throws {
    let words = (0..<60).map { "zork" + String(repeating: "q", count: $0) }
    let many = try searcher.search(SearchQuery(text: words.joined(separator: " ")))
    #expect(many.isAbsent && many.absences.map(\.kind) == [.text])
    let some = try searcher.search(SearchQuery(text: words.joined(separator: " ") + " ledger"))
    #expect(!some.isAbsent)
    for word in [String(repeating: "FooBar", count: 300), String(repeating: "zork", count: 300)] {
      let long = try searcher.search(SearchQuery(text: word))
      #expect(long.isAbsent && long.absences.map(\.text) == [word])
    }
  }

  @Test func `a near name is one that a file holds by itself`() throws {
    #expect(try searcher.search(SearchQuery(text: "deder")).absences.first?.nearNames == [])
    #expect(try searcher.search(SearchQuery(text: "acounts")).absences.first?.nearNames == ["accounts"])
    #expect(try searcher.search(SearchQuery(text: "open_legder")).absences.first?.nearNames == ["open_ledger"])
    #expect(try searcher.search(SearchQuery(text: "dedentz")).absences.first?.nearNames == ["DEDENTs"])
  }

  @Test func `a file is named that the filters leave out`() throws {
    for text in ["open_ledger lang:markdown", "\"return Ledger\" path:docs"] {
      #expect(try searcher.search(SearchQuery(text: text)).absences.first?.elsewhere == "lib/ledger.py")
    }
  }
}
