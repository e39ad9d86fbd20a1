import Catalog
import Disk
import Embedding
import IndexStorage
import Indexing
import Primitives
import Segments
import TestSupport
import Testing

/// Indexes that cannot be brought up to date.
@Suite struct RebuildTests {
  let indexed: IndexedTree
  var tree: TemporaryTree { indexed.tree }

  init() throws {
    indexed = try IndexedTree()
    for i in 0..<5 { try tree.write(FilePath("f\(i)"), "alpha beta \(i)\n") }
  }

  @Test func `another model is refused, and a rebuild that is asked for takes it`() async throws {
    try await indexed.run()
    let other = ScriptedEmbedder(dimensions: 32)
    do {
      _ = try StoredIndex(directory: indexed.directory).snapshot(model: other.identity)
      Issue.record("vectors of another model were taken for its own")
    } catch { #expect(error.code == .differentModel) }
    do {
      try await indexed.run(embedder: other)
      Issue.record("an index of another model was thrown away")
    } catch {
      #expect(error.code == .differentModel && error.remedy == .rebuild)
    }
    #expect(try StoredIndex(directory: indexed.directory).snapshot().segments.map(\.segment.dimensions) == [16])
    var options = IndexingOptions()
    options.rebuilds = true
    let report = try await indexed.run(options, embedder: other)
    #expect(report.filesIndexed == 5)
    let snapshot = try StoredIndex(directory: indexed.directory).snapshot(model: other.identity)
    #expect(snapshot.segments.map(\.segment.dimensions) == [32])
    #expect(try await indexed.run(embedder: other).rebuildReason == nil)
    #expect(try listDirectory(indexed.directory.appending("segments")).count == 1)
  }

  @Test func `another size of chunks means a new index`() async throws {
    try await indexed.run()
    let report = try await indexed.writer(chunkByteCount: 900).run()
    #expect(report.rebuildReason?.contains("chunk-bytes=900") == true)
  }

  @Test func `a rebuild that is asked for happens`() async throws {
    try await indexed.run()
    var options = IndexingOptions()
    options.rebuilds = true
    let report = try await indexed.run(options)
    #expect(report.filesIndexed == 5)
    #expect(report.rebuildReason != nil)
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
    #expect(try indexed.problems() == [])
  }

  @Test(arguments: [false, true])
  func `a damaged catalog is made anew by any run, which says so`(_ rebuilds: Bool) async throws {
    try await indexed.run()
    try IndexCatalog.remove(from: indexed.directory)
    try tree.write(".cairn/catalog.sqlite", String(repeating: "no database", count: 500))
    #expect(try indexed.problems().map(\.code) == [.damaged])
    var options = IndexingOptions()
    options.rebuilds = rebuilds
    let report = try await indexed.run(options)
    #expect(report.repairs.count == 1 && report.repairs[0].message.contains("catalog was damaged"))
    #expect(report.filesIndexed == 5 && report.rebuildReason != nil)
    #expect(try await indexed.run().repairs.isEmpty)
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
    #expect(try indexed.problems() == [])
  }

  @Test func `a missing segment is damage, not an empty answer`() async throws {
    try await indexed.run()
    try tree.remove(".cairn/segments/000001.segment")
    do {
      _ = try StoredIndex(directory: indexed.directory).snapshot()
      Issue.record("it was opened")
    } catch {
      #expect(error.code == .damaged)
      #expect(error.remedy == .index)
    }
    #expect(try indexed.problems().count == 1)
  }

  @Test func `the segment of another index is not taken for its own`() async throws {
    try await indexed.run()
    let other = try IndexedTree()
    try other.tree.write("only", "one\n")
    try await other.run()
    try tree.write(
      ".cairn/segments/000001.segment", try readFile(other.directory.appending("segments/000001.segment")).bytes)
    do {
      _ = try StoredIndex(directory: indexed.directory).snapshot()
      Issue.record("it was opened")
    } catch { #expect(error.code == .damaged) }
  }

  @Test func `there is nothing to open where there is no index`() throws {
    do {
      _ = try StoredIndex(directory: indexed.directory).snapshot()
      Issue.record("it was opened")
    } catch {
      #expect(error.code == .notFound)
      #expect(error.remedy == .index)
    }
    #expect(!fileExists(indexed.directory))
    #expect(throws: Failure.self) { try StoredIndex(directory: indexed.directory).verify().problems }
    #expect(throws: Failure.self) { try StoredIndex(directory: indexed.directory).vacuum() }
  }
}
