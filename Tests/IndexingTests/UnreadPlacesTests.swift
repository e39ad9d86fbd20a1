import Catalog
import Corpus
import Disk
import Glibc
import IndexStorage
import Indexing
import Inspection
import Primitives
import TestSupport
import Testing

/// What a run cannot read keeps what the index had.
@Suite struct UnreadPlacesTests {
  let indexed: IndexedTree

  init() throws {
    indexed = try IndexedTree()
    try indexed.tree.write("a.txt", "alpha beta\n")
    try indexed.tree.write("sub/one.txt", "beta gamma\n")
    try indexed.tree.write("sub/deep/two.txt", "gamma delta\n")
  }

  /// Nobody reads an ignore file of a terabyte, not even the superuser.
  func makeUnreadable(_ directory: FilePath) throws {
    let file = directory.isEmpty ? ".cairnignore" : directory.appending(".cairnignore")
    try indexed.tree.write(file, "")
    #expect(unsafe truncate(indexed.tree.root.appending(file).description, 1 << 40) == 0)
  }
  func status() throws -> IndexStatus { try StoredIndex(directory: indexed.directory).status() }

  @Test func `a directory that cannot be looked at stays as the index had it, and the run says so`() async throws {
    try await indexed.run()
    try makeUnreadable("sub")
    try indexed.tree.write("sub/one.txt", "changed beyond recognition\n")
    try indexed.tree.write("sub/new.txt", "alpha\n")
    try indexed.tree.write("a.txt", "alpha changed\n")
    let report = try await indexed.run()
    #expect(try indexed.paths() == ["a.txt", "sub/deep/two.txt", "sub/one.txt"])
    #expect(report.filesIndexed == 1 && report.filesRemoved == 0 && report.addsUp)
    #expect(report.skipped[.unreadable] == 1)
    #expect(report.unread.map(\.path) == ["sub"] && report.failures.count == 1)
    let held = try status()
    #expect(!held.isComplete && held.unread == report.unread)

    let again = try await indexed.run()
    #expect(again.generation == report.generation, "nothing changed, so nothing is written")
    #expect(again.unread == report.unread)

    try indexed.tree.remove("sub/.cairnignore")
    let whole = try await indexed.run()
    #expect(whole.filesIndexed == 2 && whole.unread.isEmpty && whole.failures.isEmpty)
    #expect(try status().isComplete && status().unread.isEmpty)
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  @Test func `a first run takes what it can and is not complete`() async throws {
    try makeUnreadable("sub")
    let report = try await indexed.run()
    #expect(try indexed.paths() == ["a.txt"])
    #expect(report.addsUp && report.unread.count == 1)
    #expect(try !status().isComplete)
  }

  @Test func `what is gone beside an unread directory is gone`() async throws {
    try await indexed.run()
    try makeUnreadable("sub/deep")
    try indexed.tree.remove("sub/one.txt")
    let report = try await indexed.run()
    #expect(report.filesRemoved == 1)
    #expect(try indexed.paths() == ["a.txt", "sub/deep/two.txt"])
  }

  @Test func `a root that cannot be looked at is an error and changes nothing`() async throws {
    try await indexed.run()
    let before = try diskState(indexed.directory.appending("segments"))
    try makeUnreadable("")
    await #expect(throws: Failure.self) { try await indexed.run() }
    #expect(try status().isComplete && diskState(indexed.directory.appending("segments")) == before)
    #expect(try indexed.paths() == ["a.txt", "sub/deep/two.txt", "sub/one.txt"])
  }
}
