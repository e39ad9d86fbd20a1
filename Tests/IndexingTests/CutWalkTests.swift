import Corpus
import IndexStorage
import Indexing
import Inspection
import Primitives
import TestSupport
import Testing

@Suite struct CutWalkTests {
  let indexed: IndexedTree
  init() throws {
    indexed = try IndexedTree()
    try indexed.tree.write("a.txt", "alpha beta\n")
    try indexed.tree.write("b/one.txt", "beta gamma\n")
    try indexed.tree.write("c/two.txt", "gamma delta\n")
  }

  func options(files: Int = 0, time: Duration? = nil) -> IndexingOptions {
    var options = IndexingOptions()
    options.walk.fileLimit = files
    options.walk.timeLimit = time
    return options
  }
  func isComplete() throws -> Bool { try StoredIndex(directory: indexed.directory).status().isComplete }

  @Test func `what a short walk did not look at stays in the index, which is no longer complete`() async throws {
    try await indexed.run()
    #expect(try isComplete())
    try indexed.tree.remove("a.txt")
    let report = try await indexed.writer(options(time: .zero)).run()
    #expect(report.unvisited == ["b", "c"])
    #expect(report.filesRemoved == 1, "the file that is gone was looked for")
    #expect(try indexed.paths() == ["b/one.txt", "c/two.txt"])
    #expect(try !isComplete())
    let again = try await indexed.writer(options(time: .zero)).run()
    #expect(again.generation == report.generation, "nothing changed, so nothing is written")
    try await indexed.run()
    #expect(try isComplete())
  }

  @Test func `files beyond the limit are counted and leave the index`() async throws {
    let report = try await indexed.writer(options(files: 2)).run()
    #expect(report.skipped == [.fileLimit: 1] && report.addsUp)
    #expect(try indexed.paths() == ["a.txt", "b/one.txt"])
    #expect(try !isComplete())
    let whole = try await indexed.run()
    #expect(whole.filesIndexed == 1 && whole.filesUnchanged == 2)
    #expect(try isComplete())
  }

  @Test func `a commit that is due by time keeps every file once`() async throws {
    var options = IndexingOptions()
    options.commitInterval = .zero
    let report = try await indexed.writer(options).run()
    #expect(report.segmentsAdded == 3 && report.addsUp)
    #expect(try indexed.paths() == ["a.txt", "b/one.txt", "c/two.txt"])
    #expect(try indexed.problems() == [])
  }
}
