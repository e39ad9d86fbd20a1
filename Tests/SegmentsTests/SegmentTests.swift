import Corpus
import Disk
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
    #expect(segment.totalLength == corpus.chunks.reduce(0) { $0 + roundedLength($1.terms.length) })
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
        #expect(segment.vector(ofChunk: number) == chunk.vector.components.map { Float($0) * chunk.vector.scale })
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

@Suite struct MergeTests {
  @Test(arguments: 1...6)
  func `merging gives the bytes that a builder would write for the same files`(seed: UInt64) throws {
    let tree = try TemporaryTree()
    let corpus = SyntheticCorpus(seed: seed, fileCount: 220, chunksPerFile: 0...4, dimensions: seed % 2 == 0 ? 40 : 64)
    var random = SeededRandom(seed: seed)
    // Each file goes to one of the sources, and some of them are retired.
    let sourceCount = Int.random(in: 1...4, using: &random)
    let divides = Bool.random(using: &random)
    let owner = corpus.files.indices.map { i in
      divides ? i * sourceCount / corpus.files.count : Int.random(in: 0..<sourceCount, using: &random)
    }
    let isRetired = corpus.files.indices.map { _ in seed > 1 && Int.random(in: 0..<4, using: &random) == 0 }
    var sources: [Segment] = []
    var retired: [BitSet] = []
    var members: [[Int]] = []
    for s in 0..<sourceCount {
      members.append(corpus.files.indices.filter { owner[$0] == s })
      sources.append(try corpus.write(members[s], to: tree.root.appending("source\(s).segment")))
      var set = BitSet(capacity: members[s].count)
      for (number, i) in members[s].enumerated() where isRetired[i] { set.insert(number) }
      retired.append(set)
    }
    let merged = tree.root.appending("merged.segment")
    let result = try mergeSegments(sources, retired: retired, to: merged)
    let live = corpus.files.indices.filter { !isRetired[$0] }
    _ = try corpus.write(live, to: tree.root.appending("whole.segment"))
    let mergedBytes = try readFile(merged).bytes
    #expect(mergedBytes == (try readFile(tree.root.appending("whole.segment")).bytes))
    #expect(result.byteCount == mergedBytes.count)
    for s in 0..<sourceCount {
      #expect(result.numbers[s] == members[s].map { live.firstIndex(of: $0) })
    }
  }
}

/// A length as a segment keeps it: its 5 highest bits.
func roundedLength(_ length: Int) -> Int {
  let lost = max(0, Int.bitWidth - length.leadingZeroBitCount - 5)
  return (length >> lost) << lost
}
