import Disk
import Primitives
import Segments
import TestSupport
import Testing

/// What the n-grams of segments rule out, beside a search in the texts.
@Suite struct GramTests {
  private let tree: TemporaryTree
  init() throws { tree = try TemporaryTree(inMemory: true) }

  @Test(arguments: 1...12)
  func `no file that holds what is asked for is ruled out`(seed: UInt64) throws {
    let corpus = GramCorpus(seed: seed, fileCount: [1, 7, 64, 90][Int(seed) % 4], byteCount: 0...600)
    let segment = try corpus.write(corpus.texts.indices, to: tree.root.appending("all.segment"))
    try segment.verify()
    var random = SeededRandom(seed: seed)
    var ruledOut = 0
    for _ in 0..<300 {
      let query = corpus.query(&random)
      let files = try #require(segment.candidateFiles(for: query))
      for (number, text) in corpus.texts.enumerated() {
        if GramCorpus.holds(query, text) { #expect(files.contains(number), "file \(number), \(query)") }
      }
      ruledOut += corpus.texts.count - files.count
    }
    #expect(ruledOut > 300 * corpus.texts.count / 20)
  }

  /// Both ways in which a builder turns grams into lists, and lists of every density.
  @Test(arguments: [(60, 200), (1500, 300)])
  func `the files of one gram are exactly those that have it`(fileCount: Int, byteCount: Int) throws {
    let corpus = GramCorpus(seed: 77, fileCount: fileCount, byteCount: 0...byteCount)
    let segment = try corpus.write(corpus.texts.indices, to: tree.root.appending("all.segment"))
    var unbounded: [Int] = []
    var files: [[UInt8]: [Int]] = [:]
    for (number, text) in corpus.texts.enumerated() {
      if GramCorpus.isUnbounded(text) { unbounded.append(number) }
      let lowered = GramCorpus.lowered(text)
      for start in lowered.indices.dropLast(2) {
        let gram = Array(lowered[start..<start + 3])
        if files[gram, default: []].last != number { files[gram, default: []].append(number) }
      }
    }
    var counts = Set<Int>()
    for (gram, expected) in files where gram.allSatisfy({ $0 == 9 || (0x20..<0x7F).contains($0) }) {
      counts.insert(expected.count)
      let found = segment.candidateFiles(for: .literal(gram))?.members
      #expect(found == Set(unbounded + expected).sorted(), "\(gram)")
    }
    #expect(counts.count > 8)
  }

  @Test func `what says nothing rules out nothing, and nothing is nowhere`() throws {
    let corpus = GramCorpus(seed: 3, fileCount: 50, byteCount: 50...300)
    let segment = try corpus.write(corpus.texts.indices, to: tree.root.appending("all.segment"))
    for query: GramQuery in [
      .everything, .literal([]), .literal(Array("ab".utf8)), .literal(Array("a\nb\nc".utf8)),
      .literal(Array("äöü".utf8)), .and([]), .or([.nothing, .everything]), .or([.literal([1, 2, 3]), .nothing]),
    ] {
      #expect(segment.candidateFiles(for: query)?.count == 50, "\(query)")
    }
    for query: GramQuery in [.nothing, .or([]), .and([.everything, .nothing]), .or([.and([.nothing])])] {
      #expect(segment.candidateFiles(for: query)?.count == 0, "\(query)")
    }
    let unbounded = corpus.texts.indices.filter { GramCorpus.isUnbounded(corpus.texts[$0]) }
    #expect(segment.candidateFiles(for: .literal(Array("nowhere at all".utf8)))?.members == unbounded)
    #expect(segment.fileCountWithoutGrams == unbounded.count)
  }

  @Test(arguments: 1...8)
  func `merging gives the bytes that a builder would write`(seed: UInt64) throws {
    let corpus = GramCorpus(seed: seed, fileCount: 160, byteCount: 0...500)
    var random = SeededRandom(seed: seed)
    let sourceCount = Int.random(in: 1...5, using: &random)
    // Some sources have no grams at all, where the seed wants that.
    let withGrams = (0..<sourceCount).map { $0 == 0 || seed % 3 > 0 || Bool.random(using: &random) }
    let owner = corpus.texts.indices.map { i in
      seed % 2 == 0 ? i * sourceCount / corpus.texts.count : Int.random(in: 0..<sourceCount, using: &random)
    }
    let isTombstoned = corpus.texts.indices.map { _ in seed > 1 && Int.random(in: 0..<4, using: &random) == 0 }
    var sources: [Segment] = []
    var tombstones: [BitSet] = []
    for s in 0..<sourceCount {
      let members = corpus.texts.indices.filter { owner[$0] == s }
      sources.append(
        try corpus.write(members, to: tree.root.appending("s\(s).segment")) { _ in withGrams[s] })
      var set = BitSet(capacity: members.count)
      for (number, i) in members.enumerated() where isTombstoned[i] { set.insert(number) }
      tombstones.append(set)
    }
    let path = tree.root.appending("merged.segment")
    _ = try mergeSegments(sources, tombstoned: tombstones, to: path)
    let live = corpus.texts.indices.filter { !isTombstoned[$0] }
    let whole = tree.root.appending("whole.segment")
    _ = try corpus.write(live, to: whole) { withGrams[owner[$0]] }
    #expect(try readFile(path).bytes == (try readFile(whole).bytes))

    let merged = try Segment(opening: path)
    try merged.verify()
    for _ in 0..<100 {
      let query = corpus.query(&random)
      let files = try #require(merged.candidateFiles(for: query))
      for (number, i) in live.enumerated() where GramCorpus.holds(query, corpus.texts[i]) {
        #expect(files.contains(number), "\(query)")
      }
    }
  }

  @Test func `tombstoned files are no candidates, and segments answer one by one`() throws {
    let corpus = GramCorpus(seed: 9, fileCount: 80, byteCount: 100...300)
    let first = try corpus.write(0..<50, to: tree.root.appending("a.segment"))
    let second = try corpus.write(50..<80, to: tree.root.appending("b.segment")) { _ in false }
    let tombstones = BitSet(words: [0b1011], capacity: 50)
    let snapshot = IndexSnapshot(
      generation: 1, isComplete: true,
      segments: [
        .init(segment: first, tombstones: tombstones), .init(segment: second, tombstones: BitSet(capacity: 30)),
      ])
    let all = snapshot.candidateFiles(for: .everything)
    #expect(all[0] == tombstones.complement && all[1] == nil)
    #expect(snapshot.segments[0].liveFiles == tombstones.complement)
    #expect(snapshot.segments[1].liveFiles.count == 30)
    #expect(first.gramAbsence == nil && second.gramAbsence == .notStored)
    #expect(second.fileCountWithoutGrams == 30)
    #expect(first.byteCounts.grams > 0 && second.byteCounts.grams == 0)
  }

  @Test func `grams count for the memory of a builder`() {
    let corpus = GramCorpus(seed: 4, fileCount: 40, byteCount: 500...900)
    var with = SegmentBuilder(dimensions: GramCorpus.dimensions)
    var without = SegmentBuilder(dimensions: GramCorpus.dimensions)
    for number in corpus.texts.indices {
      _ = with.add(corpus.file(number))
      _ = without.add(corpus.file(number, withGrams: false))
    }
    #expect(with.memoryByteCount > without.memoryByteCount + 40 * 100)
  }
}
