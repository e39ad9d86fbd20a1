import Chunking
import Foundation
import Inspection
import Primitives
import Segments
import TestSupport
import Testing

/// A segment of chunks that have nothing but terms.
func lexicalSegment(
  _ chunks: [(terms: [(term: Term, frequency: UInt8)], length: Int)], in tree: TemporaryTree, dimensions: Int = 0
) throws -> Segment {
  var builder = SegmentBuilder(dimensions: dimensions)
  _ = builder.add(
    PreparedFile(
      path: "file", language: .plainText, contentHash: ContentHash(high: 1, low: 2),
      chunks: chunks.indices.map { i in
        PreparedChunk(
          chunk: .init(bytes: i * 10..<i * 10 + 10, lines: i + 1...i + 1),
          contentHash: ContentHash(high: 0, low: UInt64(i)),
          vector: QuantisedVector([]))
      }, terms: FileTerms(chunks)))
  let path = tree.root.appending("lexical.segment")
  _ = try builder.write(to: path)
  return try Segment(opening: path)
}

@Suite struct DictionaryTests {
  @Test(arguments: 1...4)
  func `the dictionary answers as a Swift dictionary does`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let alphabet: [UInt8] = seed == 1 ? [0, 1, 255] : Array("abc_".utf8)
    var frequencies: [Term: Int] = [:]
    let chunks = (0..<200).map { _ in
      var terms = Set<Term>()
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        let count =
          Int.random(in: 0..<20, using: &random) == 0
          ? Int.random(in: 0...255, using: &random) : Int.random(in: 1...9, using: &random)
        terms.insert(
          Term(
            field: Bool.random(using: &random) ? .word : .definition,
            bytes: (0..<count).map { _ in alphabet.randomElement(using: &random)! }))
      }
      for term in terms { frequencies[term, default: 0] += 1 }
      return (
        terms: terms.sorted().map { (term: $0, frequency: UInt8.random(in: 1...255, using: &random)) },
        length: terms.count
      )
    }
    let segment = try lexicalSegment(chunks, in: try TemporaryTree())
    try segment.verify()
    let known = frequencies.keys.sorted()
    let unknown = (0..<500).map { _ in
      Term(
        field: .word,
        bytes: (0..<Int.random(in: 0...10, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
    }
    for term in known + unknown {
      let query = LexicalQuery(clauses: [.init(term: term)])
      #expect(segment.documentFrequencies(of: query) == [frequencies[term] ?? 0])
    }
    for term in (known + unknown).shuffled(using: &random).prefix(200) {
      let prefix = Array(term.bytes.prefix(3))
      let expected = known.filter { $0.field == term.field && $0.bytes.starts(with: prefix) }
      for limit in [0, 1, 7, 10_000] {
        let found = segment.terms(withPrefix: prefix, field: term.field, limit: limit)
        #expect(found.map(\.term) == Array(expected.prefix(limit)))
        #expect(found.allSatisfy { frequencies[$0.term] == $0.documentFrequency })
      }
    }
  }
}

@Suite struct ScoringTests {
  @Test func `scores are those of the BM25 formula`() throws {
    var random = SeededRandom(seed: 11)
    let words = (0..<30).map { Term("word\($0)") }
    // Frequencies and lengths that are kept exactly.
    let exact: [UInt8] = [1, 2, 5, 14]
    let chunks = (0..<700).map { _ in
      let terms = words.enumerated().filter { rank, _ in Int.random(in: 0...rank, using: &random) == 0 }.map(\.element)
      return (
        terms: terms.map { ($0, exact.randomElement(using: &random)!) },
        length: Int.random(in: 1...31, using: &random)
      )
    }
    let segment = try lexicalSegment(chunks.map { (terms: $0.terms, length: $0.length) }, in: try TemporaryTree())
    let average = Double(chunks.reduce(0) { $0 + $1.length }) / 700
    for _ in 0..<50 {
      let clauses = words.shuffled(using: &random).prefix(Int.random(in: 1...8, using: &random)).map {
        LexicalQuery.Clause(term: $0, weight: Float.random(in: 0.1...4, using: &random))
      }
      let query = LexicalQuery(clauses: clauses)
      let frequencies = segment.documentFrequencies(of: query)
      let statistics = CollectionStatistics(
        chunkCount: 700, totalLength: segment.totalLength, documentFrequencies: frequencies)
      let scores = segment.termScores(query, statistics: statistics, of: Array(0..<700))
      for (chunk, score) in zip(chunks, scores) {
        var expected = 0.0
        for (clause, n) in zip(clauses, frequencies) {
          guard let tf = chunk.terms.first(where: { $0.0 == clause.term })?.1 else { continue }
          let idf = log(1 + (700 - Double(n) + 0.5) / (Double(n) + 0.5))
          let norm = 1.2 * (1 - 0.75 + 0.75 * Double(chunk.length) / average)
          expected += Double(clause.weight) * idf * Double(tf) * 2.2 / (Double(tf) + norm)
        }
        #expect(abs(Double(score) - expected) < 1e-4 * max(1, expected))
      }
    }
  }

  /// Lists of every length and density, several full blocks and tails, gaps that need exceptions.
  @Test(arguments: 1...3)
  func `long lists are searched as they are summed, whatever the filter`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let chunkCount = 9000
    let densities: [Double] = [1, 0.9, 0.5, 0.2, 0.05, 0.02, 0.01, 0.001, 0.0003]
    var terms = [[(term: Term, frequency: UInt8)]](repeating: [], count: chunkCount)
    for (i, density) in densities.enumerated() {
      for copy in 0..<2 {
        // One evenly spread, one in bursts.
        var isInside = true
        for chunk in 0..<chunkCount {
          if copy == 1, Int.random(in: 0..<60, using: &random) == 0 { isInside.toggle() }
          if (copy == 0 || isInside) && Double.random(in: 0..<1, using: &random) < density {
            let frequency: UInt8 =
              Int.random(in: 0..<30, using: &random) == 0
              ? .random(in: 1...255, using: &random) : .random(in: 1...3, using: &random)
            terms[chunk].append((Term("term\(i)\(copy)"), frequency))
          }
        }
      }
    }
    let segment = try lexicalSegment(
      terms.map { (terms: $0, length: Int.random(in: 1...3000, using: &random)) }, in: try TemporaryTree())
    try segment.verify()
    let all = Array(0..<chunkCount)
    for _ in 0..<60 {
      let clauses = (0..<Int.random(in: 1...9, using: &random)).map { _ in
        LexicalQuery.Clause(
          term: Term("term\(Int.random(in: 0...9, using: &random))\(Int.random(in: 0...1, using: &random))"),
          weight: [0.25, 1, 1, 3, 0, -1, .nan, .infinity].randomElement(using: &random)!)
      }
      let query = LexicalQuery(clauses: clauses)
      let statistics = CollectionStatistics(
        chunkCount: chunkCount * 3, totalLength: segment.totalLength * 3,
        documentFrequencies: segment.documentFrequencies(of: query).map { $0 * 2 })
      let scores = segment.termScores(query, statistics: statistics, of: all)
      var eligible: BitSet?
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        eligible = BitSet(capacity: chunkCount)
        for _ in 0..<40 { eligible!.insert(Int.random(in: 0..<chunkCount, using: &random)) }
      case 1:
        eligible = BitSet(capacity: chunkCount, filled: true)
        for chunk in 1000..<8000 { eligible!.remove(chunk) }
      default: break
      }
      let expected = zip(all, scores).filter { $1 > 0 && eligible?.contains($0) != false }
        .map { ScoredChunk(chunk: $0, score: $1) }.sorted { $0.precedes($1) }
      for limit in [0, 1, 10, 200, chunkCount] {
        let best = segment.bestByTerms(query, statistics: statistics, eligible: eligible, limit: limit)
        #expect(best == Array(expected.prefix(limit)))
      }
      let (prepared, bm25) = (segment.prepare(query), BM25(query, statistics: statistics))
      let counted = clauses.indices.filter {
        clauses[$0].weight > 0 && clauses[$0].weight.isFinite && statistics.documentFrequencies[$0] > 0
      }
      let needed = counted.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
      let matches = segment.termMatches(prepared, bm25, groups: clauses.indices.map { UInt8($0) }, of: all)
      let wholes = zip(all, matches).filter {
        needed != 0 && $1.groups & needed == needed && eligible?.contains($0) != false
      }
      #expect(
        segment.chunksHoldingAll(prepared, bm25, eligible: eligible)
          == wholes.map { ScoredChunk(chunk: $0, score: $1.score) })
      let some = all.filter { _ in Int.random(in: 0..<50, using: &random) == 0 }
      #expect(segment.termScores(query, statistics: statistics, of: some) == some.map { scores[$0] })
    }
  }

  @Test func `an empty segment and an empty question have no answer`() throws {
    let tree = try TemporaryTree()
    let segment = try lexicalSegment([], in: tree)
    try segment.verify()
    let query = LexicalQuery(clauses: [.init(term: Term("word"))])
    let statistics = CollectionStatistics(chunkCount: 0, totalLength: 0, documentFrequencies: [0])
    #expect(segment.bestByTerms(query, statistics: statistics, eligible: nil, limit: 10).isEmpty)
    #expect(segment.bestByTerms(LexicalQuery(clauses: []), statistics: statistics, eligible: nil, limit: 10).isEmpty)
    #expect(segment.bestByVector([], eligible: nil, limit: 10).isEmpty)
    #expect(segment.terms(withPrefix: [], limit: 5).isEmpty)
  }
}
