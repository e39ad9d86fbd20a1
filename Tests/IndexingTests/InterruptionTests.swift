import Catalog
import Disk
import Foundation
import IndexStorage
import Indexing
import Primitives
import Segments
import Synchronization
import TestSupport
import Testing

/// Runs that do not come to their end.
@Suite struct InterruptionTests {
  let indexed: IndexedTree
  var tree: TemporaryTree { indexed.tree }
  /// So little memory that a run makes several segments.
  let options: IndexingOptions

  init() throws {
    indexed = try IndexedTree()
    var random = SeededRandom(seed: 77)
    for i in 0..<12 { indexed.put("f\(i)/g.txt", text(1500, &random)) }
    var options = IndexingOptions()
    options.builderByteCount = 3_000
    options.threadCount = 1
    self.options = options
  }

  func code(_ body: () async throws(Failure) -> Void) async -> Failure.Code? {
    do {
      try await body()
      return nil
    } catch { return error.code }
  }

  /// At each file, the index as SIGKILL would leave it there: what is on disk is all that a killed process leaves.
  @Test func `wherever a run is killed, the next open succeeds and the next run completes the index`() async throws {
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
    try await indexed.run(options, embedder: embedder)
    // And on the second run too, where there is something to lose.
    var random = SeededRandom(seed: 78)
    for i in 3..<9 { indexed.put("f\(i)/g.txt", text(1500, &random)) }
    try await indexed.run(options, embedder: embedder)
    let expected = try indexed.chunks()
    #expect(count.load(ordering: .sequentiallyConsistent) == 18)

    var generations: Set<Int64> = []
    for number in 1...18 {
      let copy = copies.root.appending("\(number)")
      let snapshot = try StoredIndex(directory: copy).snapshot()
      generations.insert(snapshot.generation)
      #expect(snapshot.isComplete == (number > 12), "copy \(number)")
      _ = liveChunks(snapshot)
      #expect(try StoredIndex(directory: copy).verify().problems == [])
      let report = try await indexed.writer(options, directory: copy).run()
      #expect(report.addsUp)
      // What was committed is not done again.
      if number == 12 { #expect(report.filesUnchanged > 0) }
      let repaired = try StoredIndex(directory: copy).snapshot()
      #expect(repaired.isComplete)
      #expect(liveChunks(repaired) == expected, "copy \(number)")
      #expect(try StoredIndex(directory: copy).verify().problems == [])
    }
    #expect(generations.count > 4)
  }

  @Test func `a cancelled run keeps what is committed, and the next one goes on from there`() async throws {
    let task = Mutex<Task<Failure.Code?, Never>?>(nil)
    let embedder = ScriptedEmbedder(dimensions: 16) { (path) throws(Failure) in
      if path == "f9/g.txt" {
        while task.withLock({ $0?.cancel() }) == nil { sched_yield() }
      }
    }
    let writer = indexed.writer(options, embedder: embedder)
    let running = Task { await code { () throws(Failure) in _ = try await writer.run() } }
    task.withLock { $0 = running }
    #expect(await running.value == .cancelled)
    let status = try StoredIndex(directory: indexed.directory).status()
    #expect(!status.isComplete)
    #expect(status.fileCount > 0)
    #expect(status.lastRun?.failure?.contains("cancelled") == true)
    #expect(try indexed.problems() == [])
    let report = try await indexed.run(options)
    #expect(report.filesUnchanged == status.fileCount)
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  @Test func `a run that fails keeps what is committed`() async throws {
    let embedder = ScriptedEmbedder(dimensions: 16) { (path) throws(Failure) in
      if path == "f9/g.txt" { throw Failure(.inputOutput, "the model has gone") }
    }
    #expect(await code { () throws(Failure) in try await indexed.run(options, embedder: embedder) } == .inputOutput)
    #expect(try StoredIndex(directory: indexed.directory).status().fileCount > 0)
    try await indexed.run(options)
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  @Test func `a commit that fails beside the run ends it, and the next run completes the index`() async throws {
    var options = options
    options.threadCount = 2
    let segments = indexed.directory.appending("segments").description
    let embedder = ScriptedEmbedder(dimensions: 16) { (path) throws(Failure) in
      if path == "f0/g.txt" { try? FileManager.default.removeItem(atPath: segments) }
    }
    #expect(await code { () throws(Failure) in try await indexed.run(options, embedder: embedder) } == .notFound)
    #expect(try StoredIndex(directory: indexed.directory).status().lastRun?.failure != nil)
    try await indexed.run(options)
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  @Test func `a second writer is told so, and a reader is not`() async throws {
    try await indexed.run(options)
    guard let lock = try FileLock(indexed.directory.appending("writer.lock")) else {
      Issue.record("the finished run still holds the lock")
      return
    }
    #expect(await code { () throws(Failure) in try await indexed.run(options) } == .locked)
    #expect(throws: Failure.self) { try StoredIndex(directory: indexed.directory).vacuum() }
    #expect(try indexed.chunks().count > 0)
    withExtendedLifetime(lock) {}
  }

  @Test func `of two writers at once one may be refused, and the index is whole`() async throws {
    let results = await withTaskGroup(of: Failure.Code?.self) { group in
      for _ in 0..<4 { group.addTask { await code { () throws(Failure) in try await indexed.run(options) } } }
      var results: [Failure.Code?] = []
      for await result in group { results.append(result) }
      return results
    }
    #expect(results.contains(nil))
    #expect(results.allSatisfy { $0 == nil || $0 == .locked }, "\(results)")
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  @Test func `what a killed run left behind is removed, and what is live is not`() async throws {
    try await indexed.run(options)
    let live = try listDirectory(indexed.directory.appending("segments")).map(\.name).sorted()
    try tree.write(".cairn/segments/000999.segment", "never committed")
    try tree.write(".cairn/segments/000998.segment-0123456789abcdef.tmp", "half")
    try tree.write(".cairn/.gitignore-0123456789abcdef.tmp", "half")
    try await indexed.run(options)
    #expect(try listDirectory(indexed.directory.appending("segments")).map(\.name).sorted() == live)
    #expect(!fileExists(indexed.directory.appending(".gitignore-0123456789abcdef.tmp")))
    try tree.write(".cairn/segments/000999.segment", "never committed")
    try StoredIndex(directory: indexed.directory).vacuum()
    #expect(try listDirectory(indexed.directory.appending("segments")).map(\.name).sorted() == live)
    #expect(try indexed.problems() == [])
  }

  /// A file system of one megabyte. Only root can make one; elsewhere the test says that it did not run.
  @Test(.enabled(if: geteuid() == 0))
  func `a full disk ends the run with a clear message and the last generation stays`() async throws {
    let small = tree.root.appending(".small")
    try makeDirectory(small)
    guard Self.run("/bin/mount", ["-t", "tmpfs", "-o", "size=600k", "tmpfs", small.description]) else {
      return  // A container without the right to mount.
    }
    defer { _ = Self.run("/bin/umount", ["-l", small.description]) }
    let directory = small.appending("index")
    let chunks: [LiveChunk]
    do {
      _ = try await indexed.writer(options, directory: directory).run()
      chunks = liveChunks(try StoredIndex(directory: directory).snapshot())
    }
    var random = SeededRandom(seed: 4)
    for i in 0..<250 { indexed.put("h\(i).txt", text(40_000, &random)) }
    var large = options
    large.builderByteCount = 2_000_000
    do {
      _ = try await indexed.writer(large, directory: directory).run()
      Issue.record("it fitted")
    } catch {
      #expect(error.code == .diskFull)
      #expect(error.message.contains("free some room"))
    }
    #expect(liveChunks(try StoredIndex(directory: directory).snapshot()) == chunks)
    #expect(try StoredIndex(directory: directory).verify().problems == [])
    for i in 0..<250 { try tree.remove(FilePath("h\(i).txt")) }
    _ = try await indexed.writer(options, directory: directory).run()
    #expect(liveChunks(try StoredIndex(directory: directory).snapshot()) == chunks)
  }

  static func run(_ program: String, _ arguments: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
