import Chunking
import Embedding
import Primitives
import QueryLanguage
import Retrieval
import Segments
import Testing

@Suite struct LexicalPlanTests {
  /// `retry`, `def:retry^2`: each clause with its field and its weight, where that is not 1.
  private func clauses(_ text: String) -> [String] {
    let query = QueryParser(analyzer: Analyzer()).parse(SearchQuery(text: text))
    return LexicalPlan(query, weights: RankingWeights()).query.clauses.map { clause in
      (clause.term.field == .definition ? "def:" : "") + String(decoding: clause.term.bytes, as: UTF8.self)
        + (clause.weight == 1 ? "" : "^\(clause.weight)")
    }
  }

  @Test(arguments: [
    // A word by itself may be a name.
    (
      "mango",
      [
        "mango", "def:mango^2.0", "mangos^0.5", "mangoing^0.5", "mangoed^0.5", "mangoer^0.5", "def:mangos^0.2",
      ]
    ),
    // A name, whole and by its parts.
    ("crush_mango", ["crush_mango^2.0", "def:crush_mango^2.0", "crush^0.5", "mango^0.5"]),
    // Two words, each of which may be defined in what the other names, and the names that they make.
    (
      "mango lane",
      [
        "mango", "mangos^0.5", "mangoing^0.5", "mangoed^0.5", "mangoer^0.5", "lane", "lanes^0.5", "laning^0.5",
        "laned^0.5", "laner^0.5", "def:mango", "def:mangos^0.2", "def:lane", "def:lanes^0.2", "mangolane^0.3",
        "def:mangolane^0.2", "mango_lane^0.3", "def:mango_lane^0.2",
      ]
    ),
    // What a path is, files tell.
    (
      "lib/mango.py",
      [
        "lib", "library^0.3", "mango", "mangos^0.5", "mangoing^0.5", "mangoed^0.5", "mangoer^0.5", "py",
      ]
    ),
  ])
  func `makes clauses of`(text: String, expected: [String]) {
    #expect(clauses(text) == expected)
  }

  @Test func `words of grammar make no clauses and no names`() {
    #expect(!clauses("where is the mango").contains { $0.contains("where") || $0.contains("the") })
  }

  /// A rare form that nobody typed says no more than the word.
  @Test func `other forms of a word are as frequent as the most frequent of them`() {
    let query = QueryParser(analyzer: Analyzer()).parse(SearchQuery(text: "retries wait"))
    let plan = LexicalPlan(query, weights: RankingWeights())
    let group = plan.groups[0]
    #expect(group.word == "retries" && group.clauses.count > 2)
    var statistics = CollectionStatistics(
      chunkCount: 100, totalLength: 1000, documentFrequencies: plan.query.clauses.map { _ in 3 })
    statistics.documentFrequencies[group.clauses.upperBound - 1] = 40
    let levelled = plan.levelled(statistics).documentFrequencies
    #expect(levelled[group.typed] == 3)
    #expect(group.clauses.dropFirst().allSatisfy { levelled[$0] == 40 })
    #expect(plan.levelled(levelledTo(statistics, 0, group)).documentFrequencies[group.clauses.upperBound - 1] == 0)
  }

  /// `statistics` in which no form of a word stands anywhere.
  private func levelledTo(
    _ statistics: CollectionStatistics, _ frequency: Int, _ group: LexicalPlan.Group
  ) -> CollectionStatistics {
    var other = statistics
    for clause in group.clauses { other.documentFrequencies[clause] = frequency }
    return other
  }
}

@Suite struct RelatedTermsTests {
  private func words(_ text: String, frequencies: [String: Int], limit: Int = 10) -> [String] {
    let bytes = Array(text.utf8)
    let chunk = Chunk(
      bytes: 0..<bytes.count, lines: 1...bytes.count { $0 == 0x0A },
      symbols: [Symbol(kind: .function, name: "crush_mango", line: 1)])
    let stored = StoredChunk(file: 0, chunk: chunk, contentHash: ChunkHash(of: bytes.span))
    let terms = RelatedTerms(of: stored, in: SourceText(bytes), analyzer: Analyzer())
    return terms.rarest(limit: limit, weights: RankingWeights()) { plan in
      CollectionStatistics(
        chunkCount: 100, totalLength: 1000,
        documentFrequencies: plan.query.clauses.map {
          frequencies[String(decoding: $0.term.bytes, as: UTF8.self)] ?? 0
        })
    }.map(\.word)
  }

  private static let text = "def crush_mango():\n    peel(fruit)\n    peel(fruit)\n    return juice\n"

  @Test(arguments: [
    // As often here, the rarer first.
    (["fruit": 4, "peel": 20], 10, ["fruit", "peel"]),
    // What a chunk defines counts more than what it mentions.
    (["mango": 10, "juice": 10], 10, ["mango", "juice"]),
    // What stands nowhere else finds nothing, and what stands everywhere tells nothing.
    (["juice": 1, "peel": 100, "fruit": 2], 10, ["fruit"]),
    (["fruit": 4, "peel": 20, "juice": 30], 1, ["fruit"]),
  ])
  func `are the words that are frequent here and rare elsewhere`(
    frequencies: [String: Int], limit: Int, expected: [String]
  ) {
    #expect(words(Self.text, frequencies: frequencies, limit: limit) == expected)
  }
}
