import Chunking
import Primitives
import QueryLanguage
import Segments

/// Finds the chunks that satisfy the condition of a query. The index tells most of it; of what it leaves open (quoted
/// texts, names inside of longer ones) the texts of the best chunks are read.
struct ConditionSearch {
  let scope: RetrieverScope
  let tree: SourceTree

  /// Of more chunks that may satisfy it, those that match the query's words best are read, then the first by path.
  static let readLimit = 4000

  struct Outcome {
    var scope: RetrieverScope
    /// Chunks that may satisfy it and were not read, since there are more of them than `readLimit`.
    var uncheckedCount = 0
    /// Why files could not be read.
    var unreadable: [Failure] = []
  }

  /// The scope without the chunks that do not satisfy `condition`. Throws `.cancelled` and `.timedOut`.
  ///
  /// - Parameter query: its words say which chunks are read first.
  func narrowed(
    by condition: QueryNode, for query: ParsedQuery, weights: RankingWeights
  ) throws(Failure) -> Outcome {
    let segments = scope.snapshot.segments
    let conditions = segments.map { ChunkCondition(condition, in: $0, context: scope.context) }
    try scope.context.check()
    var eligible: [BitSet] = []
    var open: [BitSet] = []
    for (i, condition) in conditions.enumerated() {
      var (certain, possible) = (condition.certain, condition.possible)
      if let passing = scope.eligible[i] {
        certain.formIntersection(passing)
        possible.formIntersection(passing)
      }
      possible.subtract(certain)
      eligible.append(certain)
      open.append(possible)
    }
    var outcome = Outcome(scope: scope)
    let (places, uncheckedCount) = try toBeRead(open, query, weights)
    outcome.uncheckedCount = uncheckedCount
    let (satisfying, unreadable) = try reading(places, conditions)
    for place in satisfying { eligible[place.segment].insert(place.chunk) }
    outcome.unreadable = unreadable
    outcome.scope = scope.narrowed(to: eligible)
    return outcome
  }

  /// All places of `open`, or the best of them by the words of `query`, in their order.
  private func toBeRead(
    _ open: [BitSet], _ query: ParsedQuery, _ weights: RankingWeights
  ) throws(Failure) -> (places: [ChunkPlace], restCount: Int) {
    let count = open.reduce(0) { $0 + $1.count }
    if count <= Self.readLimit {
      let places = open.enumerated().flatMap { i, chunks in chunks.members.map { ChunkPlace(segment: i, chunk: $0) } }
      return (places, 0)
    }
    let lexical = try LexicalRetriever(query, weights: weights, in: scope.narrowed(to: open))
    let hits = try lexical.begin(limit: Self.readLimit).hits()
    let best = scope.snapshot.numbersOfBest(Self.readLimit, scores: hits.map(\.score)) { hits[$0].place }
    var places = Set(best.map { hits[$0].place })
    if places.count < Self.readLimit {
      // Chunks of a segment are in the order of their paths: no other can be among the first of all.
      let first = open.enumerated().flatMap { i, chunks in
        chunks.members.lazy.map { ChunkPlace(segment: i, chunk: $0) }.filter { !places.contains($0) }
          .prefix(Self.readLimit - places.count)
      }
      let wanted = Self.readLimit - places.count
      places.formUnion(first.sorted(by: scope.snapshot.precedes).prefix(wanted))
    }
    return (places.sorted(), count - places.count)
  }

  private func reading(
    _ places: [ChunkPlace], _ conditions: [ChunkCondition]
  ) throws(Failure) -> (satisfying: [ChunkPlace], unreadable: [Failure]) {
    let size = max(32, places.count / (8 * max(1, scope.threads.size)) + 1)
    let parts = stride(from: 0, to: places.count, by: size).map { $0..<min(places.count, $0 + size) }
    let found = try scope.threads.map(parts.count, scope.context) { part -> (places: [ChunkPlace], failed: [Failure]) in
      var reader = SourceReader(tree)
      let satisfying = places[parts[part]].filter { place in
        if scope.context.isOver { return false }
        let segment = scope.snapshot.segments[place.segment].segment
        let stored = segment.chunk(place.chunk)
        let path = scope.snapshot.sourcePath(ofFile: stored.file, inSegment: place.segment)
        guard let bytes = reader.chunk(at: stored.chunk.bytes, hash: stored.contentHash, of: path) else { return false }
        let folded = FoldedText.folded(bytes.span)
        return conditions[place.segment].isTrue(of: place.chunk, bytes.span, folded: folded.span)
      }
      return (satisfying, reader.unreadable.sorted { $0.key < $1.key }.map(\.value))
    }
    return (found.flatMap(\.places), found.flatMap(\.failed))
  }
}
