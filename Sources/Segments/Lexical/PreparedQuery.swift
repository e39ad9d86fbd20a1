package import Primitives

/// A query with its posting lists in one segment, found once for everything that is asked about it.
package struct PreparedQuery: Sendable {
  /// The list of each clause; nil if the segment does not hold the term.
  let lists: [PostingList?]
  /// For each clause, the number of live chunks that hold its term.
  package let documentFrequencies: [Int]
}

extension LexicalQuery {
  /// The first clause before `number` whose term has the same string.
  fileprivate func firstClause(withStringOf number: Int) -> Int? {
    (0..<number).first { clauses[$0].term.bytes == clauses[number].term.bytes }
  }
}

extension Segment {
  /// Looks every string of `query` up: a third of a microsecond each.
  ///
  /// - Parameter tombstoned: chunks that are not live, which document frequencies leave out: with them, lists are read
  ///   to be counted, about a nanosecond a posting at most.
  /// - Parameter context: where it is over, frequencies are not those of live chunks alone.
  package func prepare(
    _ query: LexicalQuery, without tombstoned: TombstonedChunks? = nil, context: SearchContext? = nil
  ) -> PreparedQuery {
    let dictionary = dictionary
    var found: [(words: PostingList?, definitions: PostingList?)] = []
    found.reserveCapacity(query.clauses.count)
    for i in query.clauses.indices {
      // What is asked for as a definition was often asked for as a word before.
      if query.clauses[i].term.field != .word, let known = query.firstClause(withStringOf: i) {
        found.append(found[known])
      } else {
        found.append(dictionary.lists(of: query.clauses[i].term.bytes))
      }
    }
    let lists = found.indices.map { query.clauses[$0].term.field == .word ? found[$0].words : found[$0].definitions }
    var frequencies = lists.map { min($0?.count ?? 0, chunkCount) }
    if let tombstoned { leaveOut(tombstoned, of: lists, &frequencies, context) }
    return PreparedQuery(lists: lists, documentFrequencies: frequencies)
  }

  private func leaveOut(
    _ tombstoned: TombstonedChunks, of lists: [PostingList?], _ frequencies: inout [Int], _ context: SearchContext?
  ) {
    let terms = bytes(of: .terms)
    var block = PostingBlock()
    for (i, list) in lists.enumerated() {
      guard let list else { continue }
      if let context, context.isOver { return }
      // A damaged list may have more postings than it has chunks.
      frequencies[i] = max(0, frequencies[i] - list.tombstonedCount(tombstoned, in: terms, &block))
    }
  }

  /// As `bestByTerms(_:statistics:eligible:limit:)`, in no order, for a query that was prepared for this segment and
  /// its scoring.
  /// - Parameters:
  ///   - kinds: what the symbols of a chunk must be besides; checked for chunks that would be hits, not for all.
  ///   - threshold: shared by the searches of one query in several segments; chunks that cannot be among the best
  ///     `limit` of all together are then left out.
  ///   - context: where it is over the search ends within some tens of thousands of postings, with too little.
  package func bestByTerms(
    _ query: PreparedQuery, _ bm25: BM25, eligible: BitSet?, kinds: SymbolKindFilter? = nil, limit: Int,
    threshold: SharedThreshold = SharedThreshold(), context: SearchContext? = nil
  ) -> [ScoredChunk] {
    MaxScoreSearch(query, bm25: bm25, terms: parts(of: .terms), lengths: bytes(of: .lengths))
      .best(
        limit, among: Eligibility(eligible?.words, kinds: kinds.map { KindMemo(self, $0) }), threshold: threshold,
        context: context)
  }

  /// The chunks among `eligible` ones that hold the term of every clause with a weight, ascending, with their scores.
  /// Costs a pass over the rarest list; of the others the blocks are read in which those chunks lie.
  package func chunksHoldingAll(
    _ query: PreparedQuery, _ bm25: BM25, eligible: BitSet?, context: SearchContext? = nil
  ) -> [ScoredChunk] {
    MaxScoreSearch(query, bm25: bm25, terms: parts(of: .terms), lengths: bytes(of: .lengths))
      .holdingAll(among: Eligibility(eligible?.words), context: context)
  }

  /// The BM25 scores of `chunks`, which ascend, and for each chunk which groups of clauses it holds a term of.
  ///
  /// - Parameters:
  ///   - groups: for each clause a bit below 64 that it stands for, or nil.
  ///   - context: where it is over, clauses are left out.
  package func termMatches(
    _ query: PreparedQuery, _ bm25: BM25, groups: [UInt8?], of chunks: [Int], context: SearchContext? = nil
  ) -> [(score: Float, groups: UInt64)] {
    MaxScoreSearch(query, bm25: bm25, terms: parts(of: .terms), lengths: bytes(of: .lengths))
      .matches(of: chunks, groups: groups, context: context).map { (bm25.score($0.sum), $0.groups) }
  }
}

/// A weighted set of terms to be scored with BM25.
package struct LexicalQuery: Hashable, Sendable {
  package struct Clause: Hashable, Sendable {
    package var term: Term
    package var weight: Float
    package init(term: Term, weight: Float = 1) {
      self.term = term
      self.weight = weight
    }
  }
  package var clauses: [Clause]
  package init(clauses: [Clause]) { self.clauses = clauses }
}

/// A chunk of one segment with its score. Ordered best first: score descending, then chunk number ascending.
package struct ScoredChunk: Hashable, Sendable {
  package var chunk: Int
  package var score: Float
  package init(chunk: Int, score: Float) {
    self.chunk = chunk
    self.score = score
  }
  package func precedes(_ other: ScoredChunk) -> Bool {
    score != other.score ? score > other.score : chunk < other.chunk
  }
}
