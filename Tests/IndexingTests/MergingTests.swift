import Catalog
import Corpus
import Disk
import Glibc
import IndexStorage
import Indexing
import Primitives
import Segments
import Synchronization
import TestSupport
import Testing

/// Merges that a caller chooses the time of.
@Suite struct MergingTests {
  let indexed: IndexedTree
  init() throws { indexed = try IndexedTree() }

  func segmentCount() throws -> Int { try StoredIndex(directory: indexed.directory).status().segmentCount }

  /// Makes a tree of so many files, each in a segment of its own.
  func makeSegments(_ count: Int, byteCount: Int) throws -> IndexRunReport {
    var options = IndexingOptions()
    options.merging = .none
    options.builderByteCount = 1
    var random = SeededRandom(seed: 5)
    for i in 0..<count { indexed.put("f\(i).txt", text(byteCount, &random)) }
    return try indexed.writer(options).perform(Cancellation())
  }

  @Test func `merges wait until they are asked for`() throws {
    let first = try makeSegments(20, byteCount: 100)
    let before = try indexed.chunks()
    #expect(try segmentCount() == 20)
    let report = try indexed.writer().merge(Cancellation(), after: first.state)
    #expect(report.mergeCount > 0 && report.liveFileCount == 20 && report.segmentBytesWritten > 0)
    #expect(try segmentCount() < 8)
    #expect(try indexed.chunks() == before)
    #expect(try indexed.problems() == [])
    // The state goes on from there: no run need look at everything because segments were merged.
    let none = CorpusChanges(from: try CorpusListing(of: indexed.root), to: try CorpusListing(of: indexed.root))
    let next = try indexed.writer().perform(Cancellation(), corpus: .changes(none, since: try #require(report.state)))
    #expect(next.filesUnchanged == 20 && next.generation == report.generation)
  }

  @Test func `merging again does nothing, and one after another state gives none`() throws {
    let first = try makeSegments(20, byteCount: 100)
    let report = try indexed.writer().merge(Cancellation(), after: first.state)
    let disk = try diskState(indexed.directory)
    #expect(try indexed.writer().merge(Cancellation(), after: first.state).state == nil)
    #expect(try indexed.writer().merge(Cancellation(), after: report.state).state == report.state)
    #expect(try diskState(indexed.directory) == disk)
  }

  @Test func `a merge that was cancelled before it began changes nothing`() throws {
    let first = try makeSegments(20, byteCount: 100)
    let disk = try diskState(indexed.directory)
    let cancellation = Cancellation()
    cancellation.cancel()
    let report = try indexed.writer().merge(cancellation, after: first.state)
    #expect(report.mergeCount == 0 && report.state == first.state)
    #expect(try diskState(indexed.directory) == disk)
  }

  @Test func `a merge that is cancelled while it writes leaves nothing behind`() throws {
    let first = try makeSegments(8, byteCount: 60_000)
    let before = try indexed.chunks()
    let segments = indexed.directory.appending("segments")
    let names = try listDirectory(segments).map(\.name).sorted()
    let cancellation = Cancellation()
    let isOver = Atomic(false)
    // Cancelled as soon as there is a file that is not finished.
    let watcher = BlockingThread {
      while !isOver.load(ordering: .relaxed) {
        let isMerging = (try? listDirectory(segments))?.contains { AtomicFile.temporaryTarget($0.name) != nil } ?? false
        if isMerging { return cancellation.cancel() }
      }
    }
    let report = try indexed.writer().merge(cancellation, after: first.state)
    isOver.store(true, ordering: .relaxed)
    watcher?.join()
    if report.mergeCount == 0 {
      #expect(try listDirectory(segments).map(\.name).sorted() == names)
      #expect(report.state == first.state && report.failures == [])
    }
    #expect(try indexed.chunks() == before)
    #expect(try indexed.problems() == [])
    _ = try indexed.writer().merge(Cancellation())
    #expect(try segmentCount() == 1)
    #expect(try indexed.chunks() == before)
  }

  @Test func `many small commits leave few segments`() throws {
    var options = IndexingOptions()
    options.merging = .small
    var random = SeededRandom(seed: 11)
    for i in 0..<50 { indexed.put("f\(i).txt", text(400, &random)) }
    let writer = indexed.writer(options)
    var listing = try CorpusListing(of: indexed.root)
    var report = try writer.perform(Cancellation(), corpus: .listing(listing))
    var (greatest, changed, written) = (0, 0, 0)
    for _ in 0..<2000 {
      let path = FilePath("f\(Int.random(in: 0..<50, using: &random)).txt")
      indexed.put(path.description, text(400, &random))
      guard let i = listing.files.firstIndex(where: { $0.path == path }) else { continue }
      listing.files[i].fingerprint = Fingerprint(try FileStatus(of: indexed.root.appending(path)))
      var changes = CorpusChanges(from: listing, to: listing)
      changes.files = [listing.files[i]]
      let state = try #require(report.state)
      report = try retryingWhileLocked { try writer.perform(Cancellation(), corpus: .changes(changes, since: state)) }
      greatest = max(greatest, try segmentCount())
      changed += listing.files[i].fingerprint.byteCount
      written += report.segmentBytesWritten
    }
    #expect(greatest <= 16, "\(greatest) segments")
    print("greatest number of segments \(greatest), written \(written) for \(changed) bytes")
    #expect(try indexed.chunks().count == report.liveChunkCount)
    #expect(try indexed.problems() == [])
  }
}

/// What `body` gives. A program that another test starts at that moment has the descriptor of a lock until it is on its
/// way, so that the lock seems taken although its owner has let it go.
private func retryingWhileLocked<Value>(_ body: () throws -> Value) throws -> Value {
  let end = ContinuousClock.now + .seconds(10)
  while true {
    do { return try body() } catch let error as Failure where error.code == .locked && ContinuousClock.now < end {
      pause(milliseconds: 1)
    }
  }
}
