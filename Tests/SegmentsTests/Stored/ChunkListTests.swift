import Chunking
import Inspection
import Primitives
import Segments
import TestSupport
import Testing

/// Flat forms beside the ones that make every chunk and word an object of its own.
@Suite struct ChunkListTests {
  private let tree: TemporaryTree
  init() throws { tree = try TemporaryTree() }

  private func segment(seed: UInt64) throws -> Segment {
    try SyntheticCorpus(seed: seed, fileCount: 60).write(0..<60, to: tree.root.appending("list-\(seed).segment"))
  }

  @Test(arguments: 1...4)
  func `chunks read into a list are those that are read one by one`(seed: UInt64) throws {
    let segment = try segment(seed: seed)
    var random = SeededRandom(seed: seed)
    for share in [0.02, 0.1, 0.5, 1] {
      let chunks = (0..<segment.chunkCount).filter { _ in Double.random(in: 0..<1, using: &random) < share }
      var list = ChunkList()
      segment.read(chunks, into: &list)
      #expect(list.entries.count == chunks.count)
      for (position, number) in chunks.enumerated() {
        let whole = segment.chunk(number)
        #expect(list.chunk(position) == whole)
        for (symbol, expected) in zip(list.entries[position].symbols, whole.chunk.symbols) {
          var name: [UInt8] = []
          list.appendQualifiedName(of: symbol, to: &name)
          #expect(name == Array(expected.qualifiedName.utf8))
        }
      }
    }
    var beyond = ChunkList()
    segment.read([segment.chunkCount, segment.chunkCount + 90], into: &beyond)
    #expect(beyond.entries.allSatisfy { $0.bytes.isEmpty && $0.symbols.isEmpty })
  }

  @Test func `names of any length that share any part with the one before are read whole`() throws {
    var random = SeededRandom(seed: 21)
    let lengths = [0, 1, 2, 14, 15, 16, 17, 30, 31, 32, 33, 64, 239, 240, 241, 700]
    func text(_ count: Int) -> String {
      String(decoding: (0..<count).map { _ in UInt8.random(in: 0x61...0x63, using: &random) }, as: UTF8.self)
    }
    var previous = ""
    func symbol() -> Symbol {
      // The beginning and the end of the one before, and something new between.
      let head = min(previous.count, lengths.randomElement(using: &random)!)
      let tail = min(previous.count, lengths.randomElement(using: &random)!)
      previous = previous.prefix(head) + text(lengths.randomElement(using: &random)!) + previous.suffix(tail)
      if previous.count > 1500 { previous = "" }
      return Symbol(
        kind: Symbol.Kind.allCases.randomElement(using: &random)!, name: previous,
        enclosing: (0..<Int.random(in: 0...3, using: &random)).map { "a" + text($0 * 12) },
        line: Int.random(in: 1...4000, using: &random))
    }
    let chunks = (0..<100).map { number in
      PreparedChunk(
        chunk: Chunk(
          bytes: number * 10..<number * 10 + 10, lines: number + 1...number + 1,
          symbols: (0..<Int.random(in: 0...6, using: &random)).map { _ in symbol() },
          context: Bool.random(using: &random) ? symbol() : nil),
        contentHash: ContentHash(high: 0, low: UInt64(number)), vector: QuantisedVector([]))
    }
    var builder = SegmentBuilder(dimensions: 0)
    _ = builder.add(
      PreparedFile(
        path: "file", language: .plainText, contentHash: ContentHash(high: 1, low: 2), chunks: chunks,
        terms: FileTerms(chunks.map { _ in (terms: [], length: 1) })))
    let path = tree.root.appending("names.segment")
    _ = try builder.write(to: path)
    let segment = try Segment(opening: path)
    for step in 1...18 {
      let numbers = Array(stride(from: step / 2, to: chunks.count, by: step))
      var list = ChunkList()
      segment.read(numbers, into: &list)
      #expect(numbers.indices.map { list.chunk($0).chunk } == numbers.map { chunks[$0].chunk })
    }
  }

  @Test(arguments: 1...3)
  func `a filter on kinds passes what the chunks' symbols say`(seed: UInt64) throws {
    let corpus = SyntheticCorpus(seed: seed, fileCount: 60)
    let segment = try corpus.write(0..<60, to: tree.root.appending("kinds.segment"))
    var random = SeededRandom(seed: seed)
    for _ in 0..<12 {
      let wanted = Set(Symbol.Kind.allCases.filter { _ in Int.random(in: 0..<6, using: &random) == 0 })
      let excluded = Set(Symbol.Kind.allCases.filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
      let filter = SymbolKindFilter(wanted: wanted, excluded: excluded)
      var passing = BitSet(capacity: segment.chunkCount)
      for chunk in 0..<segment.chunkCount {
        let kinds = segment.chunk(chunk).chunk.symbols.map(\.kind)
        let passes =
          (wanted.isEmpty || kinds.contains { wanted.contains($0) })
          && (excluded.isEmpty || kinds.isEmpty || kinds.contains { !excluded.contains($0) })
        #expect(segment.passes(filter, chunk: chunk) == passes)
        if passes { passing.insert(chunk) }
      }
      let query = corpus.query(&random, count: 3)
      let statistics = CollectionStatistics(
        chunkCount: segment.chunkCount, totalLength: segment.totalLength,
        documentFrequencies: segment.documentFrequencies(of: query))
      let bm25 = BM25(query, statistics: statistics)
      let vector = SyntheticCorpus.unitVector(corpus.dimensions, &random)
      for limit in [1, 7, 50] {
        #expect(
          segment.bestByTerms(segment.prepare(query), bm25, eligible: nil, kinds: filter, limit: limit).sorted {
            $0.precedes($1)
          }
            == segment.bestByTerms(query, statistics: statistics, eligible: passing, limit: limit))
        #expect(
          segment.bestByVector(vector, eligible: nil, kinds: filter, limit: limit)
            == segment.bestByVector(vector, eligible: passing, limit: limit))
      }
    }
  }

  @Test func `what a chunk holds of a question's groups is what each group alone scores`() throws {
    let corpus = SyntheticCorpus(seed: 9, fileCount: 60)
    let segment = try corpus.write(0..<60, to: tree.root.appending("groups.segment"))
    var random = SeededRandom(seed: 9)
    let all = Array(0..<segment.chunkCount)
    for _ in 0..<20 {
      let query = corpus.query(&random, count: 4)
      func statistics(_ query: LexicalQuery) -> CollectionStatistics {
        CollectionStatistics(
          chunkCount: segment.chunkCount, totalLength: segment.totalLength,
          documentFrequencies: segment.documentFrequencies(of: query))
      }
      let groups = query.clauses.indices.map { $0 % 5 == 4 ? nil : UInt8($0 % 5) }
      let matches = segment.termMatches(
        segment.prepare(query), BM25(query, statistics: statistics(query)), groups: groups, of: all)
      #expect(matches.map(\.score) == segment.termScores(query, statistics: statistics(query), of: all))
      for group in UInt8(0)..<4 {
        let part = LexicalQuery(clauses: query.clauses.indices.filter { groups[$0] == group }.map { query.clauses[$0] })
        let scores = segment.termScores(part, statistics: statistics(part), of: all)
        #expect(matches.map { $0.groups >> UInt64(group) & 1 != 0 } == scores.map { $0 > 0 })
      }
    }
  }

  @Test func `a word list holds the analyzer's words`() {
    let texts = [
      "", "parseHTTPHeader_v2", "a", "operator<", "Foo::bar", "größe ÄÖ", "x y z", "snake_case CamelCase", "__init__",
      "a\u{0}b c\u{FF}", "HTTP2Server 10ms",
    ]
    var list = WordList()
    for text in texts {
      let bytes = Array(text.utf8)
      let words = Analyzer().words(of: text)
      list.removeAll()
      list.append(wordsOf: bytes.span)
      #expect(list.words.map { String(decoding: list.bytes[$0], as: UTF8.self) } == words)
      list.removeAll()
      list.append(partsOfName: bytes.span)
      let parts = words.count > 1 ? Array(words.dropFirst()) : words
      #expect(list.words.map { String(decoding: list.bytes[$0], as: UTF8.self) } == parts)
    }
  }
}
