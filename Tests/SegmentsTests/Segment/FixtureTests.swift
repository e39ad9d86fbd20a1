import Chunking
import Disk
import Inspection
import Primitives
import Segments
import TestSupport
import Testing

/// Frozen segments, written from `input`: that of today's format version is opened and understood, older ones are told
/// from damage, for the index is then built again.
@Suite struct FixtureTests {
  private let formats = repository.appending("Tests/Fixtures/formats")
  private var fixture: FilePath { formats.appending("segment-v3.segment") }
  /// The same with the n-grams of its files, in their layout 1.
  private var fixtureWithGrams: FilePath { formats.appending("segment-v3-grams-1.segment") }

  private static let texts = [
    "lib/mail/date.py": "def parse_date(text):\n    return Date(text)\n\nclass Date:\n    year = 1970\n",
    "lib/mail/header.py": "from .date import parse_date\nHEADER = 'Date'\n",
    "notes/größe.md": "# Größe\nHow large a header may be.\n",
  ]

  static func input(withGrams: Bool = false) -> [PreparedFile] {
    let analyzer = Analyzer()
    let symbols: [String: [[Symbol]]] = [
      "lib/mail/date.py": [
        [Symbol(kind: .function, name: "parse_date", line: 1)],
        [
          Symbol(kind: .type, name: "Date", line: 4),
          Symbol(kind: .property, name: "year", enclosing: ["Date"], line: 5),
        ],
      ],
      "lib/mail/header.py": [[Symbol(kind: .constant, name: "HEADER", line: 2)]],
      "notes/größe.md": [[Symbol(kind: .section, name: "Größe", line: 1)]],
    ]
    return texts.keys.map { FilePath($0) }.sorted().map { path in
      let text = Array(texts[path.description]!.utf8)
      let language =
        path.description.hasSuffix("py")
        ? Language(name: "python", kind: .code) : Language(name: "markdown", kind: .prose)
      var chunks: [Chunk] = []
      if symbols[path.description]!.count == 2 {
        chunks = [Chunk(bytes: 0..<45, lines: 1...3), Chunk(bytes: 45..<text.count, lines: 4...5)]
        chunks[1].context = Symbol(kind: .module, name: "date", enclosing: ["lib", "mail"], line: 1)
      } else {
        chunks = [Chunk(bytes: 0..<text.count, lines: 1...2)]
      }
      for i in chunks.indices { chunks[i].symbols = symbols[path.description]![i] }
      var file = PreparedFile(
        path: path, language: language, contentHash: ContentHash(of: text.span),
        chunks: chunks.enumerated().map { i, chunk in
          PreparedChunk(
            chunk: chunk, contentHash: ContentHash(of: text.span.extracting(chunk.bytes)),
            vector: QuantisedVector((0..<8).map { Float(($0 * 7 + i * 3 + text.count) % 11) - 5 }[...]))
        },
        terms: path.description.hasSuffix(".md") ? oldTerms : analyzer.terms(of: chunks, in: text.span, path: path))
      if withGrams { file.grams = FileGrams(of: text.span) }
      return file
    }
  }

  /// The terms of `notes/größe.md` by the analyzer of the day, which folded letters beyond ASCII otherwise.
  private static let oldTerms = FileTerms([
    (
      terms: [
        (Term("größe"), 8), (Term("how"), 1), (Term("large"), 1), (Term("header"), 1), (Term("may"), 1),
        (Term("be"), 1),
        (Term("größe", field: .definition), 1), (Term("notes"), 2), (Term("md"), 3),
      ], length: 6
    )
  ])

  @Test func `the frozen segment of version 3 says what was put in`() throws {
    let segment = try Segment(opening: fixture)
    try segment.verify()
    let files = Self.input()
    #expect(segment.fileCount == 3)
    #expect(segment.chunkCount == 4)
    #expect(segment.dimensions == 8)
    var number = 0
    for (i, file) in files.enumerated() {
      let stored = segment.file(i)
      #expect(stored.path == file.path)
      #expect(stored.language == file.language)
      #expect(stored.contentHash == file.contentHash)
      for chunk in file.chunks {
        let stored = segment.chunk(number)
        #expect(stored.chunk == chunk.chunk)
        #expect(stored.contentHash == ChunkHash(chunk.contentHash))
        #expect(segment.vector(ofChunk: number) == chunk.vector.unitVector)
        number += 1
      }
    }
    let query = LexicalQuery(clauses: [
      .init(term: Term("date")), .init(term: Term("parse_date", field: .definition), weight: 2),
    ])
    #expect(segment.documentFrequencies(of: query) == [3, 1])
    #expect(segment.terms(withPrefix: Array("pa".utf8), limit: 10).map(\.term) == [Term("parse"), Term("parse_date")])
    let statistics = CollectionStatistics(
      chunkCount: 4, totalLength: segment.totalLength, documentFrequencies: [3, 1])
    #expect(segment.bestByTerms(query, statistics: statistics, eligible: nil, limit: 10).map(\.chunk) == [0, 1, 2])
  }

  @Test func `the frozen segment with n-grams rules out files, the one without none`() throws {
    let segment = try Segment(opening: fixtureWithGrams)
    try segment.verify()
    #expect(segment.gramAbsence == nil && segment.fileCountWithoutGrams == 0)
    func files(_ literal: String) -> [Int]? { segment.candidateFiles(for: .literal(Array(literal.utf8)))?.members }
    #expect(files("parse_date") == [0, 1])
    #expect(files("HOW LARGE") == [2])
    #expect(files("year = 19") == [0])
    // What is beside the letters beyond ASCII is too short.
    #expect(files("Größe") == [0, 1, 2])
    #expect(files("nowhere") == [])
    let older = try Segment(opening: fixture)
    #expect(older.gramAbsence == .notStored && older.candidateFiles(for: .nothing) == nil)
  }

  @Test(arguments: 1...2)
  func `a segment of an older version is told from a damaged one`(version: Int) throws {
    let path = formats.appending(FilePath("segment-v\(version).segment"))
    let failure = #expect(throws: Failure.self) { _ = try Segment(opening: path) }
    #expect(failure?.code == .unsupportedVersion)
    #expect(try Segment.isOlder(HeldName(path)))
  }

  /// When this fails, the same input gives other bytes than before: raise `SegmentFormat.contentVersion`, or for a new
  /// layout `formatVersion`, and freeze another file beside this one.
  @Test(arguments: [false, true]) func `the builder writes the frozen bytes`(withGrams: Bool) throws {
    let tree = try TemporaryTree()
    let path = tree.root.appending("now.segment")
    var builder = SegmentBuilder(dimensions: 8)
    for file in Self.input(withGrams: withGrams) { _ = builder.add(file) }
    _ = try builder.write(to: path)
    #expect(try readFile(path).bytes == (try readFile(withGrams ? fixtureWithGrams : fixture).bytes))
  }
}
