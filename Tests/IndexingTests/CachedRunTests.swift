import Catalog
import Corpus
import Disk
import IndexStorage
import Indexing
import Primitives
import TestSupport
import Testing

/// A run that goes by what the run before has listed, against one that walks the whole tree.
@Suite struct CachedRunTests {
  private static let treeFile: FilePath = ".cairn/tree"

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func `after any edits the catalog and the chunks are those of runs that walk`(seed: UInt64) throws {
    let indexed = try IndexedTree()
    let elsewhere = try TemporaryTree(inMemory: true)
    let other = elsewhere.root.appending("index")
    var random = SeededRandom(seed: seed)
    var options = IndexingOptions()
    options.comparesOnlyChanges = true
    // The other tests of this process take memory too: no syntax is to be left out for it.
    options.memoryByteCount = 8 << 30
    options.builderByteCount = 4_000
    options.walk.fileLimit = seed == 6 ? 12 : 0
    options.merging = [.all, .small, .none].randomElement(using: &random)!
    for _ in 0..<20 { try EvolutionTests.edit(indexed, &random) }
    for directory in [indexed.directory, other] {
      _ = try indexed.writer(options, directory: directory).perform(Cancellation())
    }
    for step in 0..<40 {
      let name: Comment = "seed \(seed), step \(step)"
      for _ in 0..<Int.random(in: 0...5, using: &random) { try PartialEvolutionTests.edit(indexed, &random) }
      switch Int.random(in: 0..<8, using: &random) {
      // Another process merges, or what was kept is lost or another's.
      case 0: _ = try indexed.writer(options).merge(Cancellation())
      case 1: try? indexed.tree.remove(Self.treeFile)
      case 2: indexed.put(".cairn/tree", "damaged")
      default: break
      }
      let report = try indexed.writer(options).perform(Cancellation())
      try? elsewhere.remove("index/tree")
      let whole = try indexed.writer(options, directory: other).perform(Cancellation())
      #expect(report.addsUp && whole.addsUp, name)
      #expect(report.filesSeen == whole.filesSeen && report.filesIndexed == whole.filesIndexed, name)
      #expect(report.filesUnchanged == whole.filesUnchanged && report.filesRemoved == whole.filesRemoved, name)
      #expect(report.skipped.filter { $0.value != 0 } == whole.skipped.filter { $0.value != 0 }, name)
      #expect(report.unread == whole.unread && report.failures == whole.failures, name)
      #expect(report.liveFileCount == whole.liveFileCount && report.liveChunkCount == whole.liveChunkCount, name)
      let own = try IndexCatalog(directory: indexed.directory, mode: .reading)
      let theirs = try IndexCatalog(directory: other, mode: .reading)
      #expect(
        try own.files().map(PartialEvolutionTests.Row.init) == theirs.files().map(PartialEvolutionTests.Row.init), name)
      #expect(try own.leftOut() == theirs.leftOut() && own.unread() == theirs.unread(), name)
      #expect(try own.snapshot().isComplete == theirs.snapshot().isComplete, name)
      #expect(try indexed.chunks() == liveChunks(StoredIndex(directory: other).snapshot()), name)
      #expect(try indexed.problems() == [], name)
    }
  }

  @Test func `a file that was asked for by name goes again with the next run`() throws {
    let indexed = try IndexedTree()
    indexed.put("dump/big.json", String(repeating: "\"key\": [1, 2, 3],\n", count: 40_000))
    indexed.put("a.txt", "alpha\n")
    _ = try indexed.writer().perform(Cancellation())
    var options = IndexingOptions()
    options.includesGenerated = { $0 == "dump/big.json" }
    _ = try indexed.writer(options).perform(Cancellation())
    #expect(try indexed.paths() == ["a.txt", "dump/big.json"])
    _ = try indexed.writer().perform(Cancellation())
    #expect(try indexed.paths() == ["a.txt"])
  }

  @Test func `a file of an age that tells nothing is read again by the next run`() throws {
    let indexed = try IndexedTree()
    indexed.put("a.txt", "alpha\n")
    for clock in [IndexedTree.earlyClock, IndexedTree.lateClock] {
      _ = try indexed.writer(clock: clock).perform(Cancellation())
    }
    let catalog = try IndexCatalog(directory: indexed.directory, mode: .reading)
    #expect(try catalog.files().map(\.fingerprint.changed).allSatisfy { $0 > 0 })
  }

  @Test func `what is kept of a tree is the owner's alone and goes with the index`() throws {
    let indexed = try IndexedTree()
    indexed.put("a.txt", "alpha\n")
    _ = try indexed.writer().perform(Cancellation())
    let status = try FileStatus(of: indexed.root.appending(Self.treeFile))
    #expect(status.permissions == 0o600)
    let index = StoredIndex(directory: indexed.directory)
    #expect(try index.remove().left.isEmpty)
    #expect(!fileExists(indexed.directory))
  }
}
