import Chunking
package import QueryLanguage
package import Segments

/// The words that tell a chunk from others: what stands for a query when a chunk is asked for its like.
package struct RelatedTerms: Sendable {
  private let counts: [String: Int]
  private let order: [String]

  package init(of stored: StoredChunk, in text: SourceText, analyzer: Analyzer) {
    var counts: [String: Int] = [:]
    var order: [String] = []
    func add(_ word: String, _ count: Int) {
      if word.utf8.count < 3 || StopWords.contains(word) { return }
      if counts[word] == nil { order.append(word) }
      counts[word, default: 0] += count
    }
    // What a chunk defines says more of it than what it mentions.
    for symbol in stored.chunk.symbols.prefix(16) { for word in analyzer.words(of: symbol.name) { add(word, 3) } }
    if let found = ChunkLocator.locate(stored, in: text) {
      for line in found.lines.prefix(200) { for word in analyzer.words(of: text.line(line)) { add(word, 1) } }
    }
    self.counts = counts
    self.order = Array(order.prefix(256))
  }

  /// The `limit` words that are frequent here and rare elsewhere, most telling first.
  package func rarest(
    limit: Int, weights: RankingWeights, statistics: (LexicalPlan) -> CollectionStatistics
  ) -> [QueryTerm] {
    let terms = order.map { QueryTerm(text: $0, word: $0) }
    let plan = LexicalPlan(words: terms)
    let known = statistics(plan)
    let ranked = terms.enumerated().map { i, term -> (term: QueryTerm, value: Float) in
      let frequency = known.documentFrequencies[i]
      // A word that stands nowhere else finds nothing.
      if frequency < 2 { return (term, 0) }
      let share = Float(frequency) / Float(max(1, known.chunkCount))
      return (term, Float(min(counts[term.word] ?? 0, 8)).squareRoot() * (1 - share) / (share + 0.02))
    }
    return ranked.filter { $0.value > 0 }.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.term.word < $1.term.word
    }
    .prefix(limit).map(\.term)
  }
}
