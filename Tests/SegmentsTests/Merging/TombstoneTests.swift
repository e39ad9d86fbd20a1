import Inspection
import Primitives
import Segments
import TestSupport
import Testing

/// Statistics of the live chunks are those of a segment that never held the others.
@Suite struct TombstoneTests {
  private let tree: TemporaryTree
  private static let corpus = SyntheticCorpus(seed: 5, fileCount: 220, chunksPerFile: 0...6, dimensions: 8)
  init() throws { tree = try TemporaryTree(inMemory: true) }

  /// Every string of the vocabulary and its words, as a word and as a definition.
  private func query(_ corpus: SyntheticCorpus) -> LexicalQuery {
    let analyzer = Analyzer()
    var clauses: [LexicalQuery.Clause] = []
    for name in corpus.vocabulary + ["nowhere"] {
      clauses.append(LexicalQuery.Clause(term: analyzer.definition(of: name)))
      clauses += analyzer.words(of: name).map { LexicalQuery.Clause(term: Term($0)) }
    }
    return LexicalQuery(clauses: clauses)
  }

  /// Long lists and few tombstoned files are looked up range by range, short ones and many posting by posting.
  @Test(arguments: [0, 0.03, 0.3, 1])
  func `document frequencies, counts and lengths leave tombstoned chunks out`(share: Double) throws {
    let corpus = Self.corpus
    var random = SeededRandom(seed: UInt64(share * 1000))
    let segment = try corpus.write(corpus.files.indices, to: tree.root.appending("all"))
    var tombstoned = BitSet(capacity: segment.fileCount)
    // Some side by side, so that their chunks are one range.
    var isTombstoned = false
    for file in corpus.files.indices {
      if file % 3 == 0 { isTombstoned = Double.random(in: 0..<1, using: &random) < share }
      if isTombstoned { tombstoned.insert(file) }
    }
    tombstoned.insert(17)
    let live = IndexSnapshot.LiveSegment(segment: segment, tombstones: tombstoned)
    let rest = corpus.files.indices.filter { !tombstoned.contains($0) }
    let twin = try corpus.write(rest, to: tree.root.appending("rest"))
    #expect(live.liveChunkCount == twin.chunkCount)
    #expect(live.liveTotalLength == twin.totalLength)
    #expect(live.live?.count == twin.chunkCount)
    let query = query(corpus)
    let frequencies = live.prepare(query).documentFrequencies
    #expect(frequencies == twin.documentFrequencies(of: query))
    // Lists of more than a block, of less, and of one posting alone.
    let all = segment.documentFrequencies(of: query)
    #expect(all.max()! > 400 && all.contains { (2..<128).contains($0) } && all.contains(1) && all.contains(0))
  }

  @Test func `a segment without tombstoned files is asked as it is`() throws {
    let corpus = Self.corpus
    let segment = try corpus.write(corpus.files.indices, to: tree.root.appending("all"))
    let live = IndexSnapshot.LiveSegment(segment: segment, tombstones: BitSet(capacity: segment.fileCount))
    #expect(live.live == nil && live.liveChunkCount == segment.chunkCount)
    #expect(live.liveTotalLength == segment.totalLength)
    let query = query(corpus)
    #expect(live.prepare(query).documentFrequencies == segment.documentFrequencies(of: query))
  }
}
