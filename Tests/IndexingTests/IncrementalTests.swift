import Catalog
import Corpus
import Disk
import Embedding
import Foundation
import IndexStorage
import Indexing
import Inspection
import Primitives
import Segments
import TestSupport
import Testing

@Suite struct IncrementalTests {
  let indexed: IndexedTree
  var tree: TemporaryTree { indexed.tree }

  init() throws {
    indexed = try IndexedTree()
    try tree.write("a.txt", "alpha beta\n")
    try tree.write("b/one.txt", "beta gamma\n")
    try tree.write("b/two.txt", "gamma delta\n")
  }

  @Test func `a first run indexes every file and the counts add up`() async throws {
    let report = try await indexed.run()
    #expect(report.filesIndexed == 3)
    #expect(report.filesUnchanged == 0)
    #expect(report.chunksAdded == 3)
    #expect(report.bytesIndexed == 34)
    #expect(report.liveFileCount == 3)
    #expect(report.liveChunkCount == 3)
    #expect(report.segmentsAdded == 1)
    #expect(report.rebuildReason == nil)
    #expect(report.addsUp)
    #expect(
      report.stageSeconds.map(\.stage) == [
        "walk", "compare", "read", "chunk", "analyse", "embed", "build", "commit", "merge",
      ])
    #expect(try indexed.paths() == ["a.txt", "b/one.txt", "b/two.txt"])
    #expect(try indexed.problems() == [])
    let status = try StoredIndex(directory: indexed.directory).status()
    #expect(status.isComplete)
    #expect(status.fileCount == 3)
    #expect(status.chunkCount == 3)
    #expect(status.lastRun?.filesIndexed == 3)
    #expect(status.lastRun?.finished != nil)
  }

  @Test func `git does not see the index, and backups leave it out`() async throws {
    try await indexed.run()
    #expect(try readFile(indexed.directory.appending(".gitignore")).bytes == Array("*\n".utf8))
    let tag = try readFile(indexed.directory.appending("CACHEDIR.TAG")).bytes
    #expect(tag.starts(with: "Signature: 8a477f597d28d172789f06886806bc55\n".utf8))
  }

  @Test func `when nothing has changed nothing is written`() async throws {
    let first = try await indexed.run()
    let before = try diskState(indexed.directory)
    for _ in 0..<2 {
      let report = try await indexed.run()
      #expect(report.filesUnchanged == 3)
      #expect(report.filesIndexed == 0)
      #expect(report.generation == first.generation)
      #expect(report.addsUp)
      #expect(try diskState(indexed.directory) == before)
    }
  }

  @Test func `an empty tree is a complete index, and stays as it is`() async throws {
    let empty = try IndexedTree()
    try await empty.run()
    let before = try diskState(empty.directory)
    #expect(try StoredIndex(directory: empty.directory).snapshot().isComplete)
    try await empty.run()
    #expect(try diskState(empty.directory) == before)
  }

  @Test func `an edited file is read again and no other`() async throws {
    try await indexed.run()
    try tree.write("b/one.txt", "index Tree\n")
    let report = try await indexed.run()
    #expect(report.filesIndexed == 1)
    #expect(report.filesUnchanged == 2)
    #expect(report.liveFileCount == 3)
    #expect(report.filesRemoved == 0)
    #expect(report.addsUp)
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  @Test func `a deleted file leaves, and with the last file of a segment the segment`() async throws {
    try await indexed.run()
    try tree.remove("a.txt")
    var report = try await indexed.run()
    #expect(report.filesRemoved == 1)
    #expect(report.liveFileCount == 2)
    #expect(try indexed.paths() == ["b/one.txt", "b/two.txt"])
    try tree.remove("b/one.txt")
    try tree.remove("b/two.txt")
    report = try await indexed.run()
    #expect(report.filesRemoved == 2)
    #expect(report.liveChunkCount == 0)
    #expect(try StoredIndex(directory: indexed.directory).status().segmentCount == 0)
    #expect(try listDirectory(indexed.directory.appending("segments")).isEmpty)
    #expect(try indexed.problems() == [])
  }

  @Test func `a renamed file leaves its old place and is found at the new`() async throws {
    try await indexed.run()
    #expect(unsafe rename(tree.root.appending("a.txt").description, tree.root.appending("z.txt").description) == 0)
    let report = try await indexed.run()
    #expect(report.filesIndexed == 1)
    #expect(report.filesRemoved == 1)
    #expect(try indexed.paths() == ["b/one.txt", "b/two.txt", "z.txt"])
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  @Test func `a touched file is read once and not indexed again`() async throws {
    try await indexed.run()
    try tree.write("a.txt", "alpha beta\n")
    let report = try await indexed.run()
    #expect(report.filesIndexed == 0)
    #expect(report.filesUnchanged == 3)
    #expect(report.chunksAdded == 0)
    #expect(report.addsUp)
    let before = try diskState(indexed.directory)
    try await indexed.run()
    #expect(try diskState(indexed.directory) == before)
  }

  @Test func `a file replaced by a directory of its name leaves, and the files in it come`() async throws {
    try await indexed.run()
    try tree.remove("a.txt")
    try tree.write("a.txt/inside.txt", "delta\n")
    let report = try await indexed.run()
    #expect(report.filesIndexed == 1)
    #expect(report.filesRemoved == 1)
    #expect(try indexed.paths() == ["a.txt/inside.txt", "b/one.txt", "b/two.txt"])
  }

  @Test func `a file that becomes binary leaves and is not read again`() async throws {
    try await indexed.run()
    try tree.write("a.txt", (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    var report = try await indexed.run()
    #expect(report.skipped[.binary] == 1)
    #expect(report.filesRemoved == 1)
    #expect(report.addsUp)
    #expect(try indexed.paths() == ["b/one.txt", "b/two.txt"])
    let before = try diskState(indexed.directory)
    report = try await indexed.run()
    #expect(report.skipped[.binary] == 1)
    #expect(report.addsUp)
    #expect(try diskState(indexed.directory) == before)
    try tree.write("a.txt", "text again\n")
    report = try await indexed.run()
    #expect(report.filesIndexed == 1)
    #expect(report.skipped[.binary] == nil)
    #expect(try indexed.paths() == ["a.txt", "b/one.txt", "b/two.txt"])
  }

  @Test func `an edit of the ignore file takes files out and brings them back`() async throws {
    try await indexed.run()
    try tree.write(".cairnignore", "b/\n")
    var report = try await indexed.run()
    #expect(report.filesRemoved == 2)
    #expect(report.skipped[.ignored] == 1)
    #expect(report.addsUp)
    #expect(try indexed.paths() == ["a.txt"])
    try tree.remove(".cairnignore")
    report = try await indexed.run()
    #expect(report.filesIndexed == 2)
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  @Test func `other rules for the walk need no rebuilding`() async throws {
    try tree.write(".hidden", "alpha\n")
    try await indexed.run()
    var options = IndexingOptions()
    options.walk.includesHidden = true
    options.walk.maximumFileByteCount = 11
    let report = try await indexed.run(options)
    #expect(report.rebuildReason == nil)
    #expect(report.filesIndexed == 1)
    #expect(report.skipped[.tooLarge] == 1)
    #expect(try indexed.paths() == [".hidden", "a.txt", "b/one.txt"])
  }

  @Test func `the index is never part of its own corpus`() async throws {
    var options = IndexingOptions()
    options.walk.includesHidden = true
    options.walk.obeysGitIgnore = false
    for _ in 0..<2 {
      let report = try await indexed.run(options)
      #expect(report.filesSeen == 3)
    }
    #expect(try indexed.paths() == ["a.txt", "b/one.txt", "b/two.txt"])
  }

  // MARK: Times that cannot tell

  @Test func `a file too young to judge by its times is read again, until it is old enough`() async throws {
    try await indexed.run(clock: IndexedTree.earlyClock)
    // The stored fingerprints match nothing, so that the second run reads all files; by then they are old enough.
    let before = try diskState(indexed.directory)
    var report = try await indexed.run()
    #expect(report.filesUnchanged == 3)
    #expect(try diskState(indexed.directory) != before)
    let settled = try diskState(indexed.directory)
    report = try await indexed.run()
    #expect(report.filesUnchanged == 3)
    #expect(try diskState(indexed.directory) == settled)
  }

  @Test func `edits of the same size in the same instant are never missed`() async throws {
    // On a disk, whose file systems give inodes out again.
    let indexed = try IndexedTree(inMemory: false)
    for round in 0..<25 {
      let letter = round % 2 == 0 ? "x" : "y"
      // In place: the inode stays, and the clock of the file system may not have ticked since the last round.
      indexed.put("same.txt", "\(letter)lpha\n")
      try await indexed.run(clock: { wallClockNanoseconds() })
      let stored = try indexed.chunks().first { $0.path == "same.txt" }
      #expect(stored?.fileHash == ContentHash(of: Array("\(letter)lpha\n".utf8).span))
    }
  }
}
