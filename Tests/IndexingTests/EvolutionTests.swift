import Corpus
import Disk
import Foundation
import IndexStorage
import Indexing
import Primitives
import Segments
import Synchronization
import TestSupport
import Testing

/// An index that went through many changes answers as a new one does.
@Suite struct EvolutionTests {
  /// Makes one random change to the tree.
  static func edit(_ indexed: IndexedTree, _ random: inout SeededRandom) throws {
    let tree = indexed.tree
    let directory = ["", "src/", "src/deep/", "lib/"].randomElement(using: &random)!
    let path = FilePath(directory + "file\(Int.random(in: 0..<8, using: &random)).txt")
    let place = tree.root.appending(path)
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<5:
      indexed.put(path.description, text(Int.random(in: 1..<2000, using: &random), &random))
    case 5, 6:
      try? tree.remove(path)
    case 7:
      let other = FilePath(directory + "moved\(Int.random(in: 0..<3, using: &random)).txt")
      _ = unsafe rename(place.description, tree.root.appending(other).description)
    case 8:
      // In place, with the size it has.
      if let bytes = try? readFile(place).bytes, !bytes.isEmpty {
        try FileHandle(forWritingTo: URL(fileURLWithPath: place.description)).write(contentsOf: Data(bytes.reversed()))
      }
    default:
      // Touched.
      if let bytes = try? readFile(place).bytes {
        indexed.put(path.description, String(decoding: bytes, as: UTF8.self))
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `after any edits the index holds what a new one would`(seed: UInt64) async throws {
    let indexed = try IndexedTree()
    var random = SeededRandom(seed: seed)
    var options = IndexingOptions()
    // So small that most runs make several segments and commits.
    options.builderByteCount = 4_000
    // Other tests have memory in this process.
    options.memoryByteCount = 8 << 30
    for step in 0..<15 {
      for _ in 0..<Int.random(in: 1...6, using: &random) { try Self.edit(indexed, &random) }
      // The real clock: files are as young as a fast editor makes them.
      let report = try await indexed.run(options, clock: { wallClockNanoseconds() })
      #expect(report.addsUp, "seed \(seed), step \(step)")
      #expect(report.failures == [])
      let chunks = try indexed.chunks()
      #expect(chunks == (try await indexed.freshChunks()), "seed \(seed), step \(step)")
      #expect(report.liveChunkCount == chunks.count)
      #expect(report.liveFileCount == Set(chunks.map(\.path)).count)
      #expect(try indexed.problems() == [])
    }
  }

  @Test func `the same tree gives the same bytes with any number of threads`() async throws {
    let indexed = try IndexedTree()
    var random = SeededRandom(seed: 9)
    for i in 0..<60 {
      indexed.put("d\(i % 7)/f\(i).txt", text(Int.random(in: 1..<4000, using: &random), &random))
    }
    var segments: [[[UInt8]]] = []
    for threads in [1, 2, 16] {
      var options = IndexingOptions()
      options.threadCount = threads
      options.builderByteCount = 80_000
      let directory = indexed.tree.root.appending(".index\(threads)")
      _ = try await indexed.writer(options, directory: directory).run()
      let names = try listDirectory(directory.appending("segments")).map(\.name).sorted()
      segments.append(try names.map { try readFile(directory.appending("segments").appending($0)).bytes })
    }
    #expect(segments[0].count > 1)
    #expect(segments[0] == segments[1])
    #expect(segments[0] == segments[2])
  }

  @Test func `a snapshot answers the same whatever happens after it was taken`() async throws {
    let indexed = try IndexedTree()
    var random = SeededRandom(seed: 21)
    for i in 0..<20 { indexed.put("f\(i).txt", text(500, &random)) }
    try await indexed.run()
    let snapshot = try StoredIndex(directory: indexed.directory).snapshot()
    let before = liveChunks(snapshot)
    for _ in 0..<8 {
      for _ in 0..<10 { try Self.edit(indexed, &random) }
      try await indexed.run()
    }
    // Where nothing is live, nothing is kept to be revived either.
    for path in try indexed.paths() { try indexed.tree.remove(FilePath(path)) }
    try await indexed.run()
    #expect(liveChunks(snapshot) == before)
    #expect(!fileExists(indexed.directory.appending("segments/000001.segment")))
  }

  @Test func `readers meet no error and no half of a generation while a writer works`() async throws {
    let indexed = try IndexedTree()
    for i in 0..<10 { indexed.put("f\(i).txt", "round0 alpha\n") }
    try await indexed.run()
    let isDone = Atomic(false)
    let problems = Mutex<[String]>([])
    let reads = Atomic(0)
    let directory = indexed.directory
    let readers = (0..<3).map { _ in
      Thread {
        while !isDone.load(ordering: .sequentiallyConsistent) {
          do throws(Failure) {
            let snapshot = try StoredIndex(directory: directory).snapshot()
            let chunks = liveChunks(snapshot)
            // Each round rewrites every file with the same content, in one commit.
            if chunks.count != 10 || Set(chunks.map(\.fileHash)).count != 1 {
              problems.withLock { $0.append("\(chunks.count) chunks of \(Set(chunks.map(\.fileHash)).count) rounds") }
            }
            reads.add(1, ordering: .relaxed)
          } catch {
            problems.withLock { $0.append("\(error)") }
          }
        }
      }
    }
    for reader in readers { reader.start() }
    for round in 1...15 {
      for i in 0..<10 { indexed.put("f\(i).txt", "round\(round) alpha\n") }
      try await indexed.run()
    }
    isDone.store(true, ordering: .sequentiallyConsistent)
    for reader in readers { while !reader.isFinished { await Task.yield() } }
    #expect(problems.withLock { $0 } == [])
    #expect(reads.load(ordering: .relaxed) > 3)
  }
}
