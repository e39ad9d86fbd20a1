import Chunking
import Disk
import Foundation
import Primitives
import Segments
import TestSupport
import Testing

/// What is read for the first time is checked before, and damage is told: an answer is right or thrown away.
@Suite struct DamageTests {
  /// Some pieces of 64 KiB in every larger section.
  private static let corpus = SyntheticCorpus(seed: 31, fileCount: 800, chunksPerFile: 6...10, dimensions: 256)

  private static func segment(in tree: TemporaryTree) throws -> FilePath {
    let path = tree.root.appending("large.segment")
    _ = try corpus.write(corpus.files.indices, to: path)
    return path
  }

  /// A query of each kind, whose result is text.
  private struct Question: Sendable {
    let name: String
    let ask: @Sendable (Segment) -> String
    init(_ name: String, _ ask: @escaping @Sendable (Segment) -> String) {
      self.name = name
      self.ask = ask
    }
  }

  private static func byTerms(_ segment: Segment, _ clauses: [LexicalQuery.Clause], kinds: SymbolKindFilter? = nil)
    -> String
  {
    let query = LexicalQuery(clauses: clauses)
    let statistics = CollectionStatistics(
      chunkCount: segment.chunkCount, totalLength: segment.totalLength,
      documentFrequencies: segment.documentFrequencies(of: query))
    let bm25 = BM25(query, statistics: statistics)
    let prepared = segment.prepare(query)
    let found = segment.bestByTerms(prepared, bm25, eligible: nil, kinds: kinds, limit: 20)
      .sorted { ($0.score, $1.chunk) > ($1.score, $0.chunk) }
    let matches = segment.termMatches(
      prepared, bm25, groups: clauses.indices.map { UInt8($0) }, of: found.map(\.chunk).sorted())
    return "\(found) \(matches)"
  }

  private static let questions: [Question] = {
    let corpus = DamageTests.corpus
    var random = SeededRandom(seed: 9)
    let vector = SyntheticCorpus.unitVector(corpus.dimensions, &random)
    let functions = SymbolKindFilter(wanted: [.function], excluded: [])
    return [
      Question("words") {
        byTerms($0, [.init(term: Term("parse")), .init(term: Term("tree")), .init(term: Term("x"))])
      },
      Question("rare words") { byTerms($0, [.init(term: Term("node_hash")), .init(term: Term("nothing"))]) },
      Question("definitions") {
        byTerms($0, [.init(term: Term("token", field: .definition)), .init(term: Term("buffer"))])
      },
      Question("kinds") { byTerms($0, [.init(term: Term("hash"))], kinds: functions) },
      Question("beginnings") { "\($0.terms(withPrefix: Array("re".utf8), limit: 30))" },
      Question("vectors, every one") { "\($0.bestByVector(vector, eligible: nil, limit: 20, isExhaustive: true))" },
      Question("vectors, by signs") { "\($0.bestByVector(vector, eligible: nil, limit: 5, isExhaustive: false))" },
      Question("vectors of a kind") {
        "\($0.bestByVector(vector, eligible: nil, kinds: functions, limit: 5, isExhaustive: true))"
      },
      Question("a vector") { "\($0.vector(ofChunk: $0.chunkCount / 2)) \($0.vectorScores(vector, of: [3, 999]))" },
      Question("paths") { segment in
        var all = 0
        segment.forEachPath { number, path in all = all &* 31 &+ path.count &+ number }
        return
          "\(all) \(segment.path(ofFile: 77)) \(String(describing: segment.fileNumber(at: segment.path(ofFile: 9))))"
      },
      Question("files") { "\($0.file($0.fileCount - 1)) \($0.language(ofFile: 5)) \($0.chunks(ofFile: 8))" },
      Question("a chunk") { "\($0.chunk(1234)) \($0.fileNumber(ofChunk: 700))" },
      Question("chunks") { segment in
        var list = ChunkList()
        segment.read([0, 5, 17, 400, 401, 1500, segment.chunkCount - 1], into: &list)
        return "\((0..<list.entries.count).map { list.chunk($0) })"
      },
      Question("sizes") { "\($0.byteCounts)" },
      Question("tombstoned files") {
        let live = IndexSnapshot.LiveSegment(
          segment: $0, tombstones: BitSet(words: [0b1101], capacity: $0.fileCount))
        return "\(live.live?.count ?? 0)"
      },
    ]
  }()

  @Test func `the sections have several pieces`() throws {
    let tree = try TemporaryTree()
    let file = try SectionFile(Self.segment(in: tree), magic: Array("CAIRNSEG".utf8), versions: 3...3)
    let large = file.sections.filter { $0.range.count > 2 * SectionWriter.pieceByteCount }
    #expect(large.count >= 3, "\(file.sections)")
    let growth = Double(8 * (file.byteCount / SectionWriter.pieceByteCount)) / Double(file.byteCount)
    #expect(growth < 0.000123)
  }

  /// A byte that a reader accesses without having asked for its check ends the process here.
  @Test func `no byte is read before it was checked`() throws {
    let tree = try TemporaryTree()
    let path = try Self.segment(in: tree)
    let expected = try Segment(opening: path)
    // Each by itself, so that no other has checked what it reads.
    for question in Self.questions {
      let map = WatchedMap()
      let segment = try Segment(map.open(path)) { map.allow($0) }
      #expect(question.ask(segment) == question.ask(expected), "\(question.name)")
      #expect(segment.damage == nil)
    }
    let map = WatchedMap()
    let segment = try Segment(map.open(path)) { map.allow($0) }
    let merged = tree.root.appending("merged.segment")
    var tombstoned = BitSet(capacity: segment.fileCount)
    tombstoned.insert(3)
    _ = try mergeSegments([segment], tombstoned: [tombstoned], to: merged)
    try Segment(opening: merged).verify()
  }

  @Test func `a changed byte gives the same answers or is told`() throws {
    #if DEBUG
    let flipCount = 1_000
    #else
    let flipCount = 4_000
    #endif
    let tree = try TemporaryTree()
    let path = try Self.segment(in: tree)
    let sound = try Segment(opening: path)
    let expected = Self.questions.map { $0.ask(sound) }
    let bytes = try readFile(path).bytes
    let handle = try #require(FileHandle(forUpdatingAtPath: path.description))
    var random = SeededRandom(seed: 10)
    var toldCount = 0
    var sameCount = 0
    for _ in 0..<flipCount {
      let place = Int.random(in: bytes.indices, using: &random)
      func put(_ byte: UInt8) throws {
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: [byte])
      }
      try put(bytes[place] ^ 1 << UInt8.random(in: 0..<8, using: &random))
      defer { try? put(bytes[place]) }
      let number = Int.random(in: Self.questions.indices, using: &random)
      let segment: Segment
      do {
        segment = try Segment(opening: path)
      } catch {
        #expect([.damaged, .wrongFormat, .unsupportedVersion].contains(error.code))
        toldCount += 1
        continue
      }
      let answer = Self.questions[number].ask(segment)
      if let damage = segment.damage {
        #expect(damage.code == .damaged && damage.path == path)
        toldCount += 1
      } else {
        #expect(answer == expected[number], "byte \(place), \(Self.questions[number].name)")
        sameCount += 1
      }
      // And who reads everything finds it in any case.
      #expect(throws: Failure.self) { try segment.verify() }
    }
    #expect(toldCount > flipCount / 20 && sameCount > flipCount / 20, "\(toldCount) told, \(sameCount) the same")
  }

  @Test func `a segment that is read whole is checked whole`() throws {
    let tree = try TemporaryTree()
    let path = try Self.segment(in: tree)
    var bytes = try readFile(path).bytes
    bytes[bytes.count / 2] ^= 4
    try Data(bytes).write(to: URL(fileURLWithPath: path.description))
    let failure = #expect(throws: Failure.self) { try Segment(opening: path, readsWholeUpTo: .max) }
    #expect(failure?.code == .damaged)
    #expect(throws: Never.self) { try Segment(opening: path) }
  }

  @Test func `nothing damaged is merged`() throws {
    let tree = try TemporaryTree()
    let path = try Self.segment(in: tree)
    var bytes = try readFile(path).bytes
    bytes[bytes.count / 3 * 2] ^= 4
    try Data(bytes).write(to: URL(fileURLWithPath: path.description))
    let segment = try Segment(opening: path)
    let merged = tree.root.appending("merged.segment")
    let failure = #expect(throws: Failure.self) {
      try mergeSegments([segment], tombstoned: [BitSet(capacity: segment.fileCount)], to: merged)
    }
    #expect(failure?.code == .damaged)
    #expect(segment.damage?.code == .damaged)
    #expect(!fileExists(merged))
  }

  @Test func `a segment that is cut while it is mapped gives an answer that is thrown away`() async throws {
    let tree = try TemporaryTree()
    let path = try Self.segment(in: tree)
    let byteCount = try FileStatus(of: path).byteCount
    for rest in [0, 4096, byteCount / 2] {
      _ = try Self.segment(in: tree)
      let segment = try Segment(opening: path)
      let handle = try #require(FileHandle(forUpdatingAtPath: path.description))
      // Cut in place, while several threads read.
      await withTaskGroup(of: Void.self) { group in
        for question in Self.questions { group.addTask { _ = question.ask(segment) } }
        group.addTask { try? handle.truncate(atOffset: UInt64(rest)) }
      }
      for question in Self.questions { _ = question.ask(segment) }
      #expect(segment.damage?.code == .damaged)
      #expect(throws: Failure.self) { try segment.verify() }
    }
  }
}
