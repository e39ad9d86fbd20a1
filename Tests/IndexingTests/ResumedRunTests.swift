import Catalog
import Disk
import Foundation
import IndexStorage
import Indexing
import Primitives
import Synchronization
import TestSupport
import Testing

/// What a run says of the one before it that did not come to its end.
@Suite struct ResumedRunTests {
  let indexed: IndexedTree
  /// So little memory that a run makes several segments.
  let options: IndexingOptions

  init() throws {
    indexed = try IndexedTree()
    var random = SeededRandom(seed: 79)
    for i in 0..<12 { indexed.put("f\(i)/g.txt", text(1500, &random)) }
    var options = IndexingOptions()
    options.builderByteCount = 3_000
    options.threadCount = 1
    self.options = options
  }

  /// Runs, and gives the index as SIGKILL would leave it before each file, by its number from 1.
  func copies(_ options: IndexingOptions, chunkByteCount: Int = 300) async throws -> TemporaryTree {
    let copies = try TemporaryTree(inMemory: true)
    let count = Atomic(0)
    let directory = indexed.directory
    let embedder = ScriptedEmbedder(dimensions: 16) { (_) throws(Failure) in
      let number = count.add(1, ordering: .sequentiallyConsistent).newValue
      let copied = Result {
        try FileManager.default.copyItem(
          atPath: directory.description, toPath: copies.root.appending("\(number)").description)
      }
      guard case .success = copied else { throw Failure(.inputOutput, "\(copied)") }
    }
    _ = try await indexed.writer(options, embedder: embedder, chunkByteCount: chunkByteCount).run()
    return copies
  }

  @Test func `after a first run that was killed, the next says what was there, and the one after it nothing`()
    async throws
  {
    let copies = try await copies(options)
    var counts: [Int] = []
    for number in 1...12 {
      let copy = copies.root.appending("\(number)")
      let committed = try StoredIndex(directory: copy).status().fileCount
      let report = try await indexed.writer(options, directory: copy).run()
      let resumed = try #require(report.resumed, "copy \(number)")
      #expect(resumed.wasKilled && resumed.totalFileCount == 12)
      #expect(resumed.fileCount == committed && committed < number, "copy \(number)")
      #expect(resumed.stopped > 0 && resumed.stopped <= IndexedTree.lateClock())
      counts.append(resumed.fileCount)
      #expect(try await indexed.writer(options, directory: copy).run().resumed == nil)
    }
    #expect(counts == counts.sorted() && Set(counts).count > 3, "\(counts)")
    #expect(try await indexed.run(options).resumed == nil)
  }

  @Test func `after an update that was killed, be it before its first commit, the next says so`() async throws {
    try await indexed.run(options)
    var random = SeededRandom(seed: 80)
    for i in 3..<9 { indexed.put("f\(i)/g.txt", text(1500, &random)) }
    let copies = try await copies(options)
    var counts: [Int] = []
    for number in 1...6 {
      let copy = copies.root.appending("\(number)")
      let report = try await indexed.writer(options, directory: copy).run()
      let resumed = try #require(report.resumed, "copy \(number)")
      #expect(resumed.wasKilled && resumed.totalFileCount == 12 && resumed.fileCount == report.filesUnchanged)
      counts.append(resumed.fileCount)
      #expect(try await indexed.writer(options, directory: copy).run().resumed == nil)
    }
    #expect(counts.first == 6 && counts == counts.sorted() && counts[5] > 6, "\(counts)")
  }

  @Test func `a rebuild that goes on where it was killed says what was staged`() async throws {
    try await indexed.run(options)
    let copies = try await copies(options, chunkByteCount: 900)
    var counts: [Int] = []
    for number in 1...12 {
      let copy = copies.root.appending("\(number)")
      let report = try await indexed.writer(options, chunkByteCount: 900, directory: copy).run()
      let resumed = try #require(report.resumed, "copy \(number)")
      #expect(resumed.wasKilled && resumed.totalFileCount == 12 && resumed.fileCount == report.filesUnchanged)
      counts.append(resumed.fileCount)
      #expect(try await indexed.writer(options, chunkByteCount: 900, directory: copy).run().resumed == nil)
    }
    #expect(counts == counts.sorted() && counts[11] > 5, "\(counts)")
  }

  @Test func `a rebuild that was asked for and killed is not gone on with, and nothing says that it is`() async throws {
    try await indexed.run(options)
    var rebuilding = options
    rebuilding.rebuilds = true
    let copies = try await copies(rebuilding)
    let (copy, again) = (copies.root.appending("9"), copies.root.appending("again"))
    try FileManager.default.copyItem(atPath: copy.description, toPath: again.description)
    #expect(try await indexed.writer(rebuilding, directory: copy).run().resumed == nil)
    #expect(try await indexed.writer(options, directory: again).run().resumed == nil)
  }

  @Test func `after a run that failed the next says when, once`() async throws {
    let embedder = ScriptedEmbedder(dimensions: 16) { (path) throws(Failure) in
      if path == "f9/g.txt" { throw Failure(.inputOutput, "the model has gone") }
    }
    await #expect(throws: Failure.self) { try await indexed.run(options, embedder: embedder) }
    let status = try StoredIndex(directory: indexed.directory).status()
    let resumed = try #require(try await indexed.run(options).resumed)
    #expect(!resumed.wasKilled && resumed.stopped == status.lastRun?.finished)
    #expect(resumed.fileCount == status.fileCount && resumed.fileCount > 0 && resumed.totalFileCount == 12)
    #expect(try await indexed.run(options).resumed == nil)
  }

  @Test func `a run over changes after one that came to its end says nothing`() async throws {
    let before = try await indexed.run(options)
    #expect(before.resumed == nil)
    indexed.put("late.txt", "alpha beta\n")
    #expect(try await indexed.run(options).resumed == nil)
  }
}
