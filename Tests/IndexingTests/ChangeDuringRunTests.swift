import Catalog
import Corpus
import Disk
import Foundation
import Indexing
import Inspection
import Primitives
import TestSupport
import Testing

/// Files that change between the walk and their reading.
@Suite struct ChangeDuringRunTests {
  let indexed: IndexedTree
  var tree: TemporaryTree { indexed.tree }

  init() throws {
    indexed = try IndexedTree()
    for name in ["a", "b", "c"] { try tree.write(FilePath(name), "alpha \(name)\n") }
  }

  /// Runs with `change` happening when `a` has been read and `b` has not.
  func run(_ change: @escaping @Sendable (TemporaryTree) throws(Failure) -> Void) async throws -> IndexRunReport {
    var options = IndexingOptions()
    options.threadCount = 1
    // The other tests of this process take memory too, which is not to be told of here.
    options.memoryByteCount = 8 << 30
    options.walk.maximumFileByteCount = 1000
    let tree = tree
    let embedder = ScriptedEmbedder(dimensions: 16) { (path) throws(Failure) in if path == "a" { try change(tree) } }
    return try await indexed.run(options, embedder: embedder)
  }

  @Test func `a file that vanishes counts as never seen`() async throws {
    let report = try await run { (tree) throws(Failure) in try tree.remove("b") }
    #expect(report.filesSeen == 2)
    #expect(report.filesIndexed == 2)
    #expect(report.failures == [])
    #expect(report.addsUp)
    #expect(try indexed.paths() == ["a", "c"])
  }

  @Test func `a directory that takes the place of a file is no file`() async throws {
    let report = try await run { (tree) throws(Failure) in
      try tree.remove("b")
      try makeDirectory(tree.root.appending("b"))
    }
    #expect(report.skipped[.notRegular] == 1)
    #expect(report.failures.isEmpty)
    #expect(report.addsUp)
    #expect(try indexed.paths() == ["a", "c"])
  }

  @Test func `a file that grows past the limit is too large`() async throws {
    let report = try await run { (tree) throws(Failure) in try tree.write("b", String(repeating: "x", count: 1001)) }
    #expect(report.skipped[.tooLarge] == 1)
    #expect(report.failures == [])
    #expect(report.addsUp)
  }

  @Test func `a link that takes the place of a file is not followed`() async throws {
    let report = try await run { (tree) throws(Failure) in
      try tree.remove("b")
      _ = unsafe symlink("/etc/passwd", tree.root.appending("b").description)
    }
    #expect(report.skipped[.symbolicLink] == 1)
    #expect(report.addsUp)
    #expect(try indexed.paths() == ["a", "c"])
  }

  @Test func `an edit is indexed as it was read, and the next run has nothing to do`() async throws {
    _ = try await run { (tree) throws(Failure) in try tree.write("b", "delta b, longer\n") }
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
    let report = try await indexed.run()
    #expect(report.filesIndexed == 0)
  }

  @Test func `an edit of a file that was already read is found by the next run`() async throws {
    _ = try await run { (tree) throws(Failure) in try tree.write("a", "delta a, longer\n") }
    let report = try await indexed.run()
    #expect(report.filesIndexed == 1)
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  @Test func `an indexed file that becomes a directory leaves`() async throws {
    try await indexed.run()
    try tree.write("a", "changed\n")
    try tree.write("b", "changed\n")
    let report = try await run { (tree) throws(Failure) in
      try tree.remove("b")
      try makeDirectory(tree.root.appending("b"))
    }
    #expect(report.filesRemoved == 1)
    #expect(report.liveFileCount == 2)
    #expect(report.addsUp)
    #expect(try indexed.problems() == [])
  }
}
