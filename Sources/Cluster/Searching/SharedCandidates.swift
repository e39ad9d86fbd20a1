import Chunking
package import Embedding
import Inspection
package import Primitives
package import QueryLanguage
package import Retrieval
package import Segments

/// The candidates of a query in a collection of a shared store: asks the store by everything by which a local index
/// finds some, so that the local searcher, over the collection's statistics, gives the results of a local index.
package struct SharedCandidates: CandidateSource {
  private let collection: StoreCollection
  private let shared: SharedCollection
  private let embedder: any Embedder
  private let weights: RankingWeights

  /// Vectors beyond those that the local searcher takes: what a graph of them misses, and what half precision puts in
  /// another order.
  private static let oversampling = 2
  private static let pathFileCount = 80

  /// - Parameters:
  ///   - shared: a view of `collection`.
  ///   - embedder: of the collection's model.
  package init(
    _ shared: SharedCollection, _ collection: StoreCollection, embedder: any Embedder,
    weights: RankingWeights = RankingWeights()
  ) {
    self.shared = shared
    self.collection = collection
    self.embedder = embedder
    self.weights = weights
  }

  package func snapshot(
    for query: SearchQuery, _ context: SearchContext
  ) throws(Failure) -> (snapshot: IndexSnapshot, vector: [Float]) {
    let empty = try snapshot(of: [], terms: [])
    let parsed = QueryParser(analyzer: Analyzer()).parse(
      query, isThere: { empty.holdsFile(of: $0, from: query, context: context) },
      isPath: { empty.holdsName($0, context: context) })
    try context.check()
    if parsed.condition?.holdsPattern == true {
      throw Failure(
        .invalidArgument,
        "a shared store is not searched by patterns: put quotation marks around what must stand as it is written, or "
          + "search the checkout")
    }
    var needs = CandidateNeeds(
      of: parsed, in: empty, wanted: query.chunkCount, weights: weights, context: context)
    needs.addNearNames(of: parsed, in: empty, context: context)
    if let failure = shared.failure { throw failure }
    let filter = try filter(of: parsed, needs)
    let vector = try embedder.embed(query: parsed.embeddedText, context: context)
    var requests = [nearest(vector, filter)] + Self.requests(of: needs, filter)
    try addFiles(parsed, query, to: &requests)
    try context.check()
    return (try snapshot(of: requests, terms: needs.terms), vector)
  }

  package func snapshot(of path: FilePath, _ context: SearchContext) throws(Failure) -> IndexSnapshot {
    try snapshot(of: [.files([try file(at: path)])], terms: [])
  }

  package func snapshot(
    of path: FilePath, like description: ParsedQuery, vector: [Float], _ context: SearchContext
  ) throws(Failure) -> IndexSnapshot {
    let needs = CandidateNeeds(
      like: description, in: try snapshot(of: [], terms: []), weights: weights, context: context)
    let filter = try filter(of: description, needs)
    let requests = [.files([try file(at: path)]), nearest(vector, filter)] + Self.requests(of: needs, filter)
    return try snapshot(of: requests, terms: needs.terms)
  }

  private func file(at path: FilePath) throws(Failure) -> StoreFileID {
    guard let entry = try shared.fileEntries().first(where: { $0.path == path }) else {
      throw Failure(.notFound, "the store does not have this file", path: path)
    }
    return entry.id
  }

  // MARK: Records

  /// A snapshot of all chunks that `requests` bring, with the frequencies of `terms`.
  private func snapshot(of requests: [CandidateRequest], terms: Set<Term>) throws(Failure) -> IndexSnapshot {
    let terms = Array(terms)
    let records = try shared.ask { view throws(Failure) -> [StoreRecord] in
      if requests.isEmpty { return [] }
      let chunks = Set(try view.candidates(requests).joined())
      return try Self.wholeTestFiles(try view.records(of: chunks.sorted(), terms: terms), view, terms: terms)
    }
    let segment = try CandidateSegment(records, dimensions: collection.identity.model.dimensions).segment
    var live = IndexSnapshot.LiveSegment(segment: segment, tombstones: BitSet(capacity: 0), readsWholeByWish: true)
    live.collection = shared
    return IndexSnapshot(generation: collection.generation, isComplete: shared.gaps.isEmpty, segments: [live])
  }

  /// The same with all chunks of files that are tests by their names and define none in what is held of them: whether
  /// they are tests, the symbols of all tell.
  private static func wholeTestFiles(
    _ records: [StoreRecord], _ view: any StoreView, terms: [Term]
  ) throws(Failure) -> [StoreRecord] {
    var files: [StoreFileID: (heldCount: Int, entry: StoreFileEntry)] = [:]
    var defining: Set<StoreFileID> = []
    for record in records {
      files[record.file.id, default: (0, record.file)].heldCount += 1
      if record.chunk.chunk.symbols.contains(where: { FileTraits.namesTest(Array($0.name.utf8).span) }) {
        defining.insert(record.file.id)
      }
    }
    let partial = files.values.filter {
      $0.heldCount < $0.entry.chunkCount && !defining.contains($0.entry.id)
        && FileTraits.isTestByName($0.entry.path, $0.entry.language)
    }
    if partial.isEmpty { return records }
    let ids = Set(partial.map(\.entry.id))
    let known = Set(records.lazy.filter { ids.contains($0.file.id) }.map(\.id))
    return records + (try view.records(ofFiles: ids.sorted(), without: known, terms: terms))
  }

  // MARK: Requests

  private func nearest(_ vector: [Float], _ filter: StoreFilter) -> CandidateRequest {
    .vector(vector, limit: Self.oversampling * weights.candidateCount, filter)
  }

  private static func requests(of needs: CandidateNeeds, _ filter: StoreFilter) -> [CandidateRequest] {
    needs.ranked.map { .terms($0.query, documentFrequencies: $0.documentFrequencies, limit: $0.limit, filter) }
      + needs.conjunctions.map { .holdingAll($0.terms, limit: $0.limit, $0.isFiltered ? filter : StoreFilter()) }
  }

  /// The files whose paths the query names, and one for each filter that some file passes, so that no filter is said to
  /// match nothing that matches something.
  private func addFiles(
    _ parsed: ParsedQuery, _ query: SearchQuery, to requests: inout [CandidateRequest]
  ) throws(Failure) {
    let directory = query.origin.directory
    let filters = ([parsed.filters] + (parsed.condition?.fields ?? [])).filter { !$0.isEmpty }
    if !parsed.namesFiles, filters.isEmpty, directory.isEmpty { return }
    var files: Set<StoreFileID> = []
    let entries = try shared.fileEntries()
    if parsed.namesFiles {
      files.formUnion(parsed.bestPaths(Self.pathFileCount, among: entries.map(\.path)).map { entries[$0].id })
    }
    for filter in filters + filters.flatMap(Self.parts) {
      let passes = filter.passing()
      if let entry = entries.first(where: { passes($0.path, $0.language) }) { files.insert(entry.id) }
    }
    let prefix = directory.bytes + [UInt8(ascii: "/")]
    if !directory.isEmpty, let entry = entries.first(where: { $0.path.bytes.starts(with: prefix) }) {
      files.insert(entry.id)
    }
    if !files.isEmpty { requests.append(.files(files.sorted())) }
  }

  /// Filters with one of the filters on files each.
  private static func parts(_ filters: QueryFilters) -> [QueryFilters] {
    func with(_ set: (inout QueryFilters) -> Void) -> QueryFilters {
      var one = QueryFilters()
      set(&one)
      return one
    }
    return filters.languages.map { name in with { $0.languages = [name] } }
      + filters.paths.map { glob in with { $0.paths = [glob] } }
      + filters.extensions.map { glob in with { $0.extensions = [glob] } }
  }

  /// What of a query's filters and operators the store can check.
  private func filter(of parsed: ParsedQuery, _ needs: CandidateNeeds) throws(Failure) -> StoreFilter {
    let filters = parsed.filters
    var filter = StoreFilter()
    filter.kinds = filters.kindFilter
    filter.holding = needs.holding
    if filters.filtersFiles {
      let passes = filters.passing()
      filter.files = try shared.fileEntries().filter { passes($0.path, $0.language) }.map(\.id)
    }
    return filter
  }
}
