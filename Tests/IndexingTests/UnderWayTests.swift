import Chunking
import Corpus
import Disk
import Foundation
import IndexStorage
import Indexing
import Primitives
import Synchronization
import TestSupport
import Testing

/// The files in flight in an index as a killed process leaves it: a copy of its directory, made while a file is at a
/// known stage.
@Suite struct UnderWayTests {
  let indexed: IndexedTree
  let copies: TemporaryTree
  var options: IndexingOptions {
    var options = IndexingOptions()
    // The other tests of this process take memory too, which is not to be told of here.
    options.memoryByteCount = 8 << 30
    options.threadCount = 1
    return options
  }

  init() throws {
    indexed = try IndexedTree()
    copies = try TemporaryTree(inMemory: true)
    for name in ["a", "b", "c", "d"] { indexed.put("\(name).txt", "alpha \(name)\nbeta\n") }
  }

  /// Runs over the index in `directory` and copies it to `name` when `path` is embedded for the first time.
  func run(in directory: FilePath, dyingAt path: FilePath, as name: String) async throws {
    let copied = Atomic(false)
    let target = copies.root.appending(name)
    let embedder = ScriptedEmbedder(dimensions: 16) { (file) throws(Failure) in
      guard file == path, !copied.exchange(true, ordering: .relaxed) else { return }
      let result = Result {
        try FileManager.default.copyItem(atPath: directory.description, toPath: target.description)
      }
      guard case .success = result else { throw Failure(.inputOutput, "\(result)") }
    }
    _ = try await indexed.writer(options, embedder: embedder, directory: directory).run()
    let hasCopied = copied.load(ordering: .relaxed)
    #expect(hasCopied)
  }

  func report(in directory: FilePath, _ options: IndexingOptions? = nil) async throws -> IndexRunReport {
    try await indexed.writer(options ?? self.options, directory: directory).run()
  }

  func hasJournal(_ directory: FilePath) -> Bool { fileExists(directory.appending("underway")) }

  @Test func `a run that comes to its end leaves nothing`() async throws {
    #expect(try await report(in: indexed.directory).failures.isEmpty)
    #expect(!hasJournal(indexed.directory))
  }

  @Test func `a file under way in one run that ended is tried alone and then as any other`() async throws {
    try await run(in: indexed.directory, dyingAt: "b.txt", as: "killed")
    let killed = copies.root.appending("killed")
    #expect(hasJournal(killed))
    let next = try await report(in: killed)
    #expect(next.failures.isEmpty && next.filesIndexed == 4)
    #expect(!hasJournal(killed))
    #expect(liveChunks(try StoredIndex(directory: killed).snapshot()) == (try await indexed.freshChunks()))
  }

  @Test func `a file that ends a second run while it is alone is left out until it changes`() async throws {
    try await run(in: indexed.directory, dyingAt: "b.txt", as: "first")
    try await run(in: copies.root.appending("first"), dyingAt: "b.txt", as: "second")
    let second = copies.root.appending("second")
    let report = try await report(in: second)
    #expect(report.failures.map(\.code) == [.endedRun] && report.failures.map(\.path) == ["b.txt"])
    #expect(report.filesIndexed == 3 && report.addsUp)
    #expect(hasJournal(second))
    // The next one says it again.
    #expect(try await self.report(in: second).failures.map(\.code) == [.endedRun])
    indexed.put("b.txt", "gamma\n")
    let changed = try await self.report(in: second)
    #expect(changed.failures.isEmpty && changed.filesIndexed == 1)
  }

  @Test func `a rebuild forgets`() async throws {
    try await run(in: indexed.directory, dyingAt: "b.txt", as: "first")
    try await run(in: copies.root.appending("first"), dyingAt: "b.txt", as: "second")
    var rebuilding = options
    rebuilding.rebuilds = true
    let second = copies.root.appending("second")
    let report = try await report(in: second, rebuilding)
    #expect(report.failures.isEmpty && report.filesIndexed == 4)
    #expect(!hasJournal(second))
  }

  /// The places are those of the byte table in `UnderWay`.
  @Test func `a thread that met a fault is believed at once`() async throws {
    try await run(in: indexed.directory, dyingAt: "c.txt", as: "faulted")
    let faulted = copies.root.appending("faulted")
    let journal = faulted.appending("underway")
    var bytes = try readFileBytes(journal)
    bytes[33 * 64 + 36] = 11
    try Data(bytes).write(to: URL(fileURLWithPath: journal.description))
    let report = try await report(in: faulted)
    #expect(report.failures.map(\.path) == ["c.txt"])
  }

  @Test func `another program tries again what one passed over`() async throws {
    try await run(in: indexed.directory, dyingAt: "b.txt", as: "first")
    try await run(in: copies.root.appending("first"), dyingAt: "b.txt", as: "second")
    let second = copies.root.appending("second")
    _ = try await report(in: second)
    let journal = second.appending("underway")
    var bytes = try readFileBytes(journal)
    bytes[64 + 32] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: journal.description))
    let report = try await report(in: second)
    #expect(report.failures.isEmpty && report.liveFileCount == 4)
    #expect(!hasJournal(second))
  }

  @Test func `no bytes in its place stop a run`() async throws {
    _ = try await report(in: indexed.directory)
    for seed in 0..<40 {
      var random = SeededRandom(seed: UInt64(seed))
      var bytes = Array("CAIRNUW1".utf8)
      for _ in 0..<Int.random(in: 0..<20_000, using: &random) { bytes.append(UInt8.random(in: 0...3, using: &random)) }
      try Data(bytes).write(to: URL(fileURLWithPath: indexed.directory.appending("underway").description))
      indexed.put("new.txt", "alpha \(seed)\n")
      #expect(try await report(in: indexed.directory).filesIndexed == 1, "seed \(seed)")
    }
  }
}
