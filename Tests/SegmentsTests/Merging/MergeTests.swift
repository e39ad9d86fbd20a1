import Disk
import Primitives
import Segments
import TestSupport
import Testing

@Suite struct MergeTests {
  @Test(arguments: 1...6)
  func `merging gives the bytes that a builder would write for the same files`(seed: UInt64) throws {
    let tree = try TemporaryTree()
    let corpus = SyntheticCorpus(seed: seed, fileCount: 220, chunksPerFile: 0...4, dimensions: seed % 2 == 0 ? 40 : 64)
    var random = SeededRandom(seed: seed)
    // Each file goes to one of the sources, and some of them are tombstoned.
    let sourceCount = Int.random(in: 1...4, using: &random)
    let divides = Bool.random(using: &random)
    let owner = corpus.files.indices.map { i in
      divides ? i * sourceCount / corpus.files.count : Int.random(in: 0..<sourceCount, using: &random)
    }
    let isTombstoned = corpus.files.indices.map { _ in seed > 1 && Int.random(in: 0..<4, using: &random) == 0 }
    var sources: [Segment] = []
    var tombstoned: [BitSet] = []
    var members: [[Int]] = []
    for s in 0..<sourceCount {
      members.append(corpus.files.indices.filter { owner[$0] == s })
      sources.append(try corpus.write(members[s], to: tree.root.appending("source\(s).segment")))
      var set = BitSet(capacity: members[s].count)
      for (number, i) in members[s].enumerated() where isTombstoned[i] { set.insert(number) }
      tombstoned.append(set)
    }
    let merged = tree.root.appending("merged.segment")
    let result = try mergeSegments(sources, tombstoned: tombstoned, to: merged)
    let live = corpus.files.indices.filter { !isTombstoned[$0] }
    _ = try corpus.write(live, to: tree.root.appending("whole.segment"))
    let mergedBytes = try readFile(merged).bytes
    #expect(mergedBytes == (try readFile(tree.root.appending("whole.segment")).bytes))
    #expect(result.byteCount == mergedBytes.count)
    for s in 0..<sourceCount {
      let numbers = members[s].indices.map { result.newNumber(ofFile: $0, in: s) }
      #expect(numbers == members[s].map { live.firstIndex(of: $0) })
    }
  }
}

@Suite struct MergePlannerTests {
  private let planner = MergePlanner()

  private func segment(_ id: Int64, megabytes: Int, chunks: Int = 1000, live: Int? = nil) -> MergePlanner.Candidate {
    .init(id: id, byteCount: megabytes << 20, chunkCount: chunks, liveChunkCount: live ?? chunks)
  }

  private func dead(_ id: Int64, megabytes: Int) -> MergePlanner.Candidate {
    .init(id: id, byteCount: megabytes << 20, chunkCount: 1000, liveChunkCount: 0, isDead: true)
  }

  @Test func `plans are those of the table`() {
    let small = (1...8).map { segment($0, megabytes: 1) }
    let table: [(name: String, segments: [MergePlanner.Candidate], plan: [[Int64]])] = [
      ("nothing", [], []),
      ("too few of a tier", Array(small.prefix(7)), []),
      ("a full tier", small, [[1, 2, 3, 4, 5, 6, 7, 8]]),
      ("any order", small.reversed(), [[1, 2, 3, 4, 5, 6, 7, 8]]),
      ("more than a full tier", (1...11).map { segment($0, megabytes: 1) }, [[1, 2, 3, 4, 5, 6, 7, 8]]),
      ("two full tiers", small + (11...18).map { segment($0, megabytes: 5) }, [Array(1...8), Array(11...18)]),
      ("tiers apart", Array(small.prefix(4)) + (11...14).map { segment($0, megabytes: 5) }, []),
      ("few tombstoned", [segment(1, megabytes: 9, live: 700)], []),
      ("many tombstoned", [segment(1, megabytes: 9, live: 699)], [[1]]),
      ("all tombstoned", [segment(1, megabytes: 9, live: 0)], [[1]]),
      ("all tombstoned beside a full tier", small + [segment(9, megabytes: 1, live: 0)], [Array(1...8), [9]]),
      ("many tombstoned in a full tier", Array(small.prefix(7)) + [segment(8, megabytes: 1, live: 10)], [Array(1...8)]),
      ("large ones are left alone", (1...9).map { segment($0, megabytes: 1100) }, []),
      ("a large one with many tombstoned", [segment(1, megabytes: 2000, live: 600)], [[1]]),
      ("no more than the largest", (1...8).map { segment($0, megabytes: 600) }, [[1, 2, 3]]),
      ("an empty one", [segment(1, megabytes: 0, chunks: 0)], []),
      ("dead beside much that lives", [segment(1, megabytes: 64), dead(2, megabytes: 4), dead(3, megabytes: 4)], []),
      ("the oldest of too much", [segment(1, megabytes: 64), dead(2, megabytes: 30), dead(3, megabytes: 4)], [[2]]),
      ("a small dead one", [segment(1, megabytes: 1), dead(2, megabytes: 1)], []),
      ("dead ones alone", [dead(1, megabytes: 1), dead(2, megabytes: 1)], [[1], [2]]),
      ("more than are kept", [segment(1, megabytes: 900)] + (2...11).map { dead($0, megabytes: 1) }, [[2], [3]]),
    ]
    for row in table { #expect(planner.plan(row.segments) == row.plan, "\(row.name)") }
  }

  @Test func `of a segment with many tombstones they stay, as far as they are few beside what lives`() {
    let others = [segment(1, megabytes: 64), dead(2, megabytes: 4)]
    for (candidate, isKept): (MergePlanner.Candidate, Bool) in [
      (segment(3, megabytes: 64, live: 700), false), (segment(3, megabytes: 64, live: 600), true),
      (segment(3, megabytes: 64, live: 500), true), (segment(3, megabytes: 90, live: 200), false),
      (dead(3, megabytes: 1), false), (segment(3, megabytes: 0, chunks: 0), false),
    ] {
      #expect(planner.keepsTombstoned(of: candidate, among: others + [candidate]) == isKept, "\(candidate)")
    }
    // However small the index is.
    let small = segment(1, megabytes: 1, live: 100)
    #expect(planner.keepsTombstoned(of: small, among: [small]))
    #expect(!planner.keepsTombstoned(of: segment(1, megabytes: 1, live: 0), among: [segment(1, megabytes: 1, live: 0)]))
  }

  @Test func `the early segments of a first run become one, as far as they are small together`() {
    let segments = [1, 7, 8, 48, 64].enumerated().map { segment(Int64($0 + 1), megabytes: $1) }
    #expect(planner.planOfFirstRun(segments.reversed()) == [[1, 2, 3]])
    #expect(planner.planOfFirstRun(Array(segments.prefix(4))) == [[1, 2, 3]])
    #expect(planner.planOfFirstRun(Array(segments.prefix(3))).isEmpty, "more than a third of all")
    #expect(planner.planOfFirstRun([segment(1, megabytes: 1), segment(2, megabytes: 90)]).isEmpty)
    #expect(planner.planOfFirstRun([]).isEmpty)
  }

  @Test func `a dead segment goes without a merge, however large it is`() {
    let segments = [segment(1, megabytes: 64), dead(2, megabytes: 40)]
    #expect(planner.plan(segments, onlySmall: true) == [[2]])
  }

  @Test func `flushes and merges in turn leave few segments and rewrite each byte a few times`() {
    var segments: [MergePlanner.Candidate] = []
    var rewritten = 0
    var next: Int64 = 1
    for _ in 0..<600 {
      segments.append(segment(next, megabytes: 1))
      next += 1
      while let group = planner.plan(segments).first {
        let members = segments.filter { group.contains($0.id) }
        segments.removeAll { group.contains($0.id) }
        let size = members.reduce(0) { $0 + $1.byteCount }
        rewritten += size
        segments.append(.init(id: next, byteCount: size, chunkCount: 1000, liveChunkCount: 1000))
        next += 1
        #expect(members.count > 1)
      }
    }
    #expect(segments.count <= 4 * 8)
    #expect(rewritten <= 4 * 600 << 20)
  }
}
