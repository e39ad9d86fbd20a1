import Catalog
import Corpus
import Disk
import IndexStorage
import Indexing
import Primitives
import Segments
import Synchronization
import TestSupport
import Testing

/// What an index has had is not made again.
@Suite struct ReuseTests {
  let indexed: IndexedTree
  private let asked = Asked()

  /// The files that the embedder was shown.
  private final class Asked: Sendable {
    private let paths = Mutex<[String]>([])
    func add(_ path: FilePath) { paths.withLock { $0.append(path.description) } }
    func take() -> [String] {
      paths.withLock { paths in
        defer { paths = [] }
        return paths.sorted()
      }
    }
  }

  init() throws {
    indexed = try IndexedTree()
    for number in 0..<20 { put(number, "first") }
  }

  private func put(_ number: Int, _ version: String) { indexed.put("f\(number).txt", text(number, version)) }
  private func text(_ number: Int, _ version: String) -> String {
    (0..<30).map { "alpha\(number) \(version) beta line \($0)\n" }.joined()
  }

  private func run(_ options: IndexingOptions = IndexingOptions()) async throws -> IndexRunReport {
    let report = try await indexed.run(
      options, embedder: ScriptedEmbedder(dimensions: 16, beforeFile: { [asked] in asked.add($0) }))
    #expect(report.addsUp && report.failures.isEmpty, "\(report.failures)")
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
    #expect(try indexed.problems() == [])
    return report
  }

  @Test func `a change that is taken back is neither embedded nor analysed again`() async throws {
    #expect(try await run().reused == ReusedWork())
    put(3, "second")
    #expect(try await run().reused == ReusedWork())
    _ = asked.take()
    put(3, "first")
    let report = try await run()
    #expect(report.filesIndexed == 1 && report.reused.revivedFiles == 1 && report.segmentsAdded == 0)
    #expect(report.reused.chunks == report.chunksAdded && report.chunksAdded > 1)
    #expect(asked.take() == [])
  }

  @Test func `two states of a tree that take turns are each made once`() async throws {
    _ = try await run()
    for round in 0..<4 {
      for number in 4..<8 { put(number, "second") }
      let there = try await run()
      #expect(there.reused.revivedFiles == (round == 0 ? 0 : 4), "round \(round)")
      for number in 4..<8 { put(number, "first") }
      let back = try await run()
      #expect(back.reused.revivedFiles == 4 && back.segmentsAdded == 0, "round \(round)")
    }
    // What holds nothing that is live is in no search.
    let catalog = try IndexCatalog(directory: indexed.directory, mode: .reading)
    #expect(try catalog.snapshot().segments.count == 2)
    #expect(try indexed.snapshot().segments.count == 1)
  }

  @Test func `two states that differ in most files are each made once, though segments are rewritten`() async throws {
    _ = try await run()
    for round in 0..<3 {
      for number in 4..<16 { put(number, "second") }
      let there = try await run()
      #expect(there.reused.revivedFiles == (round == 0 ? 0 : 12), "round \(round)")
      #expect(there.mergeCount == (round == 0 ? 1 : 0), "round \(round)")
      for number in 4..<16 { put(number, "first") }
      let back = try await run()
      #expect(back.reused.revivedFiles == 12 && back.segmentsAdded == 0, "round \(round)")
    }
    _ = asked.take()
    // Each live file lies in one segment, and what is not live is in no search.
    #expect(try indexed.snapshot().segments.reduce(0) { $0 + $1.liveChunkCount } == (try indexed.chunks().count))
  }

  @Test func `what is kept of files that became secrets goes`() async throws {
    _ = try await run()
    for number in 4..<16 { put(number, "second") }
    _ = try await run()
    // What was tombstoned is a segment of its own now.
    let name = FilePath("f5.txt")
    let key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDf3Kz7Rw9uYx1Q"
    try indexed.tree.write(name, "-----BEGIN " + "PRIVATE KEY-----\n\(key)\n")
    _ = try await indexed.run(IndexingOptions(), embedder: ScriptedEmbedder(dimensions: 16))
    let catalog = try IndexCatalog(directory: indexed.directory, mode: .reading)
    for record in try catalog.snapshot().segments {
      let segment = try Segment(opening: indexed.directory.appending("segments").appending(record.fileName))
      #expect(segment.fileNumber(at: name) == nil, "\(record.id)")
    }
  }

  @Test func `a file that was deleted comes back as it was`() async throws {
    _ = try await run()
    try indexed.tree.remove("f5.txt")
    #expect(try await run().filesRemoved == 1)
    put(5, "first")
    #expect(try await run().reused.revivedFiles == 1)
  }

  @Test func `a file under another name is not cut again, and its name counts`() async throws {
    _ = try await run()
    _ = asked.take()
    try indexed.tree.remove("f6.txt")
    indexed.put("lib/gamma.txt", text(6, "first"))
    // And a copy of one that is there.
    indexed.put("lib/delta.txt", text(7, "first"))
    let report = try await run()
    #expect(report.reused.copiedFiles == 2 && report.reused.revivedFiles == 0 && report.filesIndexed == 2)
    #expect(report.reused.chunks == report.chunksAdded)
    #expect(asked.take() == ["lib/delta.txt", "lib/gamma.txt"])
  }

  @Test func `the same content in another language is made in full`() async throws {
    _ = try await run()
    indexed.put("f8.py", text(8, "first"))
    #expect(try await run().reused == ReusedWork())
  }

  @Test func `a rebuild takes nothing from what it replaces`() async throws {
    _ = try await run()
    put(3, "second")
    _ = try await run()
    put(3, "first")
    var options = IndexingOptions()
    options.rebuilds = true
    let report = try await run(options)
    #expect(report.reused == ReusedWork() && report.filesIndexed == 20)
  }

  @Test func `what is embedded in batches is put to the right files beside those that are back`() async throws {
    func run() async throws -> IndexRunReport {
      try await indexed.run(embedder: ScriptedEmbedder(name: "batch", dimensions: 16, gathering: 7))
    }
    _ = try await run()
    for number in 4..<8 { put(number, "second") }
    _ = try await run()
    put(5, "first")
    put(6, "third")
    put(7, "first")
    indexed.put("lib/gamma.txt", text(9, "first"))
    let report = try await run()
    #expect(report.reused.revivedFiles == 2 && report.reused.copiedFiles == 1)
    let fresh = try IndexedTree(of: indexed.root)
    _ = try await fresh.run(embedder: ScriptedEmbedder(name: "batch", dimensions: 16, gathering: 7))
    #expect(try indexed.chunks() == fresh.chunks())
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `trees that go back and forth hold what a new index would`(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    var options = IndexingOptions()
    options.builderByteCount = 4_000
    for step in 0..<12 {
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let (number, version) = (Int.random(in: 0..<20, using: &random), Int.random(in: 0..<3, using: &random))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: try? indexed.tree.remove(FilePath("f\(number).txt"))
        case 1: indexed.put("other/f\(number).txt", text(number, ["first", "second", "third"][version]))
        default: put(number, ["first", "second", "third"][version])
        }
      }
      let report = try await run(options)
      #expect(report.liveFileCount == Set(try indexed.chunks().map(\.path)).count, "seed \(seed), step \(step)")
    }
  }

  // MARK: Other work trees

  private func adopting(_ other: IndexedTree) -> IndexingOptions {
    var options = IndexingOptions()
    options.siblings = [IndexingOptions.Sibling(site: IndexSite(other.directory), root: other.root)]
    return options
  }

  @Test func `an index of another model, or one that is not complete, is not taken over`() async throws {
    let other = try IndexedTree()
    for number in 0..<20 { other.put("f\(number).txt", text(number, "first")) }
    _ = try await other.run(embedder: ScriptedEmbedder(name: "another", dimensions: 16))
    #expect(try await run(adopting(other)).adoptedFrom == nil)
    let unfinished = try IndexedTree()
    for number in 0..<20 { unfinished.put("f\(number).txt", text(number, "first")) }
    var options = IndexingOptions()
    options.builderByteCount = 2_000
    options.threadCount = 1
    _ = try? await unfinished.run(
      options,
      embedder: ScriptedEmbedder(dimensions: 16) { (path) throws(Failure) in
        if path == "f9.txt" { throw Failure(.inputOutput, "stopped") }
      })
    #expect(try StoredIndex(directory: unfinished.directory).snapshot().isComplete == false)
    let mine = try IndexedTree()
    for number in 0..<20 { mine.put("f\(number).txt", text(number, "first")) }
    #expect(try await mine.run(adopting(unfinished)).adoptedFrom == nil)
    #expect(try mine.chunks() == (try await mine.freshChunks()))
  }

  @Test func `without git a sibling's files are read, and what it had before is there too`() async throws {
    let other = try IndexedTree()
    for number in 0..<20 { other.put("f\(number).txt", text(number, number == 3 ? "second" : "first")) }
    _ = try await other.run()
    other.put("f3.txt", text(3, "third"))
    other.put("f4.txt", text(4, "third"))
    _ = try await other.run()
    // This tree is where the other was before, but for one file.
    put(3, "second")
    let report = try await run(adopting(other))
    #expect(report.adoptedFrom == other.directory && report.reused.unreadFiles == 0)
    #expect(report.filesUnchanged == 18 && report.reused.revivedFiles == 2 && report.segmentsAdded == 0)
  }
}
