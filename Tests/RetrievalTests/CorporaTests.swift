import Primitives
import QueryLanguage
import Retrieval
import Segments
import TestSupport
import Testing

/// One snapshot over several corpora: each file is read in its own, and equal scores are in the corpora's order.
@Suite struct CorporaTests {
  private struct Fixture {
    let indexes: [SmallIndex]
    let searcher: Searcher
  }

  private func fixture(_ corpora: [[SmallIndex.File]], segmentCount: Int = 1) throws -> Fixture {
    let indexes = try corpora.map { try SmallIndex($0, segmentCount: segmentCount) }
    let searcher = Searcher(
      snapshot: IndexSnapshot(joining: indexes.map(\.snapshot)), embedder: ScriptedEmbedder(),
      roots: indexes.map(\.root))
    return Fixture(indexes: indexes, searcher: searcher)
  }

  @Test func `a file of one path in two corpora is two files, each shown from its own`() throws {
    let fixture = try fixture([
      [.init(path: "lib/a.py", text: "def retry():\n    return 'first'\n")],
      [.init(path: "lib/a.py", text: "def retry():\n    return 'second'\n")],
    ])
    let results = try fixture.searcher.search(SearchQuery(text: "retry")).results.sorted { $0.corpus < $1.corpus }
    #expect(results.map(\.corpus) == [0, 1])
    #expect(results.map { $0.snippet.last } == ["    return 'first'", "    return 'second'"])
    var files = SearchQuery(text: "retry")
    files.countsFiles = true
    #expect(try fixture.searcher.search(files).results.count == 2)
    let quoted = try fixture.searcher.search(SearchQuery(text: #""return 'second'""#)).results
    #expect(quoted.first?.corpus == 1)
    let narrowed = try fixture.searcher.search(SearchQuery(text: #"retry AND "'second'""#)).results
    #expect(narrowed.map(\.corpus) == [1])
  }

  @Test(arguments: [1, 2]) func `equal scores are in the order of corpora, paths and lines`(segmentCount: Int) throws {
    let text = "value = 1\n"
    let files = ["b.py", "a.py", "c/d.py"].map { SmallIndex.File(path: $0, text: text) }
    let fixture = try fixture([files, files], segmentCount: segmentCount)
    var query = SearchQuery(text: "value")
    query.limit = 50
    let results = try fixture.searcher.search(query).results
    let scores = Set(results.map(\.score))
    let sorted = results.sorted {
      $0.score != $1.score
        ? $0.score > $1.score
        : SourcePath($0.path, corpus: $0.corpus) < SourcePath($1.path, corpus: $1.corpus)
    }
    #expect(results.map(\.path) == sorted.map(\.path) && results.map(\.corpus) == sorted.map(\.corpus))
    #expect(results.count == 6 && scores.count < 6)
    for limit in 1...6 {
      query.limit = limit
      let page = try fixture.searcher.search(query).results
      #expect(page.map(\.path) == results.prefix(limit).map(\.path))
    }
  }

  @Test func `a snapshot of several is complete if each is, and knows whose each segment is`() throws {
    let one = try SmallIndex(
      [.init(path: "a.py", text: "x = 1\n"), .init(path: "b.py", text: "y = 2\n")], segmentCount: 2)
    var other = one.snapshot
    other.isComplete = false
    let joined = IndexSnapshot(joining: [one.snapshot, other])
    #expect(joined.segments.map(\.corpus) == [0, 0, 1, 1])
    #expect(!joined.isComplete && IndexSnapshot(joining: [one.snapshot]).isComplete)
  }
}
