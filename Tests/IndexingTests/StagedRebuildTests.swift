import Catalog
import Disk
import Embedding
import Foundation
import IndexStorage
import Indexing
import Primitives
import Segments
import Synchronization
import TestSupport
import Testing

/// Rebuilds beside an index that answers.
@Suite struct StagedRebuildTests {
  let indexed: IndexedTree
  /// So little memory that a run makes several segments.
  let options: IndexingOptions
  var rebuilding: IndexingOptions {
    var options = options
    options.rebuilds = true
    return options
  }

  init() throws {
    indexed = try IndexedTree()
    var random = SeededRandom(seed: 77)
    for i in 0..<12 { indexed.put("f\(i)/g.txt", text(1500, &random)) }
    var options = IndexingOptions()
    options.builderByteCount = 3_000
    options.threadCount = 1
    self.options = options
  }

  /// Runs a rebuild with `chunkByteCount` and gives the index as SIGKILL would leave it before each file.
  func copies(_ options: IndexingOptions, chunkByteCount: Int = 300) async throws -> TemporaryTree {
    let copies = try TemporaryTree(inMemory: true)
    let count = Atomic(0)
    let directory = indexed.directory
    let embedder = ScriptedEmbedder(dimensions: 16) { (path) throws(Failure) in
      let number = count.add(1, ordering: .sequentiallyConsistent).newValue
      let copied = Result {
        try FileManager.default.copyItem(
          atPath: directory.description, toPath: copies.root.appending("\(number)").description)
      }
      guard case .success = copied else { throw Failure(.inputOutput, "\(copied)") }
    }
    _ = try await indexed.writer(options, embedder: embedder, chunkByteCount: chunkByteCount).run()
    #expect(count.load(ordering: .sequentiallyConsistent) == 12)
    return copies
  }

  @Test func `wherever a rebuild is killed, the last generation answers and the next run is whole`() async throws {
    try await indexed.run(options)
    let before = try StoredIndex(directory: indexed.directory).snapshot()
    let chunks = liveChunks(before)
    let copies = try await copies(rebuilding)
    #expect(try StoredIndex(directory: indexed.directory).snapshot().generation > before.generation)
    var stagedSegments = 0
    for number in 1...12 {
      let copy = copies.root.appending("\(number)")
      let snapshot = try StoredIndex(directory: copy).snapshot()
      #expect(snapshot.generation == before.generation && snapshot.isComplete, "copy \(number)")
      #expect(liveChunks(snapshot) == chunks)
      #expect(try StoredIndex(directory: copy).verify().problems == [])
      stagedSegments = max(
        stagedSegments, try IndexCatalog(directory: copy, mode: .reading).snapshot(of: .staged).segments.count)
      // A run that was not asked to rebuild has nothing to do, and removes what the killed one left.
      let report = try await indexed.writer(options, directory: copy).run()
      #expect(report.filesIndexed == 0 && report.rebuildReason == nil)
      #expect(try IndexCatalog(directory: copy, mode: .reading).snapshot(of: .staged).identity == nil)
      #expect(
        try listDirectory(copy.appending("segments")).count == StoredIndex(directory: copy).snapshot().segments.count)
      #expect(liveChunks(try StoredIndex(directory: copy).snapshot()) == chunks)
      #expect(try StoredIndex(directory: copy).verify().problems == [])
    }
    #expect(stagedSegments > 3)
  }

  @Test func `a rebuild that was asked for and killed is begun anew by the next one that is`() async throws {
    try await indexed.run(options)
    let copy = try await copies(rebuilding).root.appending("9")
    let report = try await indexed.writer(rebuilding, directory: copy).run()
    #expect(report.filesIndexed == 12)
    #expect(liveChunks(try StoredIndex(directory: copy).snapshot()) == (try await indexed.freshChunks()))
    #expect(try StoredIndex(directory: copy).verify().problems == [])
  }

  @Test func `a rebuild for other chunks goes on where it was killed`() async throws {
    try await indexed.run(options)
    let chunks = try indexed.chunks()
    let copies = try await copies(options, chunkByteCount: 900)
    let expected = try indexed.chunks()
    #expect(expected != chunks)
    var kept = 0
    for number in 1...12 {
      let copy = copies.root.appending("\(number)")
      #expect(liveChunks(try StoredIndex(directory: copy).snapshot()) == chunks)
      let report = try await indexed.writer(options, chunkByteCount: 900, directory: copy).run()
      #expect(report.rebuildReason != nil && report.addsUp)
      #expect(report.filesIndexed + report.filesUnchanged == 12)
      kept = max(kept, report.filesUnchanged)
      #expect(liveChunks(try StoredIndex(directory: copy).snapshot()) == expected, "copy \(number)")
      #expect(try StoredIndex(directory: copy).verify().problems == [])
    }
    #expect(kept > 5)
  }

  @Test func `what was staged and is damaged is not gone on with`() async throws {
    try await indexed.run(options)
    let copies = try await copies(options, chunkByteCount: 900)
    let expected = try indexed.chunks()
    let copy = copies.root.appending("11")
    let staged = try IndexCatalog(directory: copy, mode: .reading).snapshot(of: .staged).segments
    try removeFile(copy.appending("segments").appending(try #require(staged.first).fileName))
    let report = try await indexed.writer(options, chunkByteCount: 900, directory: copy).run()
    #expect(report.repairs.count == 1)
    #expect(liveChunks(try StoredIndex(directory: copy).snapshot()) == expected)
    #expect(try StoredIndex(directory: copy).verify().problems == [])
  }

  @Test func `another model may be gone on with by its name alone once its rebuild was begun`() async throws {
    try await indexed.run(options)
    let other = ScriptedEmbedder(dimensions: 32)
    let left = Atomic(9)
    let stop = ScriptedEmbedder(dimensions: 32) { (_) throws(Failure) in
      if left.subtract(1, ordering: .relaxed).newValue < 0 { throw Failure(.inputOutput, "the model has gone") }
    }
    await #expect(throws: Failure.self) {
      try await indexed.run(rebuilding, embedder: stop)
    }
    #expect(try StoredIndex(directory: indexed.directory).snapshot().segments[0].segment.dimensions == 16)
    // The index of before is brought up to date as ever, and what was begun stays.
    indexed.put("new.txt", "alpha beta\n")
    #expect(try await indexed.run(options).filesIndexed == 1)
    let report = try await indexed.run(options, embedder: other)
    #expect(report.filesUnchanged > 3 && report.filesIndexed + report.filesUnchanged == 13)
    #expect(try StoredIndex(directory: indexed.directory).snapshot(model: other.identity).isComplete)
    #expect(try indexed.problems() == [])
  }

  @Test func `a reader that holds the old generation keeps it over the exchange`() async throws {
    try await indexed.run(options)
    let held = try StoredIndex(directory: indexed.directory).snapshot()
    let chunks = liveChunks(held)
    try await indexed.run(rebuilding)
    #expect(liveChunks(held) == chunks)
    let kept = StoredIndex(directory: indexed.directory)
    #expect(liveChunks(try kept.snapshot()) == chunks)
    try await indexed.run(rebuilding)
    #expect(try kept.snapshot().generation > held.generation)
    #expect(liveChunks(try kept.snapshot()) == chunks)
  }
}
