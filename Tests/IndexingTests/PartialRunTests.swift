import Catalog
import Corpus
import Disk
import Foundation
import IndexStorage
import Indexing
import Inspection
import Primitives
import Segments
import Synchronization
import TestSupport
import Testing

/// Runs that are told what has changed.
@Suite struct PartialRunTests {
  let indexed: IndexedTree
  var tree: TemporaryTree { indexed.tree }
  static let key = "gamma\n-----BEGIN " + "PRIVATE KEY-----\n" + SecretFileTests.body + "\n"

  init() throws {
    indexed = try IndexedTree()
    try tree.write("a.txt", "alpha beta\n")
    try tree.write("b/one.txt", "beta gamma\n")
    try tree.write("b/two.txt", "gamma delta\n")
  }

  /// A whole run, with what it was told.
  func begin(_ options: IndexingOptions = IndexingOptions()) throws -> (CorpusListing, IndexRunReport) {
    let listing = try CorpusListing(of: tree.root, options.walk)
    return (listing, try indexed.writer(options).perform(Cancellation(), corpus: .listing(listing)))
  }

  func partial(
    _ changes: CorpusChanges, since report: IndexRunReport, _ options: IndexingOptions = IndexingOptions()
  ) throws(Failure) -> IndexRunReport {
    guard let state = report.state else { throw Failure(.invalidArgument, "the report has no state") }
    return try indexed.writer(options).perform(Cancellation(), corpus: .changes(changes, since: state))
  }

  func refusal(_ body: () throws -> Void) -> Failure.Code? {
    do { try body() } catch { return (error as? Failure)?.code }
    return nil
  }

  @Test func `a listing that is given takes the place of the walk`() throws {
    let (_, report) = try begin()
    #expect(report.filesIndexed == 3 && report.addsUp)
    #expect(report.stages.first { $0.stage == .walk }?.count == 0)
    #expect(try indexed.paths() == ["a.txt", "b/one.txt", "b/two.txt"])
  }

  @Test func `only what changed is read`() throws {
    let (before, first) = try begin()
    try tree.write("b/one.txt", "index Tree\n")
    try tree.write("c.txt", "alpha\n")
    try tree.remove("a.txt")
    let changes = CorpusChanges(from: before, to: try CorpusListing(of: tree.root))
    let report = try partial(changes, since: first)
    #expect(report.filesSeen == 3 && report.filesIndexed == 2 && report.filesUnchanged == 1)
    #expect(report.filesRemoved == 1 && report.liveFileCount == 3 && report.addsUp)
    #expect(try indexed.paths() == ["b/one.txt", "b/two.txt", "c.txt"])
    #expect(try indexed.problems() == [])
  }

  @Test func `where nothing has changed nothing is written`() throws {
    let (listing, first) = try begin()
    let before = try diskState(indexed.directory)
    let none = CorpusChanges(from: listing, to: listing)
    #expect(none.isEmpty)
    var report = try partial(none, since: first)
    #expect(report.filesUnchanged == 3 && report.addsUp)
    // Told of a file that is as it was.
    var told = none
    told.files = [listing.files[0]]
    report = try partial(told, since: report)
    #expect(report.filesUnchanged == 3 && report.addsUp && report.state == first.state)
    #expect(try diskState(indexed.directory) == before)
  }

  @Test func `what needs a look at everything is told before anything is changed`() throws {
    let (listing, first) = try begin()
    try tree.write("a.txt", "alpha changed\n")
    let changes = CorpusChanges(from: listing, to: try CorpusListing(of: tree.root))
    func expectRefusal(_ reason: Comment, _ options: IndexingOptions = IndexingOptions()) throws {
      let before = try diskState(indexed.directory)
      #expect(refusal { _ = try partial(changes, since: first, options) } == .needsWholeRun, reason)
      #expect(try diskState(indexed.directory) == before, reason)
    }
    var options = IndexingOptions()
    options.rebuilds = true
    try expectRefusal("a rebuild", options)
    let mark = indexed.directory.appending("segments/000001.damaged")
    try Data().write(to: URL(fileURLWithPath: mark.description))
    try expectRefusal("a mark of damage")
    try removeFile(mark)
    let newest = indexed.directory.appending("catalog.newest")
    let bytes = try readFile(newest).bytes
    try removeFile(newest)
    try Data("nothing".utf8).write(to: URL(fileURLWithPath: newest.description))
    try expectRefusal("a damaged mark of the newest generation")
    try Data(bytes).write(to: URL(fileURLWithPath: newest.description))
    do {
      let catalog = try IndexCatalog(directory: indexed.directory, mode: .writing)
      let identity = try #require(try catalog.identity())
      try catalog.stage(identity)
    }
    try expectRefusal("a rebuild under way")
    do {
      let catalog = try IndexCatalog(directory: indexed.directory, mode: .writing)
      try catalog.dropStaged()
      _ = try catalog.beginRun(RunRecord(started: 1))
    }
    try expectRefusal("a killed run")
    _ = try indexed.writer().perform(Cancellation())
    try expectRefusal("another run has committed")
    let elsewhere = try IndexedTree()
    #expect(
      refusal {
        _ = try elsewhere.writer().perform(Cancellation(), corpus: .changes(changes, since: try #require(first.state)))
      } == .needsWholeRun)
    #expect(!fileExists(elsewhere.directory))
  }

  @Test func `a file that became a secret leaves the disk`() throws {
    let (before, first) = try begin()
    try tree.write("a.txt", Self.key)
    var listing = try CorpusListing(of: tree.root)
    var report = try partial(CorpusChanges(from: before, to: listing), since: first)
    #expect(report.skipped[.secret] == 1 && report.filesRemoved == 1 && report.addsUp)
    // By its name, as the walk tells it.
    try tree.write("b/id_rsa", "delta\n")
    let next = try CorpusListing(of: tree.root)
    report = try partial(CorpusChanges(from: listing, to: next), since: report)
    listing = next
    #expect(report.skipped[.secret] == 2 && report.addsUp)
    let snapshot = try IndexCatalog(directory: indexed.directory, mode: .reading).snapshot()
    #expect(snapshot.segments.allSatisfy { $0.tombstones.isEmpty })
  }

  @Test func `a file whose times cannot tell is read again by a whole run`() throws {
    let (before, first) = try begin()
    try tree.write("a.txt", "alpha young\n")
    let changes = CorpusChanges(from: before, to: try CorpusListing(of: tree.root))
    let state = try #require(first.state)
    let report = try indexed.writer(clock: IndexedTree.earlyClock).perform(
      Cancellation(), corpus: .changes(changes, since: state))
    #expect(report.filesIndexed == 1)
    let rows = try IndexCatalog(directory: indexed.directory, mode: .reading).files()
    #expect(rows.filter { $0.fingerprint.changed == 0 }.map(\.path) == ["a.txt"])
    // The next partial run is not told of it and leaves it; a whole one makes sure.
    let next = try partial(
      CorpusChanges(from: try CorpusListing(of: tree.root), to: try CorpusListing(of: tree.root)),
      since: report)
    #expect(next.generation == report.generation)
    #expect(try indexed.writer().perform(Cancellation()).filesUnchanged == 3)
    #expect(
      try IndexCatalog(directory: indexed.directory, mode: .reading).files().allSatisfy { $0.fingerprint.changed != 0 })
  }

  /// As SIGKILL would leave it while a changed file is under way.
  @Test func `after a partial run was killed a whole one completes the index`() throws {
    let (before, first) = try begin()
    try tree.write("a.txt", "alpha killed\n")
    let changes = CorpusChanges(from: before, to: try CorpusListing(of: tree.root))
    let copies = try TemporaryTree(inMemory: true)
    let copy = copies.root.appending("killed")
    let directory = indexed.directory
    let embedder = ScriptedEmbedder(dimensions: 16) { (_) throws(Failure) in
      let copied = Result { try FileManager.default.copyItem(atPath: directory.description, toPath: copy.description) }
      guard case .success = copied else { throw Failure(.inputOutput, "\(copied)") }
    }
    let state = try #require(first.state)
    _ = try indexed.writer(embedder: embedder).perform(Cancellation(), corpus: .changes(changes, since: state))
    let writer = indexed.writer(directory: copy)
    #expect(
      refusal { _ = try writer.perform(Cancellation(), corpus: .changes(changes, since: state)) } == .needsWholeRun)
    let report = try writer.perform(Cancellation())
    #expect(report.filesIndexed == 1 && report.addsUp)
    #expect(liveChunks(try StoredIndex(directory: copy).snapshot()) == (try indexed.chunks()))
  }
}
