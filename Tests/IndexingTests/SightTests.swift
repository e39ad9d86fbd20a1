import Disk
import IndexStorage
import Indexing
import Primitives
import Segments
import Synchronization
import TestSupport
import Testing

private final class Recorder: TraceSink {
  let spans = Mutex<[TraceSpan]>([])
  func record(_ span: TraceSpan) { spans.withLock { $0.append(span) } }
}

/// What a run says of itself, and what it keeps to.
@Suite struct SightTests {
  let indexed: IndexedTree
  let byteCount: Int

  init() throws {
    indexed = try IndexedTree()
    var random = SeededRandom(seed: 11)
    var sum = 0
    for i in 0..<30 {
      let content = text(500 + i * 100, &random)
      sum += content.utf8.count
      indexed.put("d\(i % 3)/f\(i).txt", content)
    }
    byteCount = sum
  }

  @Test(arguments: [1, 3]) func `a run accounts for its stages, its memory and its writing`(threads: Int) async throws {
    var options = IndexingOptions()
    options.threadCount = threads
    options.builderByteCount = 40_000
    let recorder = Recorder()
    var writer = indexed.writer(options)
    writer.trace = recorder
    let report = try await writer.run()
    #expect(report.stages.map(\.stage) == IndexStage.allCases)
    func stage(_ stage: IndexStage) -> StageReport { report.stages.first { $0.stage == stage }! }
    for name in [IndexStage.read, .chunk, .analyse, .embed, .build] {
      #expect(stage(name).byteCount == byteCount, "\(name)")
      #expect(stage(name).count >= 30)
    }
    // The last commit may have no file left, and only say that the index is complete.
    #expect(stage(.commit).count >= report.segmentsAdded)
    #expect(report.segmentsAdded > 1)
    let snapshot = try StoredIndex(directory: indexed.directory).snapshot()
    let live = snapshot.segments.reduce(0) { $0 + $1.segment.byteCount }
    #expect(report.segmentBytesWritten == stage(.commit).byteCount + stage(.merge).byteCount)
    #expect(report.segmentBytesWritten >= live)
    #expect(report.threadCount == threads)
    #expect(report.processorSeconds > 0)
    #expect(report.peakOwnByteCount > 0)
    #expect(report.peakResidentByteCount >= report.peakOwnByteCount)
    #expect(report.memoryCeilingByteCount <= options.memoryByteCount)

    let spans = recorder.spans.withLock { $0 }
    for name in [IndexStage.walk, .read, .chunk, .analyse, .embed, .build, .commit] {
      #expect(spans.count { $0.stage == name } == stage(name).count)
    }
    #expect(spans.allSatisfy { $0.start >= .zero && $0.duration >= .zero })
    #expect(Set(spans.compactMap(\.path)).count == 30)
    #expect(Set(spans.filter { $0.stage == .chunk }.map(\.thread)).isSubset(of: threads == 1 ? [0] : [1, 2, 3]))
  }

  @Test func `what the process held before a run is not said of the run`() async throws {
    let held = [UInt8](repeating: 1, count: 300 << 20)
    let report = try await indexed.run()
    #expect(report.memoryCeilingByteCount < held.count && report.peakOwnByteCount > report.memoryCeilingByteCount)
    #expect(!report.failures.contains { $0.code == .memoryCeiling }, "\(report.failures)")
    #expect(held.last == 1)
  }

  @Test func `a first run can be searched soon, in steps that grow`() async throws {
    var options = IndexingOptions()
    options.threadCount = 1
    // An empty builder takes 0.3 MB: the first two commits are of one file each.
    options.builderByteCount = 600_000
    let generations = Mutex<[(Int64, Int)]>([])
    let directory = indexed.directory
    let embedder = ScriptedEmbedder(dimensions: 16) { (_) throws(Failure) in
      if let snapshot = try? StoredIndex(directory: directory).snapshot() {
        generations.withLock { $0.append((snapshot.generation, snapshot.segments.count)) }
      }
    }
    var random = SeededRandom(seed: 12)
    for i in 0..<60 { indexed.put("more/f\(i).txt", text(4000, &random)) }
    let first = try await indexed.run(options, embedder: embedder)
    #expect(first.segmentsAdded >= 2)
    let seen = generations.withLock { $0 }
    #expect(seen.contains { $0.1 == 1 })
    let sizes = try StoredIndex(directory: directory).snapshot().segments.map(\.segment.chunkCount)
    #expect(sizes[0] < sizes[sizes.count - 1])
    // A run that adds to an index has no need of it.
    for i in 0..<60 { indexed.put("more/f\(i).txt", text(4000, &random)) }
    #expect(try await indexed.run(options).segmentsAdded < first.segmentsAdded)
  }

  @Test func `a run that may hold almost nothing still comes to its end, with the same content`() async throws {
    var options = IndexingOptions()
    options.memoryByteCount = 1
    options.threadCount = 3
    let report = try await indexed.run(options)
    #expect(report.addsUp)
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  @Test func `an index whose segments are of an older format is built anew, one of a newer format is left alone`()
    async throws
  {
    try await indexed.run()
    let expected = try indexed.chunks()
    let path = try StoredIndex(directory: indexed.directory).snapshot().segments[0].segment.path
    var bytes = try readFile(path).bytes
    let version = Int(bytes[bytes.count - 16])
    // A footer of another format has another checksum: one that no version of this program's fits.
    bytes[bytes.count - 24] ^= 1
    func put(_ version: Int) throws {
      bytes[bytes.count - 16] = UInt8(version)
      var file = try AtomicFile(path)
      try file.write(bytes)
      try file.commit()
    }
    try put(version + 1)
    do {
      try await indexed.run()
      Issue.record("a newer segment was read")
    } catch { #expect(error.code == .unsupportedVersion) }
    try put(version - 1)
    let report = try await indexed.run()
    #expect(report.rebuildReason?.contains("another format") == true)
    #expect(report.filesIndexed == 30)
    #expect(try indexed.chunks() == expected)
    #expect(try indexed.problems() == [])
  }
}
