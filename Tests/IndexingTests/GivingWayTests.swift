import Disk
import IndexStorage
import Indexing
import Primitives
import Segments
import Synchronization
import TestSupport
import Testing

/// Runs that give way to whatever else runs on the machine.
@Suite struct GivingWayTests {
  let indexed: IndexedTree

  init() throws {
    indexed = try IndexedTree()
    var random = SeededRandom(seed: 31)
    for i in 0..<40 { indexed.put("f\(i)/g.txt", text(1500, &random)) }
  }

  /// Notes at which priority files are embedded.
  func embedder(_ noted: Noted) -> ScriptedEmbedder {
    ScriptedEmbedder(dimensions: 16) { (_) throws(Failure) in
      let niceValue = threadNiceValue()
      noted.values.withLock { _ = $0.insert(niceValue) }
    }
  }

  final class Noted: Sendable { let values = Mutex<Set<Int>>([]) }

  @Test(arguments: [1, 4]) func `such a run works at low priority, its caller does not`(threadCount: Int) async throws {
    var options = IndexingOptions()
    options.threadCount = threadCount
    options.givesWay = true
    let noted = Noted()
    try await indexed.run(options, embedder: embedder(noted))
    let niceValues = noted.values.withLock { $0 }
    #expect(!niceValues.isEmpty && niceValues.allSatisfy { $0 >= 10 }, "\(niceValues)")
    let before = threadNiceValue()
    indexed.put("late.txt", "alpha beta\n")
    _ = try indexed.writer(options).perform(Cancellation())
    #expect(threadNiceValue() == before)
  }

  @Test func `its segments are those of any other run`() async throws {
    var options = IndexingOptions()
    options.builderByteCount = 3_000
    options.threadCount = 4
    let plain = try await indexed.run(options)
    let expected = try indexed.snapshot().segments.map { [$0.segment.fileCount, $0.segment.chunkCount] }
    let chunks = try indexed.chunks()
    options.givesWay = true
    options.sparesBattery = true
    let elsewhere = try TemporaryTree(inMemory: true)
    let directory = elsewhere.root.appending("index")
    let report = try await indexed.writer(options, directory: directory).run()
    #expect(report.segmentsAdded == plain.segmentsAdded && report.segmentsAdded > 3)
    let snapshot = try StoredIndex(directory: directory).snapshot()
    #expect(snapshot.segments.map { [$0.segment.fileCount, $0.segment.chunkCount] } == expected)
    #expect(liveChunks(snapshot) == chunks)
  }
}
