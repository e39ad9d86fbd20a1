import QueryLanguage
import Segments

/// Chooses, of all that the retrievers found for a query, what is ranked by all that is known of it, and whose text is
/// read.
struct CandidateSelection {
  let snapshot: IndexSnapshot
  let weights: RankingWeights
  let retrievers: Searcher.Retrievers

  /// The best by the fused score, whose names and files are then ranked; those whose text is read, to see whether it
  /// holds the query as written; and every place found by its path. In the order of places, as they come.
  ///
  /// - Parameters:
  ///   - promise: for each how surely the words that it holds as they were typed tell it, had they the query's order.
  ///   - asWritten: chunks that are known to hold much of a copied text.
  func best(
    of scored: [ScoredCandidate], byPath: [ChunkPlace], by fusion: Fusion, promise: [Float], _ written: WrittenQuery,
    asWritten: [ChunkPlace]
  ) -> (kept: [ScoredCandidate], rest: [ScoredCandidate]) {
    var isKept = Self.marks(of: byPath, among: scored)
    // A query of one word is held as it was written by what holds the word; the words of others need not stand
    // together.
    let isPromised = retrievers == .fused && written.isOneWord
    var others: [Int] = []
    var scores: [Float] = []
    others.reserveCapacity(scored.count)
    scores.reserveCapacity(scored.count)
    for number in scored.indices where !isKept[number] {
      let parts = fusion.parts(termScore: scored[number].termScore, similarity: scored[number].similarity)
      others.append(number)
      scores.append(parts.words + parts.meaning + (isPromised ? weights.written * min(1, promise[number]) : 0))
    }
    let best = snapshot.numbersOfBest(weights.rankedCount, scores: scores) { scored[others[$0]].place }
    for i in best { isKept[others[i]] = true }
    var isToBeRead = [Bool](repeating: false, count: scored.count)
    if retrievers == .fused, !weights.disabled.contains(.written), !written.isEmpty {
      let limit =
        written.isOneWord
        ? weights.readCountOfOneWord : written.isOneUnit ? weights.readCountOfUnit : weights.readCount
      let held = scored.indices.filter { scored[$0].heldTyped != 0 && (isKept[$0] || !written.isOneWord) }
      let best = snapshot.numbersOfBest(
        limit,
        scores: held.map { promise[$0] + fusion.parts(termScore: scored[$0].termScore, similarity: 0).words / 8 }
      ) { scored[held[$0]].place }
      if !asWritten.isEmpty { isToBeRead = Self.marks(of: asWritten, among: scored) }
      for number in best { isToBeRead[held[number]] = true }
    }
    var kept: [ScoredCandidate] = []
    var rest: [ScoredCandidate] = []
    kept.reserveCapacity(2 * weights.rankedCount)
    rest.reserveCapacity(scored.count)
    for number in scored.indices {
      if !isKept[number], !isToBeRead[number] {
        rest.append(scored[number])
      } else {
        kept.append(scored[number])
        kept[kept.count - 1].isToBeRead = isToBeRead[number]
      }
    }
    return (kept, rest)
  }

  /// Which of `scored` stand at one of `places`; both ascend.
  private static func marks(of places: [ChunkPlace], among scored: [ScoredCandidate]) -> [Bool] {
    var marks = [Bool](repeating: false, count: scored.count)
    var next = 0
    for place in places {
      while next < scored.count, scored[next].place < place { next += 1 }
      if next < scored.count, scored[next].place == place { marks[next] = true }
    }
    return marks
  }

  /// Whether more candidates hold all words of `query` as they were typed than are read, so that others may hold them
  /// too.
  func hasMoreWholes(_ scored: [ScoredCandidate], of query: ParsedQuery, groupCount: Int) -> Bool {
    if query.isPasted || query.shape == .symbol || query.shape == .path || query.terms.count < 3 { return false }
    let all = groupCount < 64 ? UInt64(1) << UInt64(groupCount) - 1 : .max
    return scored.count { $0.heldTyped & all == all } > weights.readCount
  }
}
