import Primitives
import Segments
import Synchronization

/// Dense (vector) retrieval: finds chunks by the cosine of their vectors and the query's.
struct VectorRetriever: Retriever {
  private let search: VectorSearch
  private let scope: RetrieverScope

  /// Nil if the vector says nothing: it is all zeros, or there is none.
  ///
  /// - Parameter limit: how many places are searched for.
  init?(_ vector: [Float], in scope: RetrieverScope, limit: Int) {
    guard vector.contains(where: { $0 != 0 }) else { return nil }
    self.scope = scope
    let segments = scope.snapshot.segments
    search = VectorSearch(
      vector, in: Array(zip(segments.map(\.segment), scope.eligible)), kinds: scope.kinds, limit: limit,
      leavingOut: Set(segments.indices.filter { !segments[$0].isComparable }))
  }

  /// The scan goes on while other retrievers run. `limit` is that of the retriever.
  func begin(limit: Int) -> RetrieverRun {
    let (search, context) = (search, scope.context)
    // The thread that scans the last piece gathers the hits, while other retrievers still run.
    let left = AtomicCounter(search.pieces.count)
    let pieces = scope.threads.start(search.pieces.count) { number -> [Hit] in
      if !context.isOver { search.scan(search.pieces[number]) }
      if left.decremented() > 0 || context.isOver { return [] }
      return search.best().map { Hit(place: ChunkPlace(segment: $0.segment, chunk: $0.chunk), score: $0.score) }
    }
    return RetrieverRun { () throws(Failure) in
      let hits = pieces.results()
      try context.check()
      return hits.first { !$0.isEmpty } ?? []
    }
  }

  private final class AtomicCounter: Sendable {
    private let value: Atomic<Int>
    init(_ value: Int) { self.value = Atomic(value) }
    func decremented() -> Int { value.subtract(1, ordering: .acquiringAndReleasing).newValue }
  }

  /// The cosine of the query and each of `chunks` of a segment.
  ///
  /// - Parameter known: for each its cosine, which is then not computed again, or a value that is no number.
  func similarities(of chunks: [Int], in segment: Int, known: ArraySlice<Float>) -> [Float] {
    var similarities = Array(known)
    let unknown = similarities.indices.filter { similarities[$0].isNaN }
    let scores = search.scores(of: unknown.map { chunks[$0] }, in: segment)
    for (i, score) in zip(unknown, scores) { similarities[i] = score }
    return similarities
  }
}
