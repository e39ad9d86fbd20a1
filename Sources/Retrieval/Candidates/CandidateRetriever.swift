import Chunking
import Primitives
import QueryLanguage
import Segments

/// Runs the retrievers of a query side by side over a snapshot, gives every place that one of them found the scores of
/// all, and chooses which of them are ranked.
struct CandidateRetriever {
  let snapshot: IndexSnapshot
  let weights: RankingWeights
  let retrievers: Searcher.Retrievers
  let tree: SourceTree
  /// Shares the work out.
  let threads: ThreadScope
  let context: SearchContext

  /// The candidates for `query`. Throws `.cancelled` and `.timedOut`.
  ///
  /// - Parameters:
  ///   - vector: of the query; all zeros when it says nothing to the model.
  ///   - holders: chunks that hold a quoted phrase.
  ///   - excluded: a chunk that must not be among them.
  ///   - wanted: how many chunks the page shows; where the best are fewer, all that hold words of the query are looked
  ///     through.
  func candidates(
    for asked: ParsedQuery, vector: [Float], holders: [ChunkPlace] = [], excluding excluded: ChunkPlace? = nil,
    wanted: Int = 0
  ) throws(Failure) -> ScoredCandidates {
    let whole = try RetrieverScope(asked.filters, in: snapshot, excluding: excluded, threads, context)
    let (query, known) =
      asked.isPasted
      ? LexicalRetriever.choosingRarest(of: asked, in: snapshot, context) : (query: asked, frequencies: [:])
    var condition = ConditionSearch.Outcome(scope: whole)
    if let node = asked.condition {
      condition = try ConditionSearch(scope: whole, tree: tree).narrowed(by: node, for: query, weights: weights)
    }
    let scope = condition.scope
    // Vectors can be scanned while words are still looked up.
    let similar =
      retrievers == .lexicalOnly ? nil : VectorRetriever(vector, in: scope, limit: weights.candidateCount)
    let similarRun = similar?.begin(limit: weights.candidateCount)
    let lexical = try LexicalRetriever(query, weights: weights, in: scope)
    let (plan, terms) = (lexical.plan, lexical.terms)
    let chunkCount = terms.statistics.chunkCount
    var frequencies = known
    for group in plan.groups { frequencies[group.word] = terms.frequencies[group.typed] }
    let copied = retrievers == .fused ? CopiedTextSearch(query, in: snapshot, tree, threads, context) : nil
    let written = WrittenQuery(
      query, frequencies: copied.map { $0.frequencies.merging(frequencies) { $1 } } ?? frequencies,
      chunkCount: chunkCount)
    // Texts are read while words and vectors are looked up.
    let copiedRun = copied.map { copied in
      threads.start(1) { _ in
        Result { () throws(Failure) in try copied.places(of: written, eligible: scope.eligible) }
      }
    }
    let usesTerms = retrievers != .vectorsOnly
    let byTerms = usesTerms ? best(try lexical.begin(limit: weights.candidateCount).hits()) : []
    let byVector = best(try similarRun?.hits() ?? [])
    let named =
      retrievers == .fused
      ? try PathRetriever(query: query, weights: weights, scope: scope).begin(limit: weights.pathCandidateCount).hits()
      : []
    var asWritten = try copiedRun?.results()[0].get() ?? []
    var byPath = Set(named.map(\.place)).union((holders + asWritten).filter(scope.contains)).sorted()
    var places = Self.distinct(byTerms, byVector, byPath)
    let hasPattern = !query.patterns.isEmpty
    if hasPattern, places.count < weights.rankedCount {
      // What neither words nor vectors tell apart: definitions on a line that matches, then the first by path.
      byPath = Set(byPath).union(matching(weights.rankedCount, condition, scope)).sorted()
      places = Self.distinct(byTerms, byVector, byPath)
    }
    // So many words fit the bits of a candidate; a query that long is prose.
    let groups = plan.groups.prefix(CollectionScorer.groupLimit)
    let words = threads.start(1) { _ in
      QueryWords(
        query, words: groups.map(\.word), weights: Self.wordWeights(groups, statistics: terms.statistics))
    }
    let typedShares = groups.map { written.certainty(ofFrequency: Float(frequencies[$0.word] ?? 0), of: chunkCount) }
    let selection = CandidateSelection(snapshot: snapshot, weights: weights, retrievers: retrievers)
    var scored = try scores(of: places, terms, similar, known: byVector)
    if copied == nil, retrievers == .fused, selection.hasMoreWholes(scored, of: query, groupCount: groups.count),
      let search = CopiedTextSearch(of: query.text, in: snapshot, tree, threads, context)
    {
      // Words that many chunks hold, which may be consecutive in a chunk that is not among the best.
      asWritten = try search.places(of: written, eligible: scope.eligible, least: WrittenQuery.wholeEvidence)
        .filter(scope.passesKinds)
      let known = Set(places)
      scored += try scores(of: asWritten.filter { !known.contains($0) }, terms, similar)
      scored.sort { $0.place < $1.place }
      byPath = Set(byPath).union(asWritten).sorted()
    }
    let lines = Dictionary(uniqueKeysWithValues: named.map { ($0.place, $0) })
    for i in scored.indices where !lines.isEmpty {
      if let named = lines[scored[i].place] {
        scored[i].placeGrade = named.score
        scored[i].placeLine = named.line
      }
    }
    let knownHolders = Set(holders)
    for i in scored.indices where !holders.isEmpty { scored[i].isHolder = knownHolders.contains(scored[i].place) }
    let similarityFloor = byVector.map(\.score).min() ?? 0
    let fusion = Fusion(
      of: query.shape, weights: weights, retrievers: retrievers,
      bestTermScore: scored.reduce(0) { max($0, $1.termScore) },
      bestSimilarity: scored.reduce(similarityFloor) { max($0, $1.similarity) }, similarityFloor: similarityFloor)
    let promise = scored.map { found -> Float in
      var sum: Float = 0
      var held = found.heldTyped
      while held != 0 {
        sum += typedShares[held.trailingZeroBitCount]
        held &= held - 1
      }
      return sum
    }
    let (kept, rest) = selection.best(
      of: scored, byPath: byPath, by: fusion, promise: promise, written, asWritten: asWritten)
    let ranking = RankingContext(
      query, weights: weights, retrievers: retrievers, words: words.results()[0], fusion: fusion, written: written,
      wordFrequency: groups.count == 1 ? groups.first.flatMap { frequencies[$0.word] } ?? 0 : 0, chunkCount: chunkCount)
    var found = ScoredCandidates(ranking: ranking, candidates: kept, rest: rest, frequencies: frequencies)
    (found.uncheckedCount, found.unreadable) = (condition.uncheckedCount, condition.unreadable)
    found.notes = condition.notes
    if usesTerms, !plan.query.clauses.isEmpty, wanted > places.count {
      let more = try lexical.begin(limit: wanted).hits()
      let shown = Set(scored.map(\.place))
      let further = snapshot.numbersOfBest(wanted, scores: more.map(\.score)) { more[$0].place }.map { more[$0].place }
      found.beyond = try scores(of: further.filter { !shown.contains($0) }.sorted(), terms, similar)
    }
    if hasPattern, wanted > places.count + found.beyond.count {
      let known = Set((scored + found.beyond).map(\.place))
      let more = matching(wanted, condition, scope).filter { !known.contains($0) }
      found.beyond = (found.beyond + (try scores(of: more.sorted(), terms, similar))).sorted { $0.place < $1.place }
    }
    return found
  }

  /// So many chunks that satisfy a condition with patterns: those that define a symbol on a line that matches, then the
  /// others, each in the order of paths and lines.
  private func matching(
    _ count: Int, _ condition: ConditionSearch.Outcome, _ scope: RetrieverScope
  ) -> [ChunkPlace] {
    let definers = condition.definers.filter(scope.contains).sorted(by: snapshot.precedes).prefix(count)
    let satisfying = scope.eligible.enumerated().map { i, chunks in
      chunks ?? BitSet(capacity: snapshot.segments[i].segment.chunkCount, filled: true)
    }
    let rest = snapshot.first(
      count - definers.count, of: satisfying, leavingOut: condition.definers, where: scope.passesKinds)
    return definers + rest
  }

  /// The places in ascending order, each once.
  private static func distinct(_ byTerms: [Hit], _ byVector: [Hit], _ byPath: [ChunkPlace]) -> [ChunkPlace] {
    var keys: [UInt64] = []
    keys.reserveCapacity(byTerms.count + byVector.count + byPath.count)
    for found in byTerms { keys.append(found.place.key) }
    for found in byVector { keys.append(found.place.key) }
    for place in byPath { keys.append(place.key) }
    keys.sort()
    var distinct: [ChunkPlace] = []
    distinct.reserveCapacity(keys.count)
    for (i, key) in keys.enumerated() where i == 0 || key != keys[i - 1] {
      distinct.append(ChunkPlace(segment: Int(key >> 32), chunk: Int(key & 0xFFFF_FFFF)))
    }
    return distinct
  }

  /// The best of what one retriever found: by score, and where that is the same in the order of paths and lines. In the
  /// order of the hits.
  private func best(_ hits: [Hit]) -> [Hit] {
    snapshot.numbersOfBest(weights.candidateCount, scores: hits.map(\.score)) { hits[$0].place }.map { hits[$0] }
  }

  /// Both scores of every place, whichever retriever brought it.
  ///
  /// - Parameter known: hits by the vector, whose scores are not computed again.
  private func scores(
    of places: [ChunkPlace], _ terms: CollectionScorer, _ similar: VectorRetriever?, known: [Hit] = []
  ) throws(Failure) -> [ScoredCandidate] {
    let similarities = Self.scores(of: places, among: known)
    let segments = snapshot.segments.map(\.segment)
    let parts = Self.parts(places, count: threads.size)
    let scored = try threads.map(parts.count, context) { part -> [ScoredCandidate] in
      let number = places[parts[part].lowerBound].segment
      let chunks = places[parts[part]].map(\.chunk)
      let matches = segments[number].termMatches(terms.prepared[number], terms.bm25, groups: terms.groups, of: chunks)
      let similarities = similar?.similarities(of: chunks, in: number, known: similarities[parts[part]])
      return chunks.indices.map {
        ScoredCandidate(
          place: ChunkPlace(segment: number, chunk: chunks[$0]), termScore: matches[$0].score,
          heldWords: (matches[$0].groups | matches[$0].groups >> UInt64(CollectionScorer.groupLimit))
            & (1 << UInt64(CollectionScorer.groupLimit) - 1),
          similarity: similarities?[$0] ?? 0,
          heldTyped: matches[$0].groups >> UInt64(CollectionScorer.groupLimit))
      }
    }
    return scored.flatMap { $0 }
  }

  /// For each of `places`, which ascend, the score of the hit there; no number where there is none.
  private static func scores(of places: [ChunkPlace], among hits: [Hit]) -> [Float] {
    var scores = [Float](repeating: .nan, count: places.count)
    var next = 0
    for hit in hits.sorted(by: { $0.place < $1.place }) {
      while next < places.count, places[next] < hit.place { next += 1 }
      if next < places.count, places[next] == hit.place { scores[next] = hit.score }
    }
    return scores
  }

  /// Ranges of the places, of one segment each, about `count` of them.
  private static func parts(_ places: [ChunkPlace], count: Int) -> [Range<Int>] {
    let most = max(16, places.count / max(1, count) + 1)
    var parts: [Range<Int>] = []
    var start = 0
    while start < places.count {
      var end = start
      while end < places.count, end - start < most, places[end].segment == places[start].segment { end += 1 }
      parts.append(start..<end)
      start = end
    }
    return parts
  }

  /// The share of each word by its rarity. A word that no chunk holds has none: no candidate can match it.
  private static func wordWeights(_ groups: ArraySlice<LexicalPlan.Group>, statistics: CollectionStatistics) -> [Float]
  {
    let rarities = groups.map { group -> Float in
      let frequency = group.clauses.map { statistics.documentFrequencies[$0] }.max() ?? 0
      return frequency == 0 ? 0 : CollectionScorer.rarity(frequency, of: statistics.chunkCount)
    }
    let sum = rarities.reduce(0, +)
    return sum > 0 ? rarities.map { $0 / sum } : rarities
  }
}
