import Chunking
import Inspection
import Primitives
import Segments
import TestSupport
import Testing

@Suite struct VectorTests {
  private func segment(_ vectors: [[Float]], dimensions: Int, in tree: TemporaryTree) throws -> Segment {
    var builder = SegmentBuilder(dimensions: dimensions)
    _ = builder.add(
      PreparedFile(
        path: "file", language: .plainText, contentHash: ContentHash(high: 1, low: 2),
        chunks: vectors.enumerated().map { i, vector in
          PreparedChunk(
            chunk: .init(bytes: i..<i + 1, lines: i + 1...i + 1), contentHash: ContentHash(high: 0, low: UInt64(i)),
            vector: QuantisedVector(vector[...]))
        }, terms: FileTerms(vectors.map { _ in (terms: [], length: 0) })))
    let path = tree.root.appending("vectors.segment")
    _ = try builder.write(to: path)
    return try Segment(opening: path)
  }

  @Test(arguments: [1, 7, 32, 40, 256, 300])
  func `the best by vector are those of every dot product`(dimensions: Int) throws {
    var random = SeededRandom(seed: UInt64(dimensions))
    var vectors = (0..<700).map { _ in SyntheticCorpus.unitVector(dimensions, &random) }
    vectors[5] = [Float](repeating: 0, count: dimensions)
    vectors[600] = vectors[20]
    vectors[601] = vectors[20]
    let segment = try segment(vectors, dimensions: dimensions, in: try TemporaryTree())
    try segment.verify()
    for round in 0..<20 {
      let query = round == 0 ? vectors[20] : SyntheticCorpus.unitVector(dimensions, &random)
      let scores = segment.vectorScores(query, of: Array(0..<700))
      for chunk in 0..<700 {
        let kept = zip(query, segment.vector(ofChunk: chunk)).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(Double(scores[chunk]) - kept) < 1e-4)
      }
      var eligible: BitSet?
      if round % 2 == 1 {
        eligible = BitSet(capacity: 700)
        for chunk in 0..<700 where chunk < 200 || chunk > 590 && Bool.random(using: &random) { eligible!.insert(chunk) }
      }
      let expected = (0..<700).filter { eligible?.contains($0) != false }
        .map { ScoredChunk(chunk: $0, score: scores[$0]) }.sorted { $0.precedes($1) }
      for limit in [0, 1, 10, 1000] {
        #expect(segment.bestByVector(query, eligible: eligible, limit: limit) == Array(expected.prefix(limit)))
      }
    }
  }

  @Test(arguments: ["at random", "ascending", "few", "alike"])
  func `the best of many rows are those of every dot product, whatever order they come in`(order: String) throws {
    var random = SeededRandom(seed: 33)
    let dimensions = 256
    let query = SyntheticCorpus.unitVector(dimensions, &random)
    let count = 17_000
    let vectors = (0..<count).map { i -> [Float] in
      let other = SyntheticCorpus.unitVector(dimensions, &random)
      switch order {
      case "ascending": return zip(query, other).map { $0 * Float(i) / Float(count) + $1 }
      case "few": return i % 50 == 0 ? query : i % 3 == 0 ? [Float](repeating: 0, count: dimensions) : other
      // So near to each other that a count of scores does not tell them apart.
      case "alike": return zip(query, other).map { $0 + $1 / 64 }
      default: return other
      }
    }
    let segment = try segment(vectors, dimensions: dimensions, in: try TemporaryTree())
    let scores = segment.vectorScores(query, of: Array(0..<count))
    let expected = (0..<count).map { ScoredChunk(chunk: $0, score: scores[$0]) }.sorted { $0.precedes($1) }
    for limit in [1, 7, 100, 900] {
      let best = segment.bestByVector(query, eligible: nil, limit: limit, isExhaustive: true)
      // Compared outside of the expectation, which would print hundreds of numbers.
      let isSame = best == Array(expected.prefix(limit))
      #expect(isSame)
    }
  }

  @Test func `a threshold is the largest rank it was raised to, above half of all numbers too`() {
    let threshold = SharedThreshold()
    let ranks: [UInt32] = [0, 7, 3, 1 << 31, 9, 1 << 31 | 5, .max, 6]
    var largest: UInt32 = 0
    for rank in ranks {
      threshold.raise(to: rank)
      largest = max(largest, rank)
      #expect(threshold.value == largest)
    }
  }

  @Test(arguments: [1, 7, 64, 256, 384])
  func `a component is rounded to the nearest of sixteen levels`(dimensions: Int) {
    var random = SeededRandom(seed: UInt64(dimensions))
    for _ in 0..<50 {
      let vector = SyntheticCorpus.unitVector(dimensions, &random)
      let step = 0.335 / Float(dimensions).squareRoot()
      for (a, b) in zip(vector, QuantisedVector(vector[...]).components) {
        let exact = max(-8, min(7, a / step))
        #expect(abs(exact - Float(b)) <= 0.501)
      }
    }
  }

  @Test func `rounding a vector turns it by less than seven degrees`() throws {
    var random = SeededRandom(seed: 12)
    let vectors = (0..<200).map { _ in SyntheticCorpus.unitVector(256, &random) }
    let segment = try segment(vectors, dimensions: 256, in: try TemporaryTree())
    for (i, vector) in vectors.enumerated() {
      let kept = segment.vector(ofChunk: i)
      #expect(zip(vector, kept).reduce(0) { $0 + $1.0 * $1.1 } > 0.9925)
      #expect(abs(kept.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }
  }

  @Test func `vectors that are none are zeros, not traps`() throws {
    let strange: [[Float]] = [
      [.nan, .infinity, -.infinity, 1], [.leastNonzeroMagnitude, 0, 0, 0],
      [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1, 0],
      [0, 0, 0, 0], [.nan, .nan, .nan, .nan],
    ]
    let segment = try segment(strange, dimensions: 4, in: try TemporaryTree())
    for query in strange + [[], [1], [1, 2, 3, 4, 5, 6]] {
      let best = segment.bestByVector(query, eligible: nil, limit: 10)
      #expect(best.allSatisfy { $0.score.isFinite })
      #expect(segment.vectorScores(query, of: [0, 4, 5, -1]).count == 4)
    }
  }

  @Test func `candidates by their signs find what looking at every vector finds`() throws {
    // Sixty thousand vectors around two hundred centres.
    var random = SeededRandom(seed: 8)
    let dimensions = 64
    let centres = (0..<200).map { _ in SyntheticCorpus.unitVector(dimensions, &random) }
    let vectors = (0..<60_000).map { i -> [Float] in
      let centre = centres[i % 200]
      return (0..<dimensions).map { centre[$0] + Float(Int64(bitPattern: random.next()) >> 40) / Float(1 << 26) }
    }
    let segment = try segment(vectors, dimensions: dimensions, in: try TemporaryTree())
    var found = 0
    for i in 0..<20 {
      let exact = segment.bestByVector(centres[i * 7], eligible: nil, limit: 10, isExhaustive: true)
      let fast = segment.bestByVector(centres[i * 7], eligible: nil, limit: 10, isExhaustive: false)
      #expect(fast == fast.sorted { $0.precedes($1) })
      #expect(fast.map(\.score) == segment.vectorScores(centres[i * 7], of: fast.map(\.chunk)))
      found += exact.filter { fast.contains($0) }.count
    }
    #expect(found >= 190)
  }

  @Test(arguments: [(3_000, 75), (80_000, 2_000), (80_000, 3)])
  func `several segments answer as one, whatever piece comes first`(count: Int, distinctCount: Int) throws {
    var random = SeededRandom(seed: 10)
    let dimensions = 32
    // Many of them equal, so that the order of equal ones matters.
    let some = (0..<distinctCount).map { _ in SyntheticCorpus.unitVector(dimensions, &random) }
    let vectors = (0..<count).map { _ in some[Int.random(in: 0..<some.count, using: &random)] }
    let trees = try (0..<4).map { _ in try TemporaryTree() }
    let whole = try segment(vectors, dimensions: dimensions, in: trees[3])
    let cuts = [0, count / 3, count - 700, count]
    let parts = try (0..<3).map {
      (
        segment: try segment(Array(vectors[cuts[$0]..<cuts[$0 + 1]]), dimensions: dimensions, in: trees[$0]),
        eligible: BitSet?.none
      )
    }
    for _ in 0..<5 {
      let query = SyntheticCorpus.unitVector(dimensions, &random)
      let expected = whole.bestByVector(query, eligible: nil, limit: 100)
      for order in 0..<3 {
        let search = VectorSearch(query, in: parts, kinds: nil, limit: 100)
        var pieces = search.pieces
        if order == 1 { pieces.reverse() }
        if order == 2 { pieces.shuffle(using: &random) }
        for piece in pieces { search.scan(piece) }
        let found = search.best().map {
          ScoredChunk(chunk: cuts[$0.segment] + $0.chunk, score: $0.score)
        }
        #expect(Array(found.sorted { $0.precedes($1) }.prefix(100)) == expected)
        // Asked for by name, each has the score that it was found with.
        for number in parts.indices {
          let ofPart = search.best().filter { $0.segment == number }
          #expect(search.scores(of: ofPart.map(\.chunk), in: number) == ofPart.map(\.score))
        }
      }
    }
  }

  /// All rows have the same signs, or one of two: which of them are candidates must not follow from where they lie.
  @Test func `signs choose the same chunks in whichever segments they lie`() throws {
    let tree = try TemporaryTree(inMemory: true)
    var random = SeededRandom(seed: 11)
    func vector(_ isTurned: Bool) -> [Float] {
      var vector = SyntheticCorpus.unitVector(8, &random).map { abs($0) + 0.1 }
      if isTurned { vector[0] = -vector[0] }
      return vector
    }
    var files: [PreparedFile] = []
    for i in 0..<240 {
      var chunks: [PreparedChunk] = []
      for k in 0..<5 {
        let symbol = Symbol(kind: k == 2 ? .type : .function, name: "f", line: 1)
        chunks.append(
          PreparedChunk(
            chunk: Chunk(bytes: k..<k + 1, lines: k + 1...k + 1, symbols: [symbol]),
            contentHash: ContentHash(high: 0, low: UInt64(5 * i + k)), vector: QuantisedVector(vector(i % 5 == 0)[...]))
        )
      }
      files.append(
        PreparedFile(
          path: FilePath("directory\(i % 7)/file\(i)"), language: .plainText,
          contentHash: ContentHash(high: 1, low: UInt64(i)), chunks: chunks,
          terms: FileTerms(chunks.map { _ in (terms: [], length: 0) })))
    }
    files.sort { $0.path < $1.path }
    let divisions = try [1, 2, 5].map { partCount in
      try (0..<partCount).map { part in
        var builder = SegmentBuilder(dimensions: 8)
        for i in files.indices where i * 7 % partCount == part { _ = builder.add(files[i]) }
        let path = tree.root.appending(FilePath("\(partCount)-\(part)"))
        _ = try builder.write(to: path)
        return try Segment(opening: path)
      }
    }
    func places(_ segments: [Segment], _ query: [Float], _ kinds: SymbolKindFilter?, isReversed: Bool) -> [String] {
      let search = VectorSearch(query, in: segments.map { ($0, nil) }, kinds: kinds, limit: 10, isExhaustive: false)
      for piece in isReversed ? search.pieces.reversed() : search.pieces { search.scan(piece) }
      return search.best().map { found in
        let segment = segments[found.segment]
        let file = segment.fileNumber(ofChunk: found.chunk)
        let offset = found.chunk - segment.chunks(ofFile: file).lowerBound
        return "\(segment.path(ofFile: file)) \(offset) \(found.score.bitPattern)"
      }.sorted()
    }
    for kinds in [nil, SymbolKindFilter(wanted: [.function], excluded: [])] {
      for round in 0..<6 {
        let query = vector(round % 2 == 1)
        let together = places(divisions[0], query, kinds, isReversed: false)
        #expect(together.count >= 10)
        for segments in divisions {
          #expect(places(segments, query, kinds, isReversed: round < 3) == together, "\(segments.count) segments")
        }
      }
    }
  }
}
