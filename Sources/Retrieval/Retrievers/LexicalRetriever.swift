import Primitives
import QueryLanguage
import Segments

/// Finds chunks by their words: BM25 over the clauses that the query becomes.
struct LexicalRetriever: Retriever {
  let plan: LexicalPlan
  let terms: CollectionScorer
  private let scope: RetrieverScope

  /// Looks every term up, in every segment. Throws `.cancelled` and `.timedOut`.
  init(_ query: ParsedQuery, weights: RankingWeights, in scope: RetrieverScope) throws(Failure) {
    self.scope = scope
    plan = LexicalPlan(query, weights: weights)
    terms = CollectionScorer(plan, in: scope.snapshot, context: scope.context)
    try scope.context.check()
  }

  /// Each segment gives its own best `limit`.
  func begin(limit: Int) -> RetrieverRun {
    RetrieverRun { [scope, plan, terms] () throws(Failure) in
      if plan.query.clauses.isEmpty { return [] }
      let segments = scope.snapshot.segments.map(\.segment)
      // The largest first: what is best in it spares the others most.
      let order = segments.indices.sorted {
        let (a, b) = (segments[$0].chunkCount, segments[$1].chunkCount)
        return a != b ? a > b : $0 < $1
      }
      let threshold = SharedThreshold()
      let found = try scope.threads.map(order.count, scope.context) { k -> [Hit] in
        let i = order[k]
        let chunks = segments[i].bestByTerms(
          terms.prepared[i], terms.bm25, eligible: scope.eligible[i], kinds: scope.kinds, limit: limit,
          threshold: threshold, context: scope.context)
        return chunks.map { Hit(place: ChunkPlace(segment: i, chunk: $0.chunk), score: $0.score) }
      }
      return found.flatMap { $0 }
    }
  }

  /// A pasted text with the terms that tell most, in their order, and in how many chunks each of all its terms stands.
  static func choosingRarest(
    of query: ParsedQuery, in snapshot: IndexSnapshot, _ context: SearchContext
  ) -> (query: ParsedQuery, frequencies: [String: Int]) {
    var seen: Set<String> = []
    let terms = query.terms.filter { !$0.isStopWord && $0.word.utf8.count > 1 && seen.insert($0.word).inserted }
    let found = CollectionScorer(LexicalPlan(words: terms), in: snapshot, context: context)
    var frequencies: [String: Int] = [:]
    var value: [Float] = []
    for (term, frequency) in zip(terms, found.frequencies) {
      frequencies[term.word] = frequency
      let bits = frequency == 0 ? 0 : CollectionScorer.rarity(frequency, of: found.statistics.chunkCount)
      value.append(term.isIdentifier ? 1.5 * bits : bits)
    }
    let chosen = terms.indices.filter { value[$0] > 0 }.sorted {
      value[$0] != value[$1] ? value[$0] > value[$1] : $0 < $1
    }
    .prefix(CollectionScorer.groupLimit).sorted()
    var query = query
    query.terms = chosen.map { terms[$0] }
    return (query, frequencies)
  }
}
