import Primitives
import Segments

/// Fetches candidates from every segment of a snapshot and fills in what the ranking steps look at. All work that grows
/// with the number of chunks is done inside the segments.
struct CandidateRetriever {
  let snapshot: IndexSnapshot
  let analyzer: Analyzer
  let weights: RankingWeights
  let retrievers: Searcher.Retrievers

  /// The candidates for `query`.
  /// - Parameters:
  ///   - vector: of the question; all zeros when it says nothing to the model.
  ///   - excluded: a chunk that must not be among them.
  func pool(for query: ParsedQuery, plan: LexicalPlan, vector: [Float], excluding excluded: ChunkPlace? = nil)
    -> CandidatePool
  {
    var pool = CandidatePool(query: query, weights: weights, retrievers: retrievers)
    let eligible = snapshot.segments.indices.map { i -> BitSet? in
      let live = snapshot.segments[i]
      guard var set = query.filters.eligible(in: live) else {
        guard let excluded, excluded.segment == i else { return nil }
        var all = BitSet(capacity: live.segment.chunkCount, filled: true)
        all.remove(excluded.chunk)
        return all
      }
      if let excluded, excluded.segment == i { set.remove(excluded.chunk) }
      return set
    }
    let statistics = self.statistics(for: plan)
    var places: Set<ChunkPlace> = []
    if retrievers != .vectorsOnly, !plan.query.clauses.isEmpty {
      places.formUnion(
        best { i, limit in
          snapshot.segments[i].segment.bestByTerms(
            plan.query, statistics: statistics, eligible: eligible[i], limit: limit)
        }.map(\.place))
    }
    if retrievers != .lexicalOnly, vector.contains(where: { $0 != 0 }) {
      let found = best { i, limit in
        snapshot.segments[i].segment.bestByVector(vector, eligible: eligible[i], limit: limit)
      }
      pool.similarityFloor = found.last?.score ?? 0
      places.formUnion(found.map(\.place))
    }
    let byPath = retrievers == .fused ? Set(placesByPath(query, eligible: eligible)) : []
    places.formUnion(byPath)
    fill(&pool, with: places, byPath: byPath, plan: plan, statistics: statistics, vector: vector)
    return pool
  }

  /// The statistics of all segments together, so that a chunk scores the same wherever it lies.
  func statistics(for plan: LexicalPlan) -> CollectionStatistics {
    var sum = CollectionStatistics(
      chunkCount: 0, totalLength: 0, documentFrequencies: Array(repeating: 0, count: plan.query.clauses.count))
    for live in snapshot.segments {
      sum.chunkCount += live.segment.chunkCount
      sum.totalLength += live.segment.totalLength
      for (i, frequency) in live.segment.documentFrequencies(of: plan.query).enumerated() {
        sum.documentFrequencies[i] += frequency
      }
    }
    return plan.levelled(sum)
  }

  /// The best of all segments by one retriever, best first: score descending, then path, then line.
  private func best(
    _ retrieve: (Int, Int) -> [ScoredChunk]
  ) -> [(place: ChunkPlace, score: Float)] {
    var top = TopK<(place: ChunkPlace, score: Float)>(limit: weights.candidateCount) { a, b in
      if a.score != b.score { return a.score > b.score }
      if a.place.segment == b.place.segment { return a.place.chunk < b.place.chunk }
      return path(of: a.place) < path(of: b.place)
    }
    for i in snapshot.segments.indices {
      for found in retrieve(i, weights.candidateCount) {
        top.insert((ChunkPlace(segment: i, chunk: found.chunk), found.score))
      }
    }
    return top.sorted()
  }

  private func path(of place: ChunkPlace) -> FilePath {
    let segment = snapshot.segments[place.segment].segment
    return segment.file(segment.fileNumber(ofChunk: place.chunk)).path
  }

  /// The first chunks of the files whose paths answer the path fragments of the question.
  private func placesByPath(_ query: ParsedQuery, eligible: [BitSet?]) -> [ChunkPlace] {
    if query.pathFragments.isEmpty { return [] }
    var top = TopK<(place: ChunkPlace, path: FilePath, grade: Float)>(limit: weights.pathCandidateCount) { a, b in
      a.grade != b.grade ? a.grade > b.grade : a.path < b.path
    }
    for (i, live) in snapshot.segments.enumerated() {
      for number in 0..<live.segment.fileCount {
        let file = live.segment.file(number)
        let text = file.path.description.lowercased()
        let grade = query.pathFragments.map { PathMatch.grade(of: text, for: $0) }.max() ?? 0
        guard grade > 0, let chunk = file.chunks.first(where: { eligible[i]?.contains($0) ?? true }) else { continue }
        top.insert((ChunkPlace(segment: i, chunk: chunk), file.path, grade))
      }
    }
    return top.sorted().map(\.place)
  }

  /// A chunk with what both retrievers make of it.
  private typealias Scored = (place: ChunkPlace, termScore: Float, similarity: Float)

  private func fill(
    _ pool: inout CandidatePool, with places: Set<ChunkPlace>, byPath: Set<ChunkPlace>, plan: LexicalPlan,
    statistics: CollectionStatistics, vector: [Float]
  ) {
    // At most 64 words fit the bits of a candidate; a question that long is prose.
    let groups = plan.groups.prefix(64)
    pool.words = groups.map(\.word)
    pool.wordWeights = Self.wordWeights(groups, statistics: statistics)
    let scored = scores(of: places, plan: plan, statistics: statistics, vector: vector)
    pool.bestTermScore = scored.reduce(0) { max($0, $1.termScore) }
    pool.bestSimilarity = scored.reduce(pool.similarityFloor) { max($0, $1.similarity) }
    let kept = best(of: scored, byPath: byPath, for: pool)
    for (i, live) in snapshot.segments.enumerated() {
      let segment = live.segment
      let members = kept.filter { $0.place.segment == i }.sorted { $0.place.chunk < $1.place.chunk }
      if members.isEmpty { continue }
      let start = pool.candidates.count
      var lastFile = -1
      for member in members {
        let stored = segment.chunk(member.place.chunk)
        if stored.file != lastFile {
          pool.files.append(CandidateFile(segment.file(stored.file), analyzer: analyzer))
          lastFile = stored.file
        }
        pool.candidates.append(
          Candidate(
            place: member.place, file: pool.files.count - 1, stored: stored, termScore: member.termScore,
            similarity: member.similarity))
      }
      let chunks = members.map(\.place.chunk)
      for (bit, group) in groups.enumerated() {
        let (part, share) = plan.part(group, of: statistics)
        for (k, score) in segment.termScores(part, statistics: share, of: chunks).enumerated() where score > 0 {
          pool.candidates[start + k].heldWords |= 1 << UInt64(bit)
        }
      }
    }
  }

  /// Both scores of every place, whichever retriever brought it.
  private func scores(
    of places: Set<ChunkPlace>, plan: LexicalPlan, statistics: CollectionStatistics, vector: [Float]
  ) -> [Scored] {
    var scored: [Scored] = []
    let hasVector = vector.contains { $0 != 0 }
    for (i, live) in snapshot.segments.enumerated() {
      let chunks = places.filter { $0.segment == i }.map(\.chunk).sorted()
      if chunks.isEmpty { continue }
      let terms = live.segment.termScores(plan.query, statistics: statistics, of: chunks)
      let similarities = hasVector ? live.segment.vectorScores(vector, of: chunks) : []
      for (k, chunk) in chunks.enumerated() {
        scored.append((ChunkPlace(segment: i, chunk: chunk), terms[k], hasVector ? similarities[k] : 0))
      }
    }
    return scored
  }

  /// The best by the fused score, whose names and files are then looked at; and every place found by its path.
  private func best(of scored: [Scored], byPath: Set<ChunkPlace>, for pool: CandidatePool) -> [Scored] {
    var top = TopK<(scored: Scored, score: Float)>(limit: weights.rankedCount) { a, b in
      if a.score != b.score { return a.score > b.score }
      let (a, b) = (a.scored.place, b.scored.place)
      return a.segment == b.segment ? a.chunk < b.chunk : path(of: a) < path(of: b)
    }
    var kept: [Scored] = []
    for candidate in scored {
      if byPath.contains(candidate.place) {
        kept.append(candidate)
      } else {
        let parts = Fusion.parts(termScore: candidate.termScore, similarity: candidate.similarity, in: pool)
        top.insert((candidate, parts.words + parts.meaning))
      }
    }
    return kept + top.sorted().map(\.scored)
  }

  /// The share of each word by its rarity. A word that no chunk holds has none: no candidate can answer it.
  private static func wordWeights(_ groups: ArraySlice<LexicalPlan.Group>, statistics: CollectionStatistics) -> [Float]
  {
    let rarities = groups.map { group -> Float in
      let frequency = group.clauses.map { statistics.documentFrequencies[$0] }.max() ?? 0
      return frequency == 0 ? 0 : rarity(frequency, of: statistics.chunkCount)
    }
    let sum = rarities.reduce(0, +)
    return sum > 0 ? rarities.map { $0 / sum } : rarities
  }

  /// The inverse document frequency of BM25 in steps of a binary logarithm: exact on every machine, and close enough for
  /// a share.
  private static func rarity(_ frequency: Int, of count: Int) -> Float {
    let ratio = Float(max(count, frequency) + 1) / Float(frequency)
    return 1 + Float(ratio.exponent) + (ratio.significand - 1)
  }
}
