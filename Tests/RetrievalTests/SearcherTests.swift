import Chunking
import Disk
import Embedding
import Glibc
import Inspection
import Primitives
import QueryLanguage
import Retrieval
import Segments
import TestSupport
import Testing

/// The whole read flow over segments of a few files that the tests write themselves.
@Suite struct SearcherTests {
  /// Lives as long as the test.
  private let tree: TemporaryTree
  init() throws { tree = try TemporaryTree() }

  private static let files: [SmallIndex.File] = [
    file("lib/backoff.py", "def wait_before_retry(n):\n    return 2 ** n\n", (.function, "wait_before_retry", 1)),
    file("lib/client.py", "import backoff\n\ndef fetch(url):\n    retry(url)\n", (.function, "fetch", 3)),
    file("lib/retry.py", "class Retry:\n    def run(self):\n        pass\n", (.type, "Retry", 1), (.method, "run", 2)),
    file("src/main.c", "int main(void) { return retry(); }\n", (.function, "main", 1)),
    file("tests/test_retry.py", "def test_retry():\n    assert Retry().run()\n", (.function, "test_retry", 1)),
  ]
  private static func file(_ path: String, _ text: String, _ symbols: (Symbol.Kind, String, Int)...) -> SmallIndex.File
  {
    SmallIndex.File(
      path: path, text: text, symbols: symbols.map { Symbol(kind: $0.0, name: $0.1, line: $0.2) },
      language: path.hasSuffix(".c") ? "c" : "python")
  }

  /// Indexes `files`, each one chunk, into `segmentCount` segments.
  private func fixture(segmentCount: Int = 1, tombstoned: Set<String> = []) throws -> SmallIndex {
    try SmallIndex(
      Self.files, segmentCount: segmentCount, tombstoned: tombstoned, generation: 7, in: tree,
      named: FilePath("corpus-\(segmentCount)"))
  }

  private func paths(_ results: SearchResults) -> [String] { results.results.map(\.path.description) }

  @Test func `the definition of a symbol comes before its uses and its test`() throws {
    let fixture = try fixture()
    let results = try fixture.searcher().search(SearchQuery(text: "Retry"))
    #expect(paths(results).first == "lib/retry.py")
    #expect(results.generation == 7)
    let test = try #require(results.results.first { $0.path == "tests/test_retry.py" })
    #expect(test.explanation.contains { $0.signal == "file kind" && $0.value < 0 })
  }

  /// Of a long file only the beginning is read, where what is shown ends in it.
  @Test func `what stands behind a chunk in a long file is shown as that of a short one`() throws {
    let fixture = try fixture()
    var query = SearchQuery(text: "wait_before_retry")
    query.limit = 1
    query.contextLineCount = 3
    for line in ["short", String(repeating: "x", count: 10_000)] {
      let more = Array(repeating: line + "\n", count: 2000).joined()
      try tree.write("corpus-1/lib/backoff.py", "def wait_before_retry(n):\n    return 2 ** n\n" + more)
      let result = try #require(try fixture.searcher().search(query).results.first)
      #expect(result.path == "lib/backoff.py" && result.lines == 1...2 && !result.hasMoved)
      #expect(result.snippet.prefix(2) == ["def wait_before_retry(n):", "    return 2 ** n"])
      #expect(result.snippet.count > 3 && result.snippet.dropFirst(2).allSatisfy { $0.hasPrefix(line.prefix(5)) })
      #expect(result.snippet.last!.count >= min(line.count, 500))
    }
  }

  @Test(arguments: [
    "Retry", "how long to wait before a retry", "tests for retry", "main.c", "lib/", "\"return 2\" wait",
  ])
  func `the parts of every explanation add up to its score`(text: String) throws {
    for result in try fixture().searcher().search(SearchQuery(text: text)).results {
      let sum = result.explanation.reduce(Float(0)) { $0 + $1.value }
      #expect(abs(sum - result.score) < 1e-4)
      #expect(result.explanation.allSatisfy { !$0.note.isEmpty })
    }
  }

  @Test(arguments: ["retry", "wait before retry", "lib/retry.py"])
  func `a short page is the beginning of a long one, and segments change nothing`(text: String) throws {
    let whole = try fixture().searcher()
    var long = SearchQuery(text: text)
    long.limit = 50
    let all = try whole.search(long).results
    #expect(all.count > 2)
    for limit in 0...all.count {
      var short = long
      short.limit = limit
      #expect(try whole.search(short).results == Array(all.prefix(limit)))
    }
    let divided = try fixture(segmentCount: 3).searcher().search(long).results
    #expect(divided.map(\.path) == all.map(\.path))
    for (a, b) in zip(all, all.dropFirst()) {
      #expect(a.score > b.score || (a.score == b.score && (a.path, a.lines.lowerBound) < (b.path, b.lines.lowerBound)))
    }
  }

  @Test func `filters hold`() throws {
    let searcher = try fixture(segmentCount: 2).searcher()
    func found(_ text: String) throws -> Set<String> { Set(paths(try searcher.search(SearchQuery(text: text)))) }
    #expect(try found("retry lang:py lang:C -path:lib -path:tests") == ["src/main.c"])
    #expect(try found("retry lang:c") == ["src/main.c"])
    #expect(try found("retry -lang:python") == ["src/main.c"])
    #expect(try found("retry -path:lib -path:*.c") == ["tests/test_retry.py"])
    #expect(try found("retry kind:class") == ["lib/retry.py"])
    #expect(try !found("retry -kind:function").contains("lib/client.py"))
    #expect(try found("retry lang:cobol").isEmpty)
  }

  @Test func `tombstoned files are not found`() throws {
    let results = try fixture(tombstoned: ["lib/retry.py"]).searcher().search(SearchQuery(text: "Retry"))
    #expect(!paths(results).contains("lib/retry.py"))
  }

  @Test func `moved lines are found again, vanished chunks are counted and replaced`() throws {
    let fixture = try fixture()
    try tree.write("corpus-1/lib/retry.py", "# a new line\n" + Self.files[2].text)
    try tree.write("corpus-1/lib/client.py", "nothing of before\n")
    try tree.remove("corpus-1/src/main.c")
    var query = SearchQuery(text: "retry")
    query.limit = 3
    let results = try fixture.searcher().search(query)
    #expect(results.results.count == 3)
    let moved = try #require(results.results.first { $0.path == "lib/retry.py" })
    #expect(moved.hasMoved && moved.lines == 2...4)
    #expect(moved.symbols.map(\.line) == [2, 3])
    #expect(moved.snippet.first == "class Retry:" && moved.snippetFirstLine == 2)
    query.limit = 50
    let all = try fixture.searcher().search(query)
    #expect(!paths(all).contains("lib/client.py") && !paths(all).contains("src/main.c"))
    #expect(all.vanishedCount == 2)
  }

  /// The file that is led to holds what was indexed: it would be shown, were it read.
  @Test func `what was put in the place of a file is not read, and the file is gone`() throws {
    let fixture = try fixture()
    let outside = try TemporaryTree()
    for file in Self.files { try outside.write(FilePath(file.path), file.text) }
    let root = fixture.root
    try tree.remove("corpus-1/lib/retry.py")
    makeLink(root.appending("lib/retry.py"), to: outside.root.appending("lib/retry.py"))
    try tree.remove("corpus-1/lib/client.py")
    #expect(unsafe mkfifo(root.appending("lib/client.py").description, 0o600) == 0)
    removeTree(root.appending("src"))
    makeLink(root.appending("src"), to: outside.root.appending("src"))
    removeTree(root.appending("tests"))
    var query = SearchQuery(text: "retry \"return\"")
    query.limit = 50
    let results = try fixture.searcher().search(query)
    #expect(paths(results) == ["lib/backoff.py"])
    #expect(results.vanishedCount == 4 && results.unreadableCount == 0 && results.unreadable == [])
    for path in ["lib/retry.py", "lib/client.py", "src/main.c", "tests/test_retry.py"] as [FilePath] {
      let failure = #expect(throws: Failure.self) {
        try fixture.searcher().related(to: path, line: 1, query: SearchQuery(text: ""))
      }
      #expect(failure?.code == .notFound && failure?.message.contains("not there any more") == true)
    }
  }

  @Test func `a file that cannot be read is named with the reason, and not said to be gone`() throws {
    let fixture = try fixture()
    #expect(unsafe truncate(fixture.root.appending("lib/retry.py").description, 10 << 30) == 0)
    try tree.remove("corpus-1/lib/client.py")
    var query = SearchQuery(text: "retry")
    query.limit = 50
    let results = try fixture.searcher().search(query)
    #expect(!paths(results).contains("lib/retry.py") && !results.results.isEmpty)
    #expect(results.vanishedCount == 1 && results.unreadableCount == 1)
    let failure = try #require(results.unreadable.first)
    #expect(results.unreadable.count == 1 && failure.path == "lib/retry.py" && failure.code == .tooLarge)
    let related = #expect(throws: Failure.self) {
      try fixture.searcher().related(to: "lib/retry.py", line: 1, query: query)
    }
    #expect(related?.code == .tooLarge)

    // Its code may hold the phrase, and would then be here.
    query.text = "\"return 2\" wait"
    query.limit = 1
    let quoted = try fixture.searcher().search(query)
    #expect(paths(quoted) == ["lib/backoff.py"] && quoted.unreadableCount == 0)
    #expect(quoted.unreadable.map(\.path) == ["lib/retry.py"])
  }

  @Test func `a file larger than the limit that is asked for is not read`() throws {
    let fixture = try fixture()
    let searcher = Searcher(
      snapshot: fixture.snapshot, embedder: ScriptedEmbedder(), root: fixture.root, fileByteCountLimit: 46)
    var query = SearchQuery(text: "retry")
    query.limit = 50
    let large = Self.files.filter { $0.text.utf8.count > 46 }.map { FilePath($0.path) }
    let results = try searcher.search(query)
    #expect(!large.isEmpty && results.results.count == Self.files.count - large.count)
    #expect(results.unreadable.map(\.path) == large && results.unreadableCount == large.count)
  }

  @Test func `a path finds its file`() throws {
    let searcher = try fixture(segmentCount: 2).searcher()
    #expect(paths(try searcher.search(SearchQuery(text: "src/main.c"))).first == "src/main.c")
    #expect(paths(try searcher.search(SearchQuery(text: "test_retry.py"))).first == "tests/test_retry.py")
  }

  @Test func `context shows the lines around the best one`() throws {
    var query = SearchQuery(text: "fetch")
    query.contextLineCount = 1
    let result = try #require(try fixture().searcher().search(query).results.first { $0.path == "lib/client.py" })
    #expect(result.snippet == ["", "def fetch(url):", "    retry(url)"])
    #expect(result.snippetFirstLine == 2)
  }

  @Test func `what is related leaves itself out`() throws {
    let fixture = try fixture(segmentCount: 2)
    let results = try fixture.searcher().related(to: "lib/retry.py", line: 2, query: SearchQuery(text: ""))
    #expect(!paths(results).isEmpty && !paths(results).contains("lib/retry.py"))
    #expect(throws: Failure.self) {
      try fixture.searcher().related(to: "lib/retry.py", line: 99, query: SearchQuery(text: ""))
    }
    #expect(throws: Failure.self) { try fixture.searcher().related(to: "none", line: 1, query: SearchQuery(text: "")) }
  }

  @Test func `an empty index and an empty question give nothing`() throws {
    let fixture = try fixture()
    #expect(try fixture.searcher().search(SearchQuery(text: "")).results.isEmpty)
    let empty = Searcher(
      snapshot: IndexSnapshot(generation: 0, isComplete: false, segments: []), embedder: ScriptedEmbedder(),
      root: fixture.root)
    let results = try empty.search(SearchQuery(text: "retry"))
    #expect(results.results.isEmpty && !results.isComplete)
  }

  @Test(arguments: ["retry", "wait before retry", "lib/retry.py", "fetch kind:function", "Retry lang:python"])
  func `many threads answer as one does`(text: String) throws {
    let fixture = try fixture(segmentCount: 3)
    func answer(_ threadLimit: Int) throws -> SearchResults {
      try Searcher(
        snapshot: fixture.snapshot, embedder: ScriptedEmbedder(), root: fixture.root, threadLimit: threadLimit
      ).search(SearchQuery(text: text))
    }
    let one = try answer(1)
    #expect(!one.results.isEmpty)
    for _ in 0..<20 { #expect(try answer(4) == one) }
  }

  @Test func `without reasons the answer is the same but for them`() throws {
    let searcher = try fixture().searcher()
    var query = SearchQuery(text: "wait before retry")
    let explained = try searcher.search(query).results
    query.explains = false
    let plain = try searcher.search(query).results
    #expect(plain.allSatisfy { $0.explanation.isEmpty })
    #expect(explained.allSatisfy { !$0.explanation.isEmpty })
    #expect(plain.map(\.score) == explained.map(\.score) && plain.map(\.path) == explained.map(\.path))
  }

  @Test func `names are embedded by a quick model where the index has a slow one`() throws {
    let fixture = try fixture()
    let slow = ScriptedEmbedder(gathering: 64)
    let searcher = Searcher(snapshot: fixture.snapshot, embedder: slow, root: fixture.root)
    let results = try searcher.search(SearchQuery(text: "wait before retry"))
    #expect(slow.texts.isEmpty && slow.queryCount == 1)
    #expect(results.results.contains { $0.explanation.contains { $0.signal == "name meaning" } })
    _ = try searcher.related(to: "lib/retry.py", line: 2, query: SearchQuery(text: ""))
    #expect(slow.texts.isEmpty && slow.queryCount == 1)
  }
}
