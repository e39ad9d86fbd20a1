import Chunking
package import Corpus
package import Embedding
package import Primitives
package import QueryLanguage
package import Segments

/// The read flow over one snapshot: parse, fetch candidates from every segment, rank, verify on disk, show.
/// Thread-safe, and cheap to make.
package struct Searcher: Sendable {
  /// Which retrievers run; the ranking tests ablate them one by one. A retriever alone is shown as it is, without the
  /// ranking steps.
  package enum Retrievers: String, Sendable { case fused, lexicalOnly, vectorsOnly }

  private var snapshot: IndexSnapshot
  private let embedder: any Embedder
  /// Embeds the names of candidates, and the query once more where it is another model.
  private let nameEmbedder: any Embedder
  private let reranking: Reranking?
  private let roots: [FilePath]
  private let fileByteCountLimit: Int
  private let followsLinks: Bool
  private let revision: RevisionFiles?
  private let retrievers: Retrievers
  private let weights: RankingWeights
  private let threadLimit: Int?
  /// What is known of the commits where the snapshot is that of a history.
  package var removals: (any RemovalView)?
  /// The files where they lie in no directory.
  package var removed: (any RemovedFiles)?
  /// Brings the candidates of each query, where they lie elsewhere; the snapshot that the searcher was made with is
  /// then of no meaning.
  package var source: (any CandidateSource)?
  private let analyzer = Analyzer()

  /// - Parameters:
  ///   - embedder: the model that the index was built with.
  ///   - nameEmbedder: compares the query with what candidates are called: a hundred short texts for each query, so a
  ///     model that takes microseconds for each. When left out it is `embedder`, or the built-in model where that is
  ///     one that had better be asked for many texts at once.
  ///   - reranking: the cross-encoder reranking of the top k; none when left out.
  ///   - roots: the corpora of the snapshot on disk, in their order, against which every result is checked.
  ///   - fileByteCountLimit: of a file that has grown beyond it nothing is read, and so nothing shown.
  ///   - followsLinks: whether files behind links that lead out of the tree are read, as they were indexed.
  ///   - revision: the commit that the snapshot is of, whose files are read in place of those at the root.
  ///   - threadLimit: how many threads may search for candidates at once, whatever the size of the index; when left
  ///     out, as many as there are processors where that pays. The results are the same.
  package init(
    snapshot: IndexSnapshot, embedder: any Embedder, nameEmbedder: (any Embedder)? = nil,
    reranking: Reranking? = nil, roots: [FilePath], fileByteCountLimit: Int = 64 << 20, followsLinks: Bool = false,
    revision: RevisionFiles? = nil, retrievers: Retrievers = .fused,
    weights: RankingWeights = RankingWeights(), threadLimit: Int? = nil
  ) {
    self.snapshot = snapshot
    self.embedder = embedder
    self.nameEmbedder = nameEmbedder ?? Self.defaultNameEmbedder(for: embedder)
    self.reranking = reranking
    self.roots = roots
    self.fileByteCountLimit = fileByteCountLimit
    self.followsLinks = followsLinks
    self.revision = revision
    self.retrievers = retrievers
    self.weights = weights
    self.threadLimit = threadLimit
  }

  /// The same over a snapshot of one corpus, at `root`.
  package init(
    snapshot: IndexSnapshot, embedder: any Embedder, nameEmbedder: (any Embedder)? = nil,
    reranking: Reranking? = nil, root: FilePath, fileByteCountLimit: Int = 64 << 20, followsLinks: Bool = false,
    revision: RevisionFiles? = nil, retrievers: Retrievers = .fused,
    weights: RankingWeights = RankingWeights(), threadLimit: Int? = nil
  ) {
    self.init(
      snapshot: snapshot, embedder: embedder, nameEmbedder: nameEmbedder, reranking: reranking, roots: [root],
      fileByteCountLimit: fileByteCountLimit, followsLinks: followsLinks, revision: revision,
      retrievers: retrievers, weights: weights, threadLimit: threadLimit)
  }

  private static func defaultNameEmbedder(for embedder: any Embedder) -> any Embedder {
    guard embedder.batch != nil, let builtIn = try? StaticModel.builtIn() else { return embedder }
    return builtIn
  }

  /// The best places for `query`, best first. A page of 5 is the beginning of the page of 50. Throws what the embedder
  /// throws, and `.damaged` where what was read of the index is not what was written.
  ///
  /// - Parameter context: ends the search within milliseconds of its end, wherever it stands, but for an embedder or a
  ///   reranker that cannot be stopped: `.cancelled` or `.timedOut` is thrown, and never shorter results given for the
  ///   whole.
  package func search(
    _ query: SearchQuery, context: SearchContext = SearchContext()
  ) throws(Failure) -> SearchResults {
    try soundly { () throws(Failure) in
      let results = try searchOnce(query, context)
      guard let meant = Self.meant(by: query, results) else { return results }
      var other = query
      other.text = meant
      var near = try searchOnce(other, context)
      // What was asked for is nowhere all the same.
      (near.absences, near.isAbsent, near.filterProblems) = (results.absences, results.isAbsent, results.filterProblems)
      near.query = results.query
      return near
    }
  }

  /// The query with the nearest name in place of the one that was asked for and is nowhere: a slip of the keyboard,
  /// whose places are nearer than anything that is semantically similar. Nil if nothing is spelt nearly so.
  private static func meant(by query: SearchQuery, _ results: SearchResults) -> String? {
    guard results.isAbsent, results.query.condition == nil, results.query.misunderstood.isEmpty,
      results.absences.count == 1,
      let absence = results.absences.first,
      absence.kind == .name || absence.kind == .word, let near = absence.nearNames.first, near != absence.text
    else { return nil }
    guard let place = query.text.firstRange(of: absence.text) else { return nil }
    let rest = query.text[place.upperBound...]
    return rest.contains(absence.text) ? nil : query.text[..<place.lowerBound] + near + rest
  }

  /// What `body` gives, unless it was read from a damaged segment: then anything may have been wrong, an error too.
  private func soundly<Value>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    let value: Value
    do throws(Failure) { value = try body() } catch { throw snapshot.damage ?? error }
    if let damage = snapshot.damage { throw damage }
    return value
  }

  /// - Parameter embedded: the vector of the query, where it is known.
  private func searchOnce(
    _ query: SearchQuery, _ context: SearchContext, embedded: [Float]? = nil
  ) throws(Failure) -> SearchResults {
    try context.check()
    if let source {
      let found = try source.snapshot(for: query, context)
      return try over(found.snapshot) { searcher throws(Failure) in
        try searcher.searchOnce(query, context, embedded: found.vector)
      }
    }
    let tree = makeTree()
    return try ThreadPool.shared.withScope(threadLimit: threadLimit ?? usefulThreadCount) { scope throws(Failure) in
      var parsed = QueryParser(analyzer: analyzer).parse(
        query, isThere: { snapshot.holdsFile(of: $0, from: query, context: context) },
        isPath: { snapshot.holdsName($0, context: context) })
      try context.check()
      if let mistake = parsed.patternMistakes.first(where: \.isWhole) {
        throw Failure(
          .invalidArgument,
          "\(mistake.typed) is not a pattern: \(mistake.reason); what stands in quotation marks is searched for as it "
            + "is written")
      }
      if let removals { parsed = parsed.resolved(by: removals) }
      if parsed.terms.isEmpty, parsed.sought.isEmpty, parsed.patterns.isEmpty,
        !parsed.filters.isEmpty || parsed.condition != nil
      {
        throw Failure(
          .invalidArgument,
          parsed.condition == nil
            ? "the query has filters and nothing to search for; add a word, a name or a path"
            : "the query says what to leave out or to filter by, and nothing to search for; add a word, a name or "
              + "a path"
        )
      }
      let vector: [Float]
      if retrievers == .lexicalOnly {
        vector = []
      } else if let embedded {
        vector = embedded
      } else if parsed.isOfPatterns {
        // A pattern means nothing to a model.
        vector = [Float](repeating: 0, count: embedder.identity.dimensions)
      } else {
        vector = try embedder.embed(query: parsed.embeddedText, context: context)
      }
      try context.check()
      let absence =
        retrievers == .fused
        ? AbsenceSearch(snapshot: snapshot, tree: tree, context: context, byteLimit: weights.phraseByteLimit) : nil
      let sought =
        absence?.sought(
          by: &parsed, limit: max(weights.rankedCount, query.leavesOutNear ? query.chunkCount : 0))
        ?? AbsenceSearch.Sought()
      try context.check()
      let found = try retriever(scope, tree, context).candidates(
        for: parsed, vector: vector, holders: sought.holders, wanted: query.chunkCount)
      let nameVector =
        retrievers != .fused || isOneModel
        ? vector
        : parsed.isOfPatterns
          ? [Float](repeating: 0, count: nameEmbedder.identity.dimensions)
          : try nameEmbedder.embed(query: parsed.embeddedText, context: context)
      try context.check()
      let verdict = absence.map { absence in
        scope.start(1) { [parsed] _ in absence.verdict(on: parsed, sought, found) }
      }
      var results = try answer(found, nameVector: nameVector, query: query, tree, scope, context)
      // To close a dozen files takes as long as to find out the rest.
      let closing = scope.start(1) { _ in tree.closeKept() }
      results.filterProblems = parsed.filterProblems(
        in: snapshot, from: query.origin.directory, isUnanswered: results.results.isEmpty,
        isUndecided: found.uncheckedCount > 0, context: context)
      if found.uncheckedCount > 0 {
        let hasPattern = parsed.condition?.holdsPattern ?? false
        results.filterProblems.append(.unchecked(count: found.uncheckedCount, ofPattern: hasPattern))
      }
      results.notes += found.notes
      results.filterProblems += sought.undecided.map { .undecided($0.text) }
      for failure in found.unreadable { results.note(unreadable: failure) }
      results.query = parsed
      if let verdict { (results.absences, results.isAbsent) = verdict.results()[0] }
      _ = closing.results()
      // Whatever stopped half-way before, it is not given.
      try context.check()
      return results
    }
  }

  /// The chunks most like the one at `line` of `path`, which itself is left out. Throws `.notFound` when the index has
  /// no such place, what `search` throws, and what the system says where the file cannot be read. It ends with
  /// `context`, as `search` does.
  ///
  /// - Parameter corpus: the one that the file is of, by its position in the snapshot.
  package func related(
    to path: FilePath, inCorpus corpus: Int = 0, line: Int, query: SearchQuery,
    context: SearchContext = SearchContext()
  ) throws(Failure) -> SearchResults {
    try soundly { () throws(Failure) in
      try relatedOnce(to: SourcePath(path, corpus: corpus), line: line, query: query, context)
    }
  }

  private func relatedOnce(
    to path: SourcePath, line: Int, query: SearchQuery, _ context: SearchContext
  ) throws(Failure) -> SearchResults {
    try context.check()
    if let source {
      // First the file alone, whose chunk says by which words and which vector others are found.
      let own = try source.snapshot(of: path.path, context)
      let described = try over(own) { searcher throws(Failure) in
        try searcher.description(of: path, line: line, query: query, context: context)
      }
      let all = try source.snapshot(of: path.path, like: described.query, vector: described.vector, context)
      return try over(all) { searcher throws(Failure) in
        try searcher.relatedOnce(to: path, line: line, query: query, context)
      }
    }
    let tree = makeTree()
    let (place, text, lines) = try chunk(at: line, of: path, in: tree)
    let asked = QueryParser(analyzer: analyzer).parse(query)
    let (parsed, vector) = description(of: place, in: text, asked, context)
    try context.check()
    let isComparable = snapshot.segments[place.segment].isComparable
    let piece = text.start(ofLine: lines.lowerBound)..<text.start(ofLine: lines.upperBound + 1)
    let nameVector =
      isComparable && (retrievers != .fused || isOneModel)
      ? vector : try nameEmbedder.embed(text.bytes.span, pieces: [piece], path: path.path)
    return try ThreadPool.shared.withScope(threadLimit: threadLimit ?? usefulThreadCount) { scope throws(Failure) in
      try context.check()
      let found = try retriever(scope, tree, context).candidates(for: parsed, vector: vector, excluding: place)
      var results = try answer(found, nameVector: nameVector, query: query, tree, scope, context)
      results.filterProblems = parsed.filterProblems(
        in: snapshot, from: "", isUnanswered: results.results.isEmpty, context: context)
      results.query = asked
      try context.check()
      return results
    }
  }

  /// What `body` gives of the same searcher over a snapshot that its source has brought.
  private func over<Value>(
    _ snapshot: IndexSnapshot, _ body: (Searcher) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    var searcher = self
    searcher.snapshot = snapshot
    searcher.source = nil
    let moved = searcher
    return try moved.soundly { () throws(Failure) in try body(moved) }
  }

  /// The query for which `related` searches, and the vector of the chunk that it is about.
  private func description(
    of path: SourcePath, line: Int, query: SearchQuery, context: SearchContext
  ) throws(Failure) -> (query: ParsedQuery, vector: [Float]) {
    let (place, text, _) = try chunk(at: line, of: path, in: makeTree())
    return description(of: place, in: text, QueryParser(analyzer: analyzer).parse(query), context)
  }

  private func description(
    of place: ChunkPlace, in text: SourceText, _ asked: ParsedQuery, _ context: SearchContext
  ) -> (query: ParsedQuery, vector: [Float]) {
    let live = snapshot.segments[place.segment]
    var parsed = asked
    let description = RelatedTerms(of: live.segment.chunk(place.chunk), in: text, analyzer: analyzer)
    parsed.terms =
      description.rarest(limit: weights.relatedTermCount, weights: weights) {
        CollectionScorer($0, in: snapshot, context: context).statistics
      } + parsed.terms
    parsed.shape = .words
    return (parsed, live.isComparable ? live.segment.vector(ofChunk: place.chunk) : [])
  }

  private func makeTree() -> SourceTree {
    if let removed { return SourceTree(removed, byteCountLimit: fileByteCountLimit) }
    return SourceTree(
      roots: roots, byteCountLimit: fileByteCountLimit, followsLinks: followsLinks, revision: revision)
  }

  private var isOneModel: Bool { nameEmbedder.identity == embedder.identity }

  /// Two threads share what a query costs in any index; more pay for what grows with it.
  private var usefulThreadCount: Int { 2 + snapshot.segments.reduce(0) { $0 + $1.segment.chunkCount } / 50_000 }

  private func retriever(_ scope: ThreadScope, _ tree: SourceTree, _ context: SearchContext) -> CandidateRetriever {
    CandidateRetriever(
      snapshot: snapshot, weights: weights, retrievers: retrievers, tree: tree, threads: scope, context: context)
  }

  /// Reads what the segments keep of the candidates and ranks them, in pools of whole files. The order does not depend
  /// on how many pools there are.
  ///
  /// - Returns: besides, what happened to files that could not be searched for a quoted phrase.
  private func rank(
    _ found: ScoredCandidates, nameVector: [Float], query: SearchQuery, _ tree: SourceTree, _ scope: ThreadScope,
    _ context: SearchContext
  ) throws(Failure) -> (ranked: RankedCandidates, unreadable: [Failure]) {
    let parts = found.parts(count: 3 * scope.size, in: snapshot)
    let pools = parts.map { _ in PoolInWork(found.ranking) }
    let outcomes = try scope.map(parts.count, context) { part -> Result<[Failure], Failure> in
      pools[part].update { pool in
        found.fill(&pool, with: parts[part], in: snapshot)
        let unreadable = markWritten(in: &pool, tree, context)
        if context.isOver { return .success([]) }
        do throws(Failure) {
          if retrievers == .fused { try NameVectors.compare(nameVector, with: &pool, embedder: nameEmbedder) }
        } catch { return .failure(error) }
        Ranker().begin(&pool)
        return .success(unreadable)
      }
    }
    var unreadable: [Failure] = []
    for outcome in outcomes { unreadable += try outcome.get() }
    let best = pools.reduce(Float(0)) { best, pool in
      pool.update { $0.candidates.reduce(best) { max($0, $1.nameSimilarity) } }
    }
    let certainty = wordCertainty(in: pools, of: found.ranking)
    _ = try scope.map(pools.count, context) { i in
      pools[i].update { pool in
        pool.bestNameSimilarity = best
        pool.wordCertainty = certainty
        Ranker().finish(&pool)
      }
    }
    // A page of 5 is the beginning of every longer page: what only longer ones show is ranked by itself, and below.
    var shown = pools.map { $0.taken() }
    for further in [found.rest, found.beyond] {
      let count = shown.reduce(0) { $0 + (query.countsFiles ? $1.files.count : $1.candidates.count) }
      if query.limit <= count { break }
      shown += rest(further, of: found.ranking, below: shown)
    }
    return (RankedCandidates(shown), unreadable)
  }

  /// What a long page shows below the candidates of `pools`: `candidates` by the fused score, which is brought below
  /// the least of theirs.
  private func rest(
    _ candidates: [ScoredCandidate], of ranking: RankingContext, below pools: [CandidatePool]
  ) -> [CandidatePool] {
    if candidates.isEmpty { return [] }
    var pool = CandidatePool(ranking)
    ScoredCandidates(ranking: ranking, candidates: candidates).fill(&pool, with: candidates.indices, in: snapshot)
    Ranker().begin(&pool, usesSteps: false)
    let most = pool.candidates.reduce(-Float.greatestFiniteMagnitude) { max($0, $1.score) }
    let least = pools.lazy.flatMap(\.candidates).reduce(most) { min($0, $1.score) }
    // A little below, so that no rounding puts them level.
    for i in pool.candidates.indices { pool.candidates[i].parts.add(least - most - 0.001, for: .depth) }
    return [pool]
  }

  /// How surely the word of a query of one word tells a chunk. The index counts chunks that hold it as a part of a name
  /// too; how many of them hold it by itself is estimated from those that were read.
  private func wordCertainty(in pools: [PoolInWork], of ranking: RankingContext) -> Float {
    guard !pools.isEmpty, ranking.written.isOneWord else { return 1 }
    var readCount = 0
    var heldCount = 0
    for pool in pools {
      pool.update { pool in
        for candidate in pool.candidates where candidate.isToBeRead {
          readCount += 1
          if candidate.written >= 1 { heldCount += 1 }
        }
      }
    }
    let share = Float(max(1, heldCount)) / Float(max(1, readCount))
    return ranking.written.certainty(ofFrequency: Float(ranking.wordFrequency) * share, of: ranking.chunkCount)
  }

  /// Ranks what was found, and shows the first `query.limit` candidates that are still in their files.
  private func answer(
    _ found: ScoredCandidates, nameVector: [Float], query: SearchQuery, _ tree: SourceTree, _ scope: ThreadScope,
    _ context: SearchContext
  ) throws(Failure) -> SearchResults {
    var (ranked, unreadable) = try rank(found, nameVector: nameVector, query: query, tree, scope, context)
    var results = SearchResults()
    if let reranking, retrievers == .fused, !weights.disabled.contains(.reranking) {
      var reader = SourceReader(tree)
      do throws(Failure) {
        try reranking.apply(to: &ranked, reader: &reader, context: context)
      } catch {
        try context.check()
        results.notes.append(error)
      }
    }
    results.generation = snapshot.generation
    results.isComplete = snapshot.isComplete
    try ResultBuilder(ranked, query: query, tree: tree, removals: removals).add(to: &results, scope, context)
    for failure in unreadable { results.note(unreadable: failure) }
    return results
  }

  /// Finds out how much of the query the candidates' texts hold as written: reads the files of those that are to be
  /// read, of all where there are quoted phrases, or runs of letters of scripts without spaces. Gives what happened to
  /// those that cannot be read.
  private func markWritten(
    in pool: inout CandidatePool, _ tree: SourceTree, _ context: SearchContext
  ) -> [Failure] {
    if retrievers != .fused { return [] }
    let written = pool.ranking.written
    let runs = pool.ranking.query.runs.map { Array($0.utf8) }
    let hasPhrases = written.phraseCount > 0 || !runs.isEmpty
    let patterns = pool.ranking.patterns
    let matchers = PatternMatchers()
    let allQuoted =
      pool.ranking.isOfQuotations && !written.isOneWord
      ? UInt64(1) << UInt64(pool.ranking.query.quotations.count) - 1 : 0
    var reader = SourceReader(tree)
    var scratch = WrittenQuery.Scratch()
    for i in pool.candidates.indices where hasPhrases || !patterns.isEmpty || pool.candidates[i].isToBeRead {
      if context.isOver { return [] }
      let entry = pool.chunks.entries[pool.candidates[i].chunk]
      let path = pool.files[pool.candidates[i].file].source
      guard let bytes = reader.chunk(at: entry.bytes, hash: entry.contentHash, of: path) else { continue }
      let text = bytes.span
      if hasPhrases {
        let folded = FoldedText.folded(text)
        var held = written.heldPhrases(in: folded.span)
        // It begins in this chunk or ends in it.
        if held.count == 0, pool.candidates[i].isHolder { (held.count, held.inOrder) = (1, .max) }
        pool.candidates[i].heldPhrases = held.count + Float(runs.count { folded.span.contains($0.span) })
        (pool.candidates[i].heldAsWritten, pool.candidates[i].heldInOrder) = (held.asWritten, held.inOrder)
      }
      if !patterns.isEmpty {
        pool.candidates[i].heldPhrases += Float(patterns.count { matchers.holds($0, text) })
        let symbols = entry.symbols.filter { entry.lines.contains(pool.chunks.symbols[$0].line) }
        let line = matchers.firstLine(
          among: symbols.map { pool.chunks.symbols[$0].line }, of: text, from: entry.lines.lowerBound,
          holding: patterns)
        pool.candidates[i].patternSymbol = symbols.first { pool.chunks.symbols[$0].line == line }
      }
      if pool.candidates[i].isToBeRead {
        // A word of the index that is not in the text by itself is a part of a name or of the path.
        let part: Float = written.isOneWord ? 0.2 : 0
        pool.candidates[i].written = max(part, written.evidence(in: text, &scratch))
      }
      // What is held with its signs comes before what has the same words, whether or not that was read for it.
      if allQuoted != 0, pool.candidates[i].heldAsWritten & allQuoted == allQuoted {
        pool.candidates[i].written = max(pool.candidates[i].written, WrittenQuery.wholeEvidence)
      }
    }
    return hasPhrases || !patterns.isEmpty ? Array(reader.unreadable.values) : []
  }

  /// The live chunk that stands on `line` of the file as it is now, the file's text, and the chunk's lines in it.
  private func chunk(
    at line: Int, of source: SourcePath, in tree: SourceTree
  ) throws(Failure) -> (ChunkPlace, SourceText, ClosedRange<Int>) {
    var reader = SourceReader(tree)
    let path = source.path
    var lineCount = 0
    for (i, live) in snapshot.segments.enumerated() where live.corpus == source.corpus {
      guard let number = live.segment.fileNumber(at: path) else { continue }
      let chunks = live.segment.file(number).chunks
      guard let first = chunks.first, live.live?.contains(first) ?? true else { continue }
      guard let text = reader.text(of: source) else {
        if let failure = reader.unreadable[source] { throw failure }
        throw Failure(
          .notFound, "the index has this file, but it is not there any more", path: path, remedy: .index)
      }
      lineCount = text.lineCount
      for chunk in chunks {
        if let found = ChunkLocator.locate(live.segment.chunk(chunk), in: text), found.lines.contains(line) {
          return (ChunkPlace(segment: i, chunk: chunk), text, found.lines)
        }
      }
    }
    if lineCount == 0 { throw Failure(.notFound, "the index does not have this file", path: path) }
    throw Failure(
      .notFound,
      line > lineCount
        ? PlaceReference.beyondEnd(line, lineCount: lineCount)
        : "line \(line) is in no part of the file that is indexed: it is blank (name a line with code), or changed "
          + "since",
      path: path, remedy: line > lineCount ? nil : .index)
  }
}
