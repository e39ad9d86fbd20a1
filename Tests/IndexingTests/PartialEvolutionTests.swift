import Catalog
import Corpus
import Disk
import Glibc
import IndexStorage
import Indexing
import Inspection
import Primitives
import Segments
import TestSupport
import Testing

/// An index that is told of changes is the index of one that looks for them.
@Suite struct PartialEvolutionTests {
  /// A row of the catalog, wherever its file lies.
  struct Row: Hashable {
    var path: FilePath
    var fingerprint: Fingerprint
    var contentHash: ContentHash
    var skipped: SkipReason?

    init(_ file: FileRecord) {
      (path, fingerprint, contentHash) = (file.path, file.fingerprint, file.contentHash)
      if case .skipped(let reason) = file.state { skipped = reason }
    }
  }

  static func edit(_ indexed: IndexedTree, _ random: inout SeededRandom) throws {
    let directory = ["", "src/", "src/deep/", "lib/"].randomElement(using: &random)!
    let path = directory + "file\(Int.random(in: 0..<8, using: &random)).txt"
    switch Int.random(in: 0..<16, using: &random) {
    case 0: indexed.put(path, "\0\0\u{1}\0binary\0")
    case 1: indexed.put(path, "")
    case 2: indexed.put(path, PartialRunTests.key)
    case 3:
      indexed.put(directory + ".gitignore", ["", "file1.txt\n", "deep/\n", "*.txt\n"].randomElement(using: &random)!)
    case 4: indexed.put(directory + "id_rsa", "alpha\n")
    case 5: indexed.put(directory + ".cairnignore", "!file2.txt\nfile3.txt\n")
    case 6:
      // Nobody reads so large an ignore file: what is in the directory is not known.
      indexed.put(directory + "deep/.cairnignore", "")
      _ = unsafe truncate(indexed.root.appending(FilePath(directory + "deep/.cairnignore")).description, 1 << 40)
    case 7:
      try? indexed.tree.remove(FilePath(directory + "deep/.cairnignore"))
      try? indexed.tree.remove(FilePath(directory + ".cairnignore"))
    default: try EvolutionTests.edit(indexed, &random)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func `after any edits the catalog and the chunks are those of whole runs`(seed: UInt64) throws {
    let indexed = try IndexedTree()
    let elsewhere = try TemporaryTree(inMemory: true)
    let other = elsewhere.root.appending("index")
    var random = SeededRandom(seed: seed)
    var options = IndexingOptions()
    options.builderByteCount = 4_000
    options.walk.fileLimit = seed == 6 ? 12 : 0
    options.merging = [.all, .small, .none].randomElement(using: &random)!
    for _ in 0..<20 { try EvolutionTests.edit(indexed, &random) }
    let writer = indexed.writer(options)
    var listing = try CorpusListing(of: indexed.root, options.walk)
    var report = try writer.perform(Cancellation(), corpus: .listing(listing))
    _ = try indexed.writer(options, directory: other).perform(Cancellation())
    var wholeCount = 0
    for step in 0..<40 {
      let name: Comment = "seed \(seed), step \(step)"
      for _ in 0..<Int.random(in: 0...5, using: &random) { try Self.edit(indexed, &random) }
      let now = try CorpusListing(of: indexed.root, options.walk)
      let state = try #require(report.state)
      do throws(Failure) {
        let changes = CorpusChanges(from: listing, to: now)
        report = try writer.perform(Cancellation(), corpus: .changes(changes, since: state))
      } catch {
        #expect(error.code == .needsWholeRun, name)
        wholeCount += 1
        report = try writer.perform(Cancellation(), corpus: .listing(now))
      }
      listing = now
      if Int.random(in: 0..<8, using: &random) == 0 {
        let state = try #require(report.state)
        let merged = try writer.merge(Cancellation(), after: state)
        report.state = merged.state
        report.generation = merged.generation
      }
      let whole = try indexed.writer(options, directory: other).perform(Cancellation())
      #expect(report.addsUp && whole.addsUp, name)
      #expect(report.filesSeen == whole.filesSeen && report.filesIndexed == whole.filesIndexed, name)
      #expect(report.filesUnchanged == whole.filesUnchanged && report.filesRemoved == whole.filesRemoved, name)
      #expect(report.skipped.filter { $0.value != 0 } == whole.skipped.filter { $0.value != 0 }, name)
      #expect(report.unread == whole.unread && report.failures == whole.failures, name)
      #expect(report.liveFileCount == whole.liveFileCount, name)
      #expect(report.liveChunkCount == whole.liveChunkCount, name)
      let own = try IndexCatalog(directory: indexed.directory, mode: .reading)
      let theirs = try IndexCatalog(directory: other, mode: .reading)
      #expect(try own.files().map(Row.init) == theirs.files().map(Row.init), name)
      #expect(try own.leftOut() == theirs.leftOut() && own.unread() == theirs.unread(), name)
      #expect(try own.snapshot().isComplete == theirs.snapshot().isComplete, name)
      #expect(try indexed.chunks() == liveChunks(StoredIndex(directory: other).snapshot()), name)
      #expect(try indexed.problems() == [], name)
    }
    #expect(wholeCount < 10, "seed \(seed): \(wholeCount) of 40 runs looked at everything")
  }
}
