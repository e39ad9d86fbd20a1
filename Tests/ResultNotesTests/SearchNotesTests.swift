import Chunking
import Corpus
import Disk
import Embedding
import Inspection
import Primitives
import QueryLanguage
import ResultNotes
import Retrieval
import Segments
import TestSupport
import Testing

/// What is said beside the results of a real search over a segment of a few files.
@Suite struct SearchNotesTests {
  /// What a tree leaves out, as a table.
  private struct LeftOutTable: LeftOutSource {
    var entries: [SkippedEntry] = []
    var byReason: [String: Int] = [:]

    func forEach(in path: FilePath?, _ body: (SkippedEntry) -> Void) throws(Failure) {
      for entry in entries {
        guard let path, !path.isEmpty else {
          body(entry)
          continue
        }
        if entry.path == path || entry.path.relative(to: path) != nil || path.relative(to: entry.path) != nil {
          body(entry)
        }
      }
    }
    func counts() throws(Failure) -> [String: Int] { byReason }
  }

  private let tree: TemporaryTree
  private var root: FilePath { tree.root.appending("tree") }
  init() throws { tree = try TemporaryTree() }

  private static let files = [
    "src/main.c": "int main(void)\n{\n  return run_all();\n}\n",
    "src/parser.py": "def parse_date(text):\n    return text\n",
  ]

  /// Indexes `files`, asks `text`, and gives what is said beside the results.
  private func notes(
    on text: String, files: [String: String] = Self.files, leftOut: LeftOutTable = LeftOutTable(),
    from directory: FilePath = "",
    results given: SearchResults? = nil
  ) throws -> [Failure] {
    let embedder = ScriptedEmbedder()
    var builder = SegmentBuilder(dimensions: embedder.identity.dimensions)
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
      try tree.write(FilePath("tree").appending(path), text)
      let bytes = Array(text.utf8)
      let chunk = Chunk(bytes: 0..<bytes.count, lines: 1...max(1, bytes.count { $0 == 0x0A }), symbols: [])
      let vector = try embedder.embed(bytes.span, pieces: [0..<bytes.count], path: FilePath(path))
      _ = builder.add(
        PreparedFile(
          path: FilePath(path), language: Language(name: path.hasSuffix(".c") ? "c" : "python", kind: .code),
          contentHash: ContentHash(of: bytes.span),
          chunks: [
            PreparedChunk(chunk: chunk, contentHash: ContentHash(of: bytes.span), vector: QuantisedVector(vector[...]))
          ],
          terms: Analyzer().terms(of: [chunk], in: bytes.span, path: FilePath(path))))
    }
    var segments: [IndexSnapshot.LiveSegment] = []
    if !files.isEmpty {
      _ = try builder.write(to: tree.root.appending("segment"))
      let segment = try Segment(opening: tree.root.appending("segment"))
      segments = [IndexSnapshot.LiveSegment(segment: segment, tombstones: BitSet(capacity: segment.fileCount))]
    } else {
      try makeDirectory(root)
    }
    let snapshot = IndexSnapshot(generation: 1, isComplete: true, segments: segments)
    var query = SearchQuery(text: text)
    query.origin = PathOrigin(roots: [root])
    query.origin.directory = directory
    var results = try given ?? Searcher(snapshot: snapshot, embedder: embedder, root: root).search(query)
    return SearchNotes(
      root: root, text: text, directory: directory, snapshot: snapshot,
      tree: SourceTree(root: root, byteCountLimit: 1 << 20, followsLinks: false), leftOut: leftOut
    ).notes(on: &results)
  }

  @Test func `an answer that was found needs no word`() throws {
    #expect(try notes(on: "parse_date") == [])
  }

  @Test(arguments: [
    (
      "build/out.c", SkipReason.ignored,
      "this file is not indexed (ignored): `!/build/out.c` in .cairnignore brings it in"
    ),
    ("src/keys.py", .secret, "this file is not indexed (secret): include_secrets brings it in"),
    ("lib/big.c", .tooLarge, "this file is not indexed (too-large): a higher max_file_bytes brings it in"),
    ("lib/logo.c", .binary, "this file is not indexed (binary)"),
  ])
  func `a file that is named and left out is said to be, with the reason and what brings it in`(
    _ path: String, _ reason: SkipReason, _ message: String
  ) throws {
    let entry = SkippedEntry(path: FilePath(path), reason: reason, isDirectory: false)
    let told = try notes(on: path, leftOut: LeftOutTable(entries: [entry]))
    #expect(told.first == Failure(.leftOut, message, path: FilePath(path)))
  }

  @Test func `of many files that are named the first are told, and how many more there are`() throws {
    let entries = (1...5).map { SkippedEntry(path: FilePath("d\($0)/run.c"), reason: .ignored, isDirectory: false) }
    let told = try notes(on: "run.c", leftOut: LeftOutTable(entries: entries))
    #expect(told.prefix(3).map(\.path) == ["d1/run.c", "d2/run.c", "d3/run.c"])
    #expect(told.dropFirst(3).first?.message.hasPrefix("2 more that the query names are not") == true)
  }

  @Test func `a file in a directory that is left out whole is told with that directory`() throws {
    try tree.write("tree/vendor/deep/thing.c", "int thing;\n")
    let entry = SkippedEntry(path: "vendor", reason: .vendored, isDirectory: true)
    let told = try notes(on: "thing.c", leftOut: LeftOutTable(entries: [entry]))
    #expect(told.first?.path == "vendor/deep/thing.c")
    #expect(told.first?.message.hasPrefix("this file is not indexed, since vendor/ is left out (vendored)") == true)
  }

  @Test func `what is git's own is said to be`() throws {
    try tree.write("tree/.git/config", "")
    let told = try notes(on: "where is .git/config read")
    #expect(
      told.first == Failure(.leftOut, "this is git's or Cairn's own, which is never indexed", path: ".git/config"))
  }

  @Test(arguments: [
    ("src/main.c:9", "there is no line 9: the file has 4 lines"),
    ("src/main.c:0", "there is no line 0: lines begin at 1"),
  ])
  func `a line that the file does not have is told`(_ text: String, _ message: String) throws {
    #expect(try notes(on: text).contains(Failure(.notFound, message, path: "src/main.c")))
  }

  @Test func `a line that the file has needs no word`() throws {
    #expect(try notes(on: "src/main.c:4").isEmpty)
  }

  @Test func `a directory of which nothing is indexed says by which rule`() throws {
    let entry = SkippedEntry(path: "gen", reason: .ignored, isDirectory: true)
    let told = try notes(on: "parse_date", leftOut: LeftOutTable(entries: [entry]), from: "gen/sub")
    #expect(told.first?.code == .filter)
    let message =
      "no file below gen/sub is indexed: gen/ is left out (ignored), and `!/gen/` in .cairnignore brings it in"
    #expect(told.first?.message.hasPrefix(message) == true)
  }

  @Test func `an index without a file says what was left out, the most first`() throws {
    let told = try notes(on: "x", files: [:], leftOut: LeftOutTable(byReason: ["binary": 1, "ignored": 3]))
    #expect(told.map(\.code) == [.noAnswer] && told.first?.path == root)
    #expect(told.first?.message.hasPrefix("no file here is indexed: 4 are left out (3 ignored, 1 binary)") == true)
    #expect(try notes(on: "x", files: [:]) == [Failure(.noAnswer, "there is no file here to search", path: root)])
  }

  @Test(arguments: [
    (
      "?",
      "signs alone are not in the index, and the files that were looked through for them do not hold them; "
        + "add a word that stands beside them"
    ),
    ("lang:c", "the query has no word to look for; ask for a word, a name or a path"),
    ("parse_dat", "nothing in the 2 files of the index is like this"),
  ])
  func `where nothing was found and nothing else says why, it is said`(_ text: String, _ message: String) throws {
    var results = SearchResults()
    results.query = QueryParser().parse(text)
    #expect(try notes(on: text, results: results) == [Failure(.noAnswer, message)])
    results.vanishedCount = 1
    #expect(try notes(on: text, results: results).isEmpty, "the files that were lost are said already")
  }

  @Test func `of a name that is nowhere it is said how many files were not looked at`() throws {
    let told = try notes(on: "no_such_name_at_all", leftOut: LeftOutTable(byReason: ["secret": 1, "ignored": 7]))
    #expect(told.last?.code == .leftOut)
    #expect(told.last?.message.hasPrefix("1 file that is left out was not looked at (secret 1)") == true)
  }
}
