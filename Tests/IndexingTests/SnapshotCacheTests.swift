import Disk
import Embedding
import IndexStorage
import Indexing
import Primitives
import Segments
import TestSupport
import Testing

/// One object that is asked again and again while the index changes under it.
@Suite struct SnapshotCacheTests {
  let indexed: IndexedTree
  var tree: TemporaryTree { indexed.tree }

  init() throws {
    indexed = try IndexedTree()
    for i in 0..<5 { try tree.write(FilePath("f\(i)"), "alpha beta \(i)\n") }
  }

  private func segments(_ snapshot: IndexSnapshot) -> [ObjectIdentifier] {
    snapshot.segments.map { ObjectIdentifier($0.segment) }
  }

  @Test func `while nothing is committed the same segments answer, and a commit is seen at once`() async throws {
    let kept = StoredIndex(directory: indexed.directory)
    #expect(throws: Failure.self) { try kept.snapshot() }
    try await indexed.run()
    let first = try kept.snapshot()
    let second = try kept.snapshot()
    #expect(segments(first) == segments(second) && !first.segments.isEmpty)
    try tree.write("f9", "gamma delta\n")
    try await indexed.run()
    let third = try kept.snapshot()
    let fresh = try StoredIndex(directory: indexed.directory).snapshot()
    #expect(third.generation == fresh.generation && third.generation > first.generation)
    #expect(third.segments.map(\.segment.path) == fresh.segments.map(\.segment.path))
    // What was there before is not opened again.
    let old = Set(segments(second))
    for live in third.segments where second.segments.contains(where: { $0.segment.path == live.segment.path }) {
      #expect(old.contains(ObjectIdentifier(live.segment)))
    }
    // The one that was taken before still answers.
    #expect(first.segments[0].segment.fileCount == 5)
  }

  @Test func `files that a merge takes away while they are read are read again as they are then`() async throws {
    try await indexed.run()
    let kept = StoredIndex(directory: indexed.directory)
    let missing = Failure(.notFound, "there is no such file or directory", path: "segments/000001.segment")
    var generations: [Int64] = []
    let found = try kept.readingLive { (snapshot) throws(Failure) -> Int64 in
      generations.append(snapshot.generation)
      if generations.count > 1 { return snapshot.generation }
      // What a merge does: another generation, without a file that this one has.
      try kept.distrust("f0")
      throw missing
    }
    #expect(generations.count == 2 && generations[1] > generations[0] && found == generations[1])

    // One that nobody took away is damage, and the end.
    var count = 0
    let damage = failure { () throws(Failure) in
      try kept.readingLive { (_) throws(Failure) in
        count += 1
        throw missing
      }
    }
    #expect(damage?.code == .damaged && damage?.remedy == .index && count == 1)
    #expect(damage?.path == missing.path)
  }

  @Test func `an index that is gone is missed, and one in its place is opened`() async throws {
    let kept = StoredIndex(directory: indexed.directory)
    try await indexed.run()
    let first = try kept.snapshot()
    removeTree(indexed.directory)
    do {
      _ = try kept.snapshot()
      Issue.record("an index that was removed answered")
    } catch { #expect(error.code == .notFound) }
    try tree.write("f9", "gamma delta\n")
    try await indexed.run()
    let second = try kept.snapshot()
    #expect(second.segments.reduce(0) { $0 + $1.segment.fileCount } == 6)
    #expect(Set(segments(first)).isDisjoint(with: segments(second)))
    #expect(throws: Failure.self) { try kept.snapshot(model: ScriptedEmbedder(dimensions: 8).identity) }
    #expect(try kept.snapshot().generation == second.generation)
  }
}
