import Catalog
import Disk
import Embedding
import IndexStorage
import Indexing
import Primitives
import Segments
import TestSupport
import Testing

/// An embedder of documents, asked for one file at a time: the slow twin.
private struct PerFile: Embedder {
  let inner: ScriptedEmbedder
  var identity: ModelIdentity { inner.identity }
  func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float] {
    try inner.embed(source, pieces: pieces, path: path)
  }
  func embed(query: String) throws(Failure) -> [Float] { try inner.embed(query: query) }
}

@Suite struct BatchEmbeddingTests {
  let indexed: IndexedTree

  init() throws {
    indexed = try IndexedTree()
    var random = SeededRandom(seed: 5)
    for i in 0..<40 { indexed.put("f\(i % 7)/g\(i).txt", text(100 + i * 37, &random)) }
    indexed.put("empty.txt", "")
  }

  /// The bytes of every segment of an index made with `embedder`.
  func segments(_ embedder: any Embedder, threads: Int, memory: Int = 256 << 20) async throws -> [[UInt8]] {
    let elsewhere = try TemporaryTree(inMemory: true)
    let directory = elsewhere.root.appending("index")
    var options = IndexingOptions()
    options.threadCount = threads
    options.memoryByteCount = memory
    let report = try await indexed.writer(options, embedder: embedder, directory: directory).run()
    #expect(report.addsUp)
    #expect(report.filesIndexed == 40)
    return try StoredIndex(directory: directory).snapshot().segments.map { try readFile($0.segment.path).bytes }
  }

  @Test(arguments: [1, 3], [1, 7, 50, 100_000])
  func `gathering texts over files gives the same index as file by file`(threads: Int, gathered: Int) async throws {
    let expected = try await segments(PerFile(inner: ScriptedEmbedder(dimensions: 16, gathering: 1)), threads: 1)
    let embedder = ScriptedEmbedder(dimensions: 16, gathering: gathered)
    #expect(try await segments(embedder, threads: threads) == expected)
    let calls = embedder.textCounts
    // Every call but the last is as large as was asked for.
    #expect(calls.dropLast().allSatisfy { $0 >= gathered })
    if gathered == 100_000 { #expect(calls.count == 1) }
  }

  @Test func `texts are gathered only as far as memory allows`() async throws {
    let embedder = ScriptedEmbedder(dimensions: 16, gathering: 100_000)
    _ = try await segments(embedder, threads: 2, memory: 60_000)
    #expect(embedder.textCounts.count > 3)
  }

  @Test func `a run that is cancelled ends between the calls for one large file`() throws {
    struct Cancelling: BatchEmbedder {
      let inner = ScriptedEmbedder(dimensions: 16, gathering: 3)
      let cancellation = Cancellation()
      var identity: ModelIdentity { inner.identity }
      let gatheredTextCount = 3
      func embed(documents: [DocumentText]) throws(Failure) -> [Float] {
        cancellation.cancel()
        return try inner.embed(documents: documents)
      }
      func embed(query: String) throws(Failure) -> [Float] { try inner.embed(query: query) }
    }
    let large = try IndexedTree()
    var random = SeededRandom(seed: 6)
    large.put("large.txt", text(20_000, &random))
    let embedder = Cancelling()
    let stopped = failure { () throws(Failure) in
      try large.writer(embedder: embedder).perform(embedder.cancellation)
    }
    #expect(stopped?.code == .cancelled)
    #expect(embedder.inner.textCounts.count == 1 && (3..<6).contains(embedder.inner.textCounts[0]))
  }

  @Test func `an embedder that fails ends the run and leaves what was committed`() async throws {
    struct Broken: BatchEmbedder {
      let inner = ScriptedEmbedder(dimensions: 16)
      var identity: ModelIdentity { inner.identity }
      let gatheredTextCount = 8
      func embed(documents: [DocumentText]) throws(Failure) -> [Float] {
        throw Failure(.inputOutput, "the endpoint does not answer")
      }
      func embed(query: String) throws(Failure) -> [Float] { try inner.embed(query: query) }
    }
    do {
      try await indexed.run(embedder: Broken())
      Issue.record("the failure was swallowed")
    } catch { #expect(error.code == .inputOutput) }
    try await indexed.run()
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }
}
