import Catalog
import Disk
import Embedding
import IndexStorage
import Indexing
import Primitives
import Segments
import TestSupport
import Testing

/// One open index: its status, its verification, its marks, and how far another is ahead of it.
@Suite struct StoredIndexTests {
  let indexed: IndexedTree
  let index: StoredIndex

  init() throws {
    indexed = try IndexedTree()
    for name in ["a", "b", "c"] { indexed.put("\(name).txt", "alpha beta \(name)\n") }
    index = StoredIndex(directory: indexed.directory)
  }

  @Test func `where there is no index everything says so, and nothing is made`() throws {
    let found: [Failure.Code?] = [
      failure { () throws(Failure) in try index.snapshot() }?.code,
      failure { () throws(Failure) in try index.identity() }?.code,
      failure { () throws(Failure) in try index.status() }?.code,
      failure { () throws(Failure) in try index.verify() }?.code,
      failure { () throws(Failure) in try index.vacuum() }?.code,
      failure { () throws(Failure) in try index.leftOutCounts() }?.code,
    ]
    #expect(found == Array(repeating: .notFound, count: found.count))
    #expect(!index.isFilled() && !index.hasMarkedSegments() && index.otherRoot(than: indexed.root) == nil)
    #expect(!fileExists(indexed.directory))
  }

  @Test func `the status counts what is live, and adds up to the bytes on the disk`() async throws {
    try await indexed.run()
    try indexed.tree.remove("b.txt")
    try await indexed.run()
    let status = try index.status()
    #expect(status.fileCount == 2 && status.isComplete)
    #expect(try status.identity == index.identity())
    #expect(try status.chunkCount == indexed.chunks().count)
    let segments = try index.snapshot().segments
    // What is gone stays in a segment of its own, which no search opens, for the way back.
    #expect(segments.count == 1 && status.segmentCount == 2)
    #expect(status.segmentByteCount > segments.reduce(0) { $0 + $1.segment.byteCount })
    #expect(try index.sourceByteCount() == 2 * "alpha beta a\n".utf8.count)
    #expect(try index.indexedFiles { $0 != "a.txt" } == ["c.txt"])
  }

  @Test func `a model is held against the one that the index was built with, by name, content and dimensions`()
    async throws
  {
    try await indexed.run()
    let own = ScriptedEmbedder(dimensions: 16).identity
    #expect(try index.snapshot(model: own).generation == index.snapshot().generation)
    for other in [
      ScriptedEmbedder(name: "other", dimensions: 16), ScriptedEmbedder(dimensions: 17),
      ScriptedEmbedder(contentHash: ContentHash(high: 1, low: 1), dimensions: 16),
    ] {
      let refused = failure { () throws(Failure) in try index.snapshot(model: other.identity) }
      #expect(refused?.code == .differentModel && refused?.remedy == .rebuild)
      let isOfName = other.identity.name == own.name
      #expect(refused?.message.contains(isOfName ? "another version of the model hashing" : "not with other") == true)
    }
  }

  @Test func `every byte of a segment is verified, and damage is named by its file`() async throws {
    try await indexed.run()
    #expect(try index.verify().problems.isEmpty)
    let segment = try index.snapshot().segments[0].segment.path
    var bytes = try readFile(segment).bytes
    var random = SeededRandom(seed: 3)
    for _ in 0..<40 {
      let offset = Int.random(in: bytes.indices, using: &random)
      bytes[offset] ^= 1
      try indexed.tree.write(try #require(segment.relative(to: indexed.tree.root)), bytes)
      let problems = try StoredIndex(directory: indexed.directory).verify().problems
      #expect(problems.first?.path == segment, "byte \(offset)")
      bytes[offset] ^= 1
    }
  }

  @Test func `a segment that was marked is read by the next run, and the mark goes`() async throws {
    try await indexed.run()
    // What is not the index' own gets no mark.
    index.markDamaged(indexed.root.appending("a.txt"))
    index.markDamaged("/etc/hostname")
    #expect(!index.hasMarkedSegments())
    index.markDamaged(try index.snapshot().segments[0].segment.path)
    #expect(index.hasMarkedSegments())
    #expect(try await indexed.run().repairs.isEmpty)
    #expect(!index.hasMarkedSegments())
  }

  @Test func `a file that is distrusted is read again by the next run`() async throws {
    try await indexed.run()
    #expect(try await indexed.run().filesIndexed == 0)
    try index.distrust("b.txt")
    try index.distrust("none.txt")
    #expect(try await indexed.run().filesIndexed == 1)
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  @Test func `an index is behind another by the files in which they differ, until it has caught up`() async throws {
    let directory = indexed.tree.root.appending("second")
    try makeDirectory(directory)
    let second = StoredIndex(directory: directory)
    func fill(_ directory: FilePath) async throws {
      var options = IndexingOptions()
      options.excludedDirectory = second.path
      _ = try await indexed.writer(options, directory: directory).run()
    }
    try await fill(indexed.directory)
    try await fill(directory)
    #expect(try second.lag(behind: index) == nil)
    indexed.put("a.txt", "gamma delta\n")
    indexed.put("new.txt", "gamma\n")
    try indexed.tree.remove("c.txt")
    try await fill(indexed.directory)
    #expect(try second.lag(behind: index)?.differingCount == 3)
    // A mark stands for having looked, until the leader's next generation.
    second.noteCaughtUp(with: try index.snapshot().generation)
    #expect(try second.lag(behind: index) == nil)
    indexed.put("new.txt", "gamma gamma\n")
    try await fill(indexed.directory)
    #expect(try second.lag(behind: index)?.differingCount == 3)
    try await fill(directory)
    #expect(try second.lag(behind: index) == nil)
  }

  @Test func `an index knows whose tree it is of, as long as that is there`() async throws {
    try await indexed.run()
    #expect(index.otherRoot(than: indexed.root) == nil)
    let other = try TemporaryTree(inMemory: true)
    #expect(index.otherRoot(than: other.root) == indexed.root)
  }

  @Test func `while somebody writes, the vacuum and a distrust are refused`() async throws {
    try await indexed.run()
    let lock = try index.site.open().lockForWriting()
    defer { withExtendedLifetime(lock) {} }
    #expect(failure { () throws(Failure) in try index.vacuum() }?.code == .locked)
    #expect(failure { () throws(Failure) in try index.distrust("a.txt") }?.code == .locked)
    #expect(try index.snapshot().segments.count == 1)
  }
}
