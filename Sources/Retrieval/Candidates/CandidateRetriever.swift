import Primitives
import Segments

/// Fetches candidates from every segment of a snapshot and fills in what the ranking steps look at. All work that grows
/// with the number of chunks is done inside the segments.
struct CandidateRetriever {
  let snapshot: IndexSnapshot
  let analyzer: Analyzer
  let weights: RankingWeights
  let retrievers: Searcher.Retrievers
  /// How many threads may look for candidates at once; as many as pay when there is none.
  let threadLimit: Int?

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
    let terms = TermScoring(plan, in: snapshot)
    let usesTerms = retrievers != .vectorsOnly && !plan.query.clauses.isEmpty
    let usesVectors = retrievers != .lexicalOnly && vector.contains { $0 != 0 }
    let found = retrieve(
      terms: usesTerms ? terms : nil, vector: usesVectors ? vector : nil, eligible: eligible,
      kinds: query.filters.kindFilter)
    pool.similarityFloor = found.byVector.map(\.score).min() ?? 0
    var places = (found.byTerms + found.byVector).map(\.place)
    let byPath = retrievers == .fused ? placesByPath(query, eligible: eligible).sorted() : []
    places += byPath
    fill(&pool, with: Self.distinct(places), byPath: byPath, plan: plan, terms: terms, vector: vector)
    return pool
  }

  /// The places in ascending order, each once.
  private static func distinct(_ places: [ChunkPlace]) -> [ChunkPlace] {
    let keys = places.map { UInt64($0.segment) << 32 | UInt64($0.chunk) }.sorted()
    var distinct: [ChunkPlace] = []
    distinct.reserveCapacity(keys.count)
    for (i, key) in keys.enumerated() where i == 0 || key != keys[i - 1] {
      distinct.append(ChunkPlace(segment: Int(key >> 32), chunk: Int(key & 0xFFFF_FFFF)))
    }
    return distinct
  }

  /// Below this many chunks it takes longer to wake another thread than it would save.
  private static let chunkCountForThreads = 10_000

  /// The best `weights.candidateCount` of each retriever, in no order; on several threads where there is much to look at. The
  /// answer does not depend on their number.
  private func retrieve(
    terms: TermScoring?, vector: [Float]?, eligible: [BitSet?], kinds: SymbolKindFilter?
  ) -> (byTerms: [Found], byVector: [Found]) {
    let segments = snapshot.segments.map(\.segment)
    let limit = weights.candidateCount
    let isLarge = segments.reduce(0) { $0 + $1.chunkCount } >= Self.chunkCountForThreads
    let threadLimit = self.threadLimit ?? (isLarge ? .max : 1)
    let byVector = vector.map {
      VectorSearch($0, in: Array(zip(segments, eligible)), kinds: kinds, limit: limit)
    }
    let pieces = byVector?.pieces ?? []
    // The largest first: what is best in it spares the others most.
    let order =
      terms == nil
      ? []
      : segments.indices.sorted {
        let (a, b) = (segments[$0].chunkCount, segments[$1].chunkCount)
        return a != b ? a > b : $0 < $1
      }
    let floor = RankFloor()
    let found = ThreadTeam.shared.map(order.count + pieces.count, threadLimit: threadLimit) { k -> PieceOfWork in
      if k >= order.count { return .byVector(byVector?.look(pieces[k - order.count]) ?? []) }
      guard let terms else { return .byTerms([]) }
      let i = order[k]
      let chunks = segments[i].bestByTerms(
        terms.prepared[i], terms.bm25, eligible: eligible[i], kinds: kinds, limit: limit, floor: floor)
      return .byTerms(chunks.map { Found(place: ChunkPlace(segment: i, chunk: $0.chunk), score: $0.score) })
    }
    var foundByTerms: [Found] = []
    var foundByVector: [[UInt64]] = []
    for piece in found {
      switch piece {
      case .byTerms(let found): foundByTerms += found
      case .byVector(let found): foundByVector.append(found)
      }
    }
    let similar = byVector?.best(of: foundByVector) ?? []
    return (
      best(foundByTerms),
      best(similar.map { Found(place: ChunkPlace(segment: $0.segment, chunk: $0.chunk), score: $0.score) })
    )
  }

  /// A place that a retriever gives, with its score.
  private struct Found: Sendable {
    var place: ChunkPlace
    var score: Float
  }

  private enum PieceOfWork: Sendable {
    case byTerms([Found])
    case byVector([UInt64])
  }

  /// The best of what one retriever found: by score, and where that is the same in the order of paths and lines.
  private func best(_ found: [Found]) -> [Found] {
    let limit = weights.candidateCount
    if limit <= 0 { return [] }
    if found.count <= limit { return found }
    let least = found.map(\.score).sorted(by: >)[limit - 1]
    let better = found.filter { $0.score > least }
    let last = found.filter { $0.score == least }.sorted { precedes($0.place, $1.place) }
    return better + last.prefix(limit - better.count)
  }

  /// The order of equal scores: that of paths, then of lines.
  private func precedes(_ a: ChunkPlace, _ b: ChunkPlace) -> Bool {
    a.segment == b.segment ? a.chunk < b.chunk : path(of: a) < path(of: b)
  }

  private func path(of place: ChunkPlace) -> FilePath {
    let segment = snapshot.segments[place.segment].segment
    return segment.path(ofFile: segment.fileNumber(ofChunk: place.chunk))
  }

  /// The first chunks of the files whose paths answer the path fragments of the question.
  private func placesByPath(_ query: ParsedQuery, eligible: [BitSet?]) -> [ChunkPlace] {
    if query.pathFragments.isEmpty { return [] }
    var top = TopK<(place: ChunkPlace, path: FilePath, grade: Float)>(limit: weights.pathCandidateCount) { a, b in
      a.grade != b.grade ? a.grade > b.grade : a.path < b.path
    }
    let kinds = query.filters.kindFilter
    let fragments = query.pathFragments.map { PathFragment($0) }
    for (i, live) in snapshot.segments.enumerated() {
      live.segment.forEachPath { number, bytes in
        guard fragments.contains(where: { $0.mayMatch(bytes) }) else { return }
        let path = FilePath(bytes: bytes.indices.map { bytes[$0] })
        let text = path.description.lowercased()
        let grade = query.pathFragments.map { PathMatch.grade(of: text, for: $0) }.max() ?? 0
        guard grade > 0,
          let chunk = live.segment.chunks(ofFile: number).first(where: { chunk in
            (eligible[i]?.contains(chunk) ?? true) && (kinds.map { live.segment.passes($0, chunk: chunk) } ?? true)
          })
        else { return }
        top.insert((ChunkPlace(segment: i, chunk: chunk), path, grade))
      }
    }
    return top.sorted().map(\.place)
  }

  /// A chunk with what both retrievers make of it.
  private struct Scored {
    var place: ChunkPlace
    var termScore: Float
    var heldWords: UInt64
    var similarity: Float
  }

  private func fill(
    _ pool: inout CandidatePool, with places: [ChunkPlace], byPath: [ChunkPlace], plan: LexicalPlan,
    terms: TermScoring, vector: [Float]
  ) {
    // At most 64 words fit the bits of a candidate; a question that long is prose.
    let groups = plan.groups.prefix(64)
    pool.words = groups.map(\.word)
    pool.wordWeights = Self.wordWeights(groups, statistics: terms.statistics)
    let scored = scores(of: places, plan: plan, terms: terms, vector: vector)
    pool.bestTermScore = scored.reduce(0) { max($0, $1.termScore) }
    pool.bestSimilarity = scored.reduce(pool.similarityFloor) { max($0, $1.similarity) }
    let kept = best(of: scored, byPath: byPath, for: pool).sorted { $0.place < $1.place }
    var start = 0
    while start < kept.count {
      let number = kept[start].place.segment
      let end = kept[start...].firstIndex { $0.place.segment != number } ?? kept.count
      let segment = snapshot.segments[number].segment
      let first = pool.chunks.entries.count
      segment.read(kept[start..<end].map(\.place.chunk), into: &pool.chunks)
      var lastFile = -1
      for (k, member) in kept[start..<end].enumerated() {
        let entry = pool.chunks.entries[first + k]
        if entry.file != lastFile {
          let path = segment.path(ofFile: entry.file)
          pool.files.append(CandidateFile(path, language: segment.language(ofFile: entry.file)))
          lastFile = entry.file
        }
        var candidate = Candidate(
          place: member.place, file: pool.files.count - 1, chunk: first + k, firstLine: entry.lines.lowerBound,
          termScore: member.termScore, similarity: member.similarity)
        candidate.heldWords = member.heldWords
        pool.candidates.append(candidate)
      }
      start = end
    }
  }

  /// Both scores of every place, whichever retriever brought it.
  private func scores(of places: [ChunkPlace], plan: LexicalPlan, terms: TermScoring, vector: [Float]) -> [Scored] {
    var scored: [Scored] = []
    scored.reserveCapacity(places.count)
    let hasVector = vector.contains { $0 != 0 }
    var start = 0
    while start < places.count {
      let number = places[start].segment
      let end = places[start...].firstIndex { $0.segment != number } ?? places.count
      let segment = snapshot.segments[number].segment
      let chunks = places[start..<end].map(\.chunk)
      let matches = segment.termMatches(terms.prepared[number], terms.bm25, groups: terms.groups, of: chunks)
      let similarities = hasVector ? segment.vectorScores(vector, of: chunks) : []
      for k in chunks.indices {
        scored.append(
          Scored(
            place: places[start + k], termScore: matches[k].score, heldWords: matches[k].groups,
            similarity: hasVector ? similarities[k] : 0))
      }
      start = end
    }
    return scored
  }

  /// The best by the fused score, whose names and files are then looked at; and every place found by its path (ascending).
  private func best(of scored: [Scored], byPath: [ChunkPlace], for pool: CandidatePool) -> [Scored] {
    var kept: [Scored] = []
    var others: [(score: Float, number: Int)] = []
    others.reserveCapacity(scored.count)
    var nextByPath = 0
    for (number, candidate) in scored.enumerated() {
      while nextByPath < byPath.count, byPath[nextByPath] < candidate.place { nextByPath += 1 }
      if nextByPath < byPath.count, byPath[nextByPath] == candidate.place {
        kept.append(candidate)
      } else {
        let parts = Fusion.parts(termScore: candidate.termScore, similarity: candidate.similarity, in: pool)
        others.append((parts.words + parts.meaning, number))
      }
    }
    // What cannot be among the best is not sorted.
    if weights.rankedCount > 0, others.count > 2 * weights.rankedCount {
      let least = others.map(\.score).sorted(by: >)[weights.rankedCount - 1]
      others.removeAll { $0.score < least }
    }
    others.sort {
      $0.score != $1.score ? $0.score > $1.score : precedes(scored[$0.number].place, scored[$1.number].place)
    }
    return kept + others.prefix(weights.rankedCount).map { scored[$0.number] }
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
