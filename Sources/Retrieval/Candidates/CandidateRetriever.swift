import Chunking
import Primitives
import QueryLanguage
import Segments

/// Finds the candidates of a question in every segment of a snapshot, with both scores of each. All work that grows with the number of
/// chunks is done inside the segments.
struct CandidateRetriever {
  let snapshot: IndexSnapshot
  let weights: RankingWeights
  let retrievers: Searcher.Retrievers
  let tree: SourceTree
  /// Shares the work out.
  let crew: Crew
  let context: SearchContext

  /// The candidates for `query`. Throws `.cancelled` and `.timedOut`.
  ///
  /// - Parameters:
  ///   - vector: of the question; all zeros when it says nothing to the model.
  ///   - holders: chunks that hold a quoted phrase.
  ///   - excluded: a chunk that must not be among them.
  ///   - wanted: how many chunks the page shows; where the best are fewer, all that hold words of the question are looked through.
  func candidates(
    for asked: ParsedQuery, vector: [Float], holders: [ChunkPlace] = [], excluding excluded: ChunkPlace? = nil,
    wanted: Int = 0
  ) throws(Failure) -> FoundCandidates {
    let eligible = snapshot.segments.indices.map { i -> BitSet? in
      let live = snapshot.segments[i]
      guard var set = asked.filters.eligible(in: live, context: context) else {
        guard let excluded, excluded.segment == i else { return nil }
        var all = BitSet(capacity: live.segment.chunkCount, filled: true)
        all.remove(excluded.chunk)
        return all
      }
      if let excluded, excluded.segment == i { set.remove(excluded.chunk) }
      return set
    }
    try context.check()
    let (query, known) = asked.isPasted ? choosingRarest(of: asked) : (asked, [:])
    let kinds = query.filters.kindFilter
    let usesVectors = retrievers != .lexicalOnly && vector.contains { $0 != 0 }
    // Vectors can be looked at while words are still looked up.
    let similar =
      usesVectors
      ? VectorWork(vector, in: snapshot, eligible, kinds, limit: weights.candidateCount, crew, context)
      : nil
    let plan = LexicalPlan(query, weights: weights)
    let terms = TermScoring(plan, in: snapshot, context: context)
    try context.check()
    let usesTerms = retrievers != .vectorsOnly && !plan.query.clauses.isEmpty
    let chunkCount = terms.statistics.chunkCount
    var frequencies = known
    for group in plan.groups { frequencies[group.word] = terms.frequencies[group.typed] }
    let copied = retrievers == .fused ? CopiedTextSearch(query, in: snapshot, tree, crew, context) : nil
    let written = WrittenQuery(
      query, frequencies: copied.map { $0.frequencies.merging(frequencies) { $1 } } ?? frequencies,
      chunkCount: chunkCount)
    let byTerms =
      usesTerms ? best(try foundByTerms(terms, eligible: eligible, kinds: kinds, limit: weights.candidateCount)) : []
    try context.check()
    let byVector = best(similar?.results() ?? [])
    try context.check()
    let gradesByPath = retrievers == .fused ? placesByPath(query, eligible: eligible) : [:]
    try context.check()
    var asWritten = try copied?.places(of: written, eligible: eligible) ?? []
    var byPath = Set(gradesByPath.keys).union(
      (holders + asWritten).filter { place in
        (eligible[place.segment]?.contains(place.chunk) ?? true)
          && (kinds.map { snapshot.segments[place.segment].segment.passes($0, chunk: place.chunk) } ?? true)
      }
    ).sorted()
    let places = Self.distinct(byTerms, byVector, byPath)
    // So many words fit the bits of a candidate; a question that long is prose.
    let groups = plan.groups.prefix(TermScoring.groupLimit)
    let words = crew.start(1) { _ in
      QuestionWords(
        query, words: groups.map(\.word), weights: Self.wordWeights(groups, statistics: terms.statistics))
    }
    let typedShares = groups.map { written.certainty(ofFrequency: Float(frequencies[$0.word] ?? 0), of: chunkCount) }
    var scored = try scores(of: places, terms: terms, vector: vector)
    if copied == nil, retrievers == .fused, hasMoreWholes(scored, of: query, groupCount: groups.count),
      let search = CopiedTextSearch(of: query.text, in: snapshot, tree, crew, context)
    {
      // Words that many chunks hold, which may stand one behind the other in a chunk that is not among the best.
      asWritten = try search.places(of: written, eligible: eligible, least: WrittenQuery.wholeEvidence).filter {
        place in
        kinds.map { snapshot.segments[place.segment].segment.passes($0, chunk: place.chunk) } ?? true
      }
      let known = Set(places)
      scored += try scores(of: asWritten.filter { !known.contains($0) }, terms: terms, vector: vector)
      scored.sort { $0.place < $1.place }
      byPath = Set(byPath).union(asWritten).sorted()
    }
    for i in scored.indices where !gradesByPath.isEmpty {
      if let named = gradesByPath[scored[i].place] {
        scored[i].placeGrade = named.grade
        scored[i].placeLine = named.line
      }
    }
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
    let (kept, rest) = best(of: scored, byPath: byPath, by: fusion, promise: promise, written, asWritten: asWritten)
    let question = Question(
      query, weights: weights, retrievers: retrievers, words: words.results()[0], fusion: fusion, written: written,
      wordFrequency: groups.count == 1 ? groups.first.flatMap { frequencies[$0.word] } ?? 0 : 0, chunkCount: chunkCount)
    var found = FoundCandidates(question: question, candidates: kept, rest: rest, frequencies: frequencies)
    if usesTerms, wanted > places.count {
      let more = try foundByTerms(terms, eligible: eligible, kinds: kinds, limit: wanted)
      let shown = Set(scored.map(\.place))
      let further = numbersOfBest(wanted, scores: more.map(\.score)) { more[$0].place }.map { more[$0].place }
      found.beyond = try scores(of: further.filter { !shown.contains($0) }.sorted(), terms: terms, vector: vector)
    }
    return found
  }

  /// The places in ascending order, each once.
  private static func distinct(_ byTerms: [Found], _ byVector: [Found], _ byPath: [ChunkPlace]) -> [ChunkPlace] {
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

  /// The best `limit` by their words of each segment, in no order.
  private func foundByTerms(
    _ terms: TermScoring, eligible: [BitSet?], kinds: SymbolKindFilter?, limit: Int
  ) throws(Failure) -> [Found] {
    let segments = snapshot.segments.map(\.segment)
    // The largest first: what is best in it spares the others most.
    let order = segments.indices.sorted {
      let (a, b) = (segments[$0].chunkCount, segments[$1].chunkCount)
      return a != b ? a > b : $0 < $1
    }
    let floor = RankFloor()
    let found = try crew.map(order.count, context) { k -> [Found] in
      let i = order[k]
      let chunks = segments[i].bestByTerms(
        terms.prepared[i], terms.bm25, eligible: eligible[i], kinds: kinds, limit: limit, floor: floor, context: context
      )
      return chunks.map { Found(place: ChunkPlace(segment: i, chunk: $0.chunk), score: $0.score) }
    }
    return found.flatMap { $0 }
  }

  /// The search for similar vectors, under way.
  private struct VectorWork {
    private let search: VectorSearch
    private let pieces: Pieces<Void>

    init(
      _ vector: [Float], in snapshot: IndexSnapshot, _ eligible: [BitSet?], _ kinds: SymbolKindFilter?, limit: Int,
      _ crew: Crew, _ context: SearchContext
    ) {
      let search = VectorSearch(
        vector, in: Array(zip(snapshot.segments.map(\.segment), eligible)), kinds: kinds, limit: limit)
      self.search = search
      pieces = crew.start(search.pieces.count) { if !context.isOver { search.look(search.pieces[$0]) } }
    }

    /// The best, and what is as good as the last of them, in no order.
    func results() -> [Found] {
      _ = pieces.results()
      return search.best().map {
        Found(place: ChunkPlace(segment: $0.segment, chunk: $0.chunk), score: $0.score)
      }
    }
  }

  /// A place that a retriever gives, with its score.
  private struct Found: Sendable {
    var place: ChunkPlace
    var score: Float
  }

  /// The best of what one retriever found: by score, and where that is the same in the order of paths and lines.
  private func best(_ found: [Found]) -> [Found] {
    numbersOfBest(weights.candidateCount, scores: found.map(\.score)) { found[$0].place }.map { found[$0] }
  }

  /// The numbers, ascending, of the `limit` best by score, and where that is the same in the order of paths and lines.
  private func numbersOfBest(_ limit: Int, scores: [Float], place: (Int) -> ChunkPlace) -> [Int] {
    if limit <= 0 { return [] }
    if scores.count <= limit { return Array(scores.indices) }
    var entries = scores.enumerated().map { UInt64($1.rank) << 32 | UInt64($0) }
    entries.moveLargestToFront(limit)
    // What is as good as the last of them may come before it.
    let least = entries[..<limit].min().map { UInt32(truncatingIfNeeded: $0 >> 32) } ?? 0
    var last = scores.indices.filter { scores[$0].rank == least }
    let free = limit - entries[..<limit].count { UInt32(truncatingIfNeeded: $0 >> 32) > least }
    if last.count > free { last = last.sorted { snapshot.precedes(place($0), place($1)) }.prefix(free).sorted() }
    var next = 0
    return scores.indices.filter { i in
      let rank = scores[i].rank
      guard rank == least, next < last.count, last[next] == i else { return rank > least }
      next += 1
      return true
    }
  }

  /// A pasted text with the terms that tell most, in their order, and in how many chunks each of all its terms stands.
  private func choosingRarest(of query: ParsedQuery) -> (ParsedQuery, [String: Int]) {
    var seen: Set<String> = []
    let terms = query.terms.filter { !$0.isStopWord && $0.word.utf8.count > 1 && seen.insert($0.word).inserted }
    let found = TermScoring(LexicalPlan(words: terms), in: snapshot, context: context)
    var frequencies: [String: Int] = [:]
    var value: [Float] = []
    for (term, frequency) in zip(terms, found.frequencies) {
      frequencies[term.word] = frequency
      let bits = frequency == 0 ? 0 : Self.rarity(frequency, of: found.statistics.chunkCount)
      value.append(term.isIdentifier ? 1.5 * bits : bits)
    }
    let chosen = terms.indices.filter { value[$0] > 0 }.sorted {
      value[$0] != value[$1] ? value[$0] > value[$1] : $0 < $1
    }
    .prefix(TermScoring.groupLimit).sorted()
    var query = query
    query.terms = chosen.map { terms[$0] }
    return (query, frequencies)
  }

  /// The first chunks of the files whose paths answer the path fragments of the query, and the chunks that hold the lines it names;
  /// for these, how surely they are what is meant.
  private func placesByPath(_ query: ParsedQuery, eligible: [BitSet?]) -> [ChunkPlace: NamedPlace] {
    if query.pathFragments.isEmpty, query.places.isEmpty { return [:] }
    typealias Named = (place: ChunkPlace, path: FilePath, grade: Float, line: Int)
    func precedes(_ a: Named, _ b: Named) -> Bool { a.grade != b.grade ? a.grade > b.grade : a.path < b.path }
    var top = TopK<Named>(limit: weights.pathCandidateCount, by: precedes)
    var lines = TopK<Named>(limit: weights.pathCandidateCount, by: precedes)
    let kinds = query.filters.kindFilter
    let fragments = (query.pathFragments + query.places.map(\.path)).map { PathFragment($0) }
    for (i, live) in snapshot.segments.enumerated() {
      let segment = live.segment
      func isWanted(_ chunk: Int) -> Bool {
        (eligible[i]?.contains(chunk) ?? true) && (kinds.map { segment.passes($0, chunk: chunk) } ?? true)
      }
      segment.forEachPath(context: context) { number, bytes in
        guard fragments.contains(where: { $0.mayMatch(bytes) }) else { return }
        let path = FilePath(bytes: bytes.indices.map { bytes[$0] })
        let text = path.description.lowercased()
        let chunks = segment.chunks(ofFile: number)
        for (order, named) in query.places.enumerated() {
          let match = PathMatch.gradeOfFile(
            text, for: named.path, isAbsolute: named.isAbsolute, from: query.directory)
          if named.isBareName, match < 0.85 { continue }
          var grade = match * (1 - 0.25 * Float(order) / Float(query.places.count))
          // A name alone may be that of a caller's file, which lies in another tree.
          if query.hasPlaceBeside, match < 1, !named.path.contains("/") { grade *= weights.place / weights.placeBeside }
          // The chunk that holds the line, or ends before it.
          guard grade > 0.1, let chunk = Self.chunk(holding: named.line, of: chunks, in: segment), isWanted(chunk)
          else {
            continue
          }
          // A namesake that is too short is hardly meant.
          let isLong = segment.chunk(chunk).chunk.lines.upperBound + Self.blankLineCount >= named.line
          lines.insert((ChunkPlace(segment: i, chunk: chunk), path, isLong ? grade : grade * 0.8, named.line))
        }
        let grade = PathMatch.grade(of: text, for: query)
        guard grade > 0, let chunk = chunks.first(where: isWanted) else { return }
        top.insert((ChunkPlace(segment: i, chunk: chunk), path, grade, 0))
      }
    }
    var places: [ChunkPlace: NamedPlace] = [:]
    for named in top.sorted() { places[named.place] = NamedPlace(grade: 0, line: 0) }
    // Of a name that several files bear, beside a copied message, none is surely meant: the message tells which file it is.
    let found = lines.sorted()
    let isDoubtful = query.isCopied && query.places.count == 1 && !query.places[0].path.contains("/") && found.count > 1
    for var named in found {
      if isDoubtful, named.grade < 0.5 { named.grade /= 2 }
      guard places[named.place].map({ named.grade > $0.grade }) ?? true else { continue }
      places[named.place] = NamedPlace(grade: named.grade, line: named.line)
    }
    return places
  }

  /// Lines between chunks, or behind the last, that may be in none.
  private static let blankLineCount = 8

  /// A chunk that a path, or a path with a line, names: how surely, and the line, or 0.
  private struct NamedPlace {
    var grade: Float
    var line: Int
  }

  /// The last of `chunks` that does not begin behind `line`. Chunks of a file follow each other.
  private static func chunk(holding line: Int, of chunks: Range<Int>, in segment: Segment) -> Int? {
    var low = chunks.lowerBound
    var high = chunks.upperBound
    while low < high {
      let middle = (low + high) / 2
      if segment.chunk(middle).chunk.lines.lowerBound <= line { low = middle + 1 } else { high = middle }
    }
    return chunks.isEmpty ? nil : max(chunks.lowerBound, low - 1)
  }

  /// Both scores of every place, whichever retriever brought it.
  private func scores(of places: [ChunkPlace], terms: TermScoring, vector: [Float]) throws(Failure) -> [FoundCandidate]
  {
    let hasVector = vector.contains { $0 != 0 }
    let segments = snapshot.segments.map(\.segment)
    let parts = Self.parts(places, count: crew.size)
    let scored = try crew.map(parts.count, context) { part -> [FoundCandidate] in
      let number = places[parts[part].lowerBound].segment
      let segment = segments[number]
      let chunks = places[parts[part]].map(\.chunk)
      let matches = segment.termMatches(terms.prepared[number], terms.bm25, groups: terms.groups, of: chunks)
      let similarities = hasVector ? segment.vectorScores(vector, of: chunks) : []
      return chunks.indices.map {
        FoundCandidate(
          place: ChunkPlace(segment: number, chunk: chunks[$0]), termScore: matches[$0].score,
          heldWords: (matches[$0].groups | matches[$0].groups >> UInt64(TermScoring.groupLimit))
            & (1 << UInt64(TermScoring.groupLimit) - 1),
          similarity: hasVector ? similarities[$0] : 0,
          heldTyped: matches[$0].groups >> UInt64(TermScoring.groupLimit))
      }
    }
    return scored.flatMap { $0 }
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

  /// The best by the fused score, whose names and files are then looked at; those whose text is read, to see whether it holds the
  /// query as written; and every place found by its path. In the order of places, as they come.
  ///
  /// - Parameters:
  ///   - promise: for each how surely the words that it holds as they were typed tell it, had they the query's order.
  ///   - asWritten: chunks that are known to hold much of a copied text.
  private func best(
    of scored: [FoundCandidate], byPath: [ChunkPlace], by fusion: Fusion, promise: [Float], _ written: WrittenQuery,
    asWritten: [ChunkPlace]
  ) -> (kept: [FoundCandidate], rest: [FoundCandidate]) {
    var isKept = Self.marks(of: byPath, among: scored)
    // A query of one word is held as it was written by what holds the word; the words of others need not stand together.
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
    let best = numbersOfBest(weights.rankedCount, scores: scores) { scored[others[$0]].place }
    for i in best { isKept[others[i]] = true }
    var isToBeRead = [Bool](repeating: false, count: scored.count)
    if retrievers == .fused, !weights.disabled.contains(.written), !written.isEmpty {
      let limit =
        written.isOneWord
        ? weights.readCountOfOneWord : written.isOneUnit ? weights.readCountOfUnit : weights.readCount
      let held = scored.indices.filter { scored[$0].heldTyped != 0 && (isKept[$0] || !written.isOneWord) }
      let best = numbersOfBest(
        limit,
        scores: held.map { promise[$0] + fusion.parts(termScore: scored[$0].termScore, similarity: 0).words / 8 }
      ) { scored[held[$0]].place }
      if !asWritten.isEmpty { isToBeRead = Self.marks(of: asWritten, among: scored) }
      for number in best { isToBeRead[held[number]] = true }
    }
    var kept: [FoundCandidate] = []
    var rest: [FoundCandidate] = []
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
  private static func marks(of places: [ChunkPlace], among scored: [FoundCandidate]) -> [Bool] {
    var marks = [Bool](repeating: false, count: scored.count)
    var next = 0
    for place in places {
      while next < scored.count, scored[next].place < place { next += 1 }
      if next < scored.count, scored[next].place == place { marks[next] = true }
    }
    return marks
  }

  /// Whether more candidates hold all words of `query` as they were typed than are read, so that others may hold them too.
  private func hasMoreWholes(_ scored: [FoundCandidate], of query: ParsedQuery, groupCount: Int) -> Bool {
    if query.isPasted || query.shape == .symbol || query.shape == .path || query.terms.count < 3 { return false }
    let all = groupCount < 64 ? UInt64(1) << UInt64(groupCount) - 1 : .max
    return scored.count { $0.heldTyped & all == all } > weights.readCount
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
