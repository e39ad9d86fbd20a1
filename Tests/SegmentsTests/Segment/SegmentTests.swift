import Inspection
import Primitives
import Segments
import TestSupport
import Testing

@Suite struct SegmentTests {
  @Test func `a segment gives back what the builder was given`() throws {
    let tree = try TemporaryTree()
    let corpus = SyntheticCorpus(seed: 1, fileCount: 60)
    let segment = try corpus.write(corpus.files.indices, to: tree.root.appending("a.segment"))
    try segment.verify()
    #expect(segment.fileCount == corpus.files.count)
    #expect(segment.chunkCount == corpus.chunks.count)
    #expect(segment.totalLength == corpus.files.flatMap(\.terms.lengths).reduce(0) { $0 + roundedLength($1) })
    var number = 0
    for (i, file) in corpus.files.enumerated() {
      let stored = segment.file(i)
      #expect(stored.path == file.path)
      #expect(stored.language == file.language)
      #expect(stored.contentHash == file.contentHash)
      #expect(stored.chunks == number..<(number + file.chunks.count))
      #expect(segment.fileNumber(at: file.path) == i)
      for chunk in file.chunks {
        let stored = segment.chunk(number)
        #expect(stored.file == i)
        #expect(stored.chunk == chunk.chunk)
        #expect(stored.contentHash == ChunkHash(chunk.contentHash))
        #expect(segment.vector(ofChunk: number) == chunk.vector.unitVector)
        number += 1
      }
    }
    #expect(segment.fileNumber(at: "no such") == nil)
    #expect(segment.fileNumber(at: "") == nil)
  }

  @Test func `the best chunks by terms are those of adding everything up`() throws {
    let tree = try TemporaryTree()
    let corpus = SyntheticCorpus(seed: 2, fileCount: 900)
    let segment = try corpus.write(corpus.files.indices, to: tree.root.appending("a.segment"))
    var random = SeededRandom(seed: 3)
    for _ in 0..<120 {
      let query = corpus.query(&random, count: Int.random(in: 1...6, using: &random))
      let statistics = CollectionStatistics(
        chunkCount: segment.chunkCount, totalLength: segment.totalLength,
        documentFrequencies: segment.documentFrequencies(of: query))
      var eligible: BitSet?
      if Bool.random(using: &random) {
        var set = BitSet(capacity: segment.chunkCount)
        for i in 0..<segment.chunkCount where Int.random(in: 0..<3, using: &random) > 0 { set.insert(i) }
        eligible = set
      }
      let all = Array(0..<segment.chunkCount)
      let scores = segment.termScores(query, statistics: statistics, of: all)
      let expected = zip(all, scores).filter { $1 > 0 && eligible?.contains($0) != false }
        .map { ScoredChunk(chunk: $0, score: $1) }.sorted { $0.precedes($1) }
      for limit in [1, 5, 50, 5000] {
        let best = segment.bestByTerms(query, statistics: statistics, eligible: eligible, limit: limit)
        #expect(best == Array(expected.prefix(limit)))
      }
    }
  }
}

/// A length as a segment keeps it: its 5 highest bits.
func roundedLength(_ length: Int) -> Int {
  let lost = max(0, Int.bitWidth - length.leadingZeroBitCount - 5)
  return (length >> lost) << lost
}
