import Primitives
import QueryLanguage
import Segments

/// A place that a retriever found.
struct Hit: Sendable {
  var place: ChunkPlace
  /// Higher is better; says nothing beside the scores of another retriever.
  var score: Float
  /// The line that the query names there, or 0.
  var line = 0
}

/// Finds the places of a snapshot that may match one query by one thing that is known of them: their words, their
/// vectors, their paths. Retrievers are siblings, of which none knows another; `CandidateRetriever` runs them side by
/// side and joins what they find.
///
/// Lists cross this wall, never single places: all loops over postings, vectors and paths are inside of the segments.
protocol Retriever {
  /// Begins to search for the best `limit` places, and what is as good as the last of them.
  func begin(limit: Int) -> RetrieverRun
}

/// A retriever at work: the threads of its scope do parts of it until somebody asks for the hits.
struct RetrieverRun {
  private let finish: () throws(Failure) -> [Hit]

  init(_ finish: @escaping () throws(Failure) -> [Hit]) { self.finish = finish }

  /// The hits of all segments, in no order; more than were wanted where that is cheaper. To be called once. Throws
  /// `.cancelled` and `.timedOut`.
  func hits() throws(Failure) -> [Hit] { try finish() }
}

/// Where retrievers look: the chunks of a snapshot that pass the filters, with who does the work and for how long.
struct RetrieverScope: Sendable {
  let snapshot: IndexSnapshot
  /// For each segment the chunks that pass the filters, or nil for all.
  let eligible: [BitSet?]
  let kinds: SymbolKindFilter?
  let threads: ThreadScope
  let context: SearchContext

  /// - Parameter excluded: a chunk that must not be answered.
  init(
    _ filters: QueryFilters, in snapshot: IndexSnapshot, excluding excluded: ChunkPlace?, _ threads: ThreadScope,
    _ context: SearchContext
  ) throws(Failure) {
    self.snapshot = snapshot
    self.threads = threads
    self.context = context
    kinds = filters.kindFilter
    eligible = snapshot.segments.indices.map { i -> BitSet? in
      let live = snapshot.segments[i]
      guard var set = filters.eligible(in: live, context: context) else {
        guard let excluded, excluded.segment == i else { return nil }
        var all = BitSet(capacity: live.segment.chunkCount, filled: true)
        all.remove(excluded.chunk)
        return all
      }
      if let excluded, excluded.segment == i { set.remove(excluded.chunk) }
      return set
    }
    try context.check()
  }

  private init(_ scope: RetrieverScope, eligible: [BitSet?]) {
    (snapshot, threads, context, kinds) = (scope.snapshot, scope.threads, scope.context, scope.kinds)
    self.eligible = eligible
  }

  /// The same with these chunks of each segment alone.
  func narrowed(to eligible: [BitSet]) -> RetrieverScope { RetrieverScope(self, eligible: eligible) }

  func contains(_ place: ChunkPlace) -> Bool {
    (eligible[place.segment]?.contains(place.chunk) ?? true) && passesKinds(place)
  }

  func passesKinds(_ place: ChunkPlace) -> Bool {
    kinds.map { snapshot.segments[place.segment].segment.passes($0, chunk: place.chunk) } ?? true
  }
}
