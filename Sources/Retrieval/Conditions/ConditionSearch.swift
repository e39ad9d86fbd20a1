import Chunking
import Patterns
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
  /// The same where there are patterns, of which the words of a query and the index tell less: a second of work.
  static let patternReadLimit = 100_000

  struct Outcome {
    var scope: RetrieverScope
    /// Chunks that may satisfy it and were not read, since there are more of them than `readLimit`.
    var uncheckedCount = 0
    /// Why files could not be read, or not matched.
    var unreadable: [Failure] = []
    /// Of those that were read, the chunks that define a symbol on a line that a pattern matches.
    var definers: Set<ChunkPlace> = []
    /// What the user should know besides.
    var notes: [Failure] = []
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
    let hasPattern = condition.holdsPattern
    let limit = hasPattern ? Self.patternReadLimit : Self.readLimit
    let (places, uncheckedCount) = try toBeRead(open, limit, query, weights)
    outcome.uncheckedCount = uncheckedCount
    for read in try reading(places, conditions, of: condition) {
      for place in read.satisfying { eligible[place.segment].insert(place.chunk) }
      outcome.unreadable += read.unreadable
      outcome.definers.formUnion(read.definers)
    }
    outcome.scope = scope.narrowed(to: eligible)
    if hasPattern { outcome.notes = segments.compactMap(\.gramDamage) }
    return outcome
  }

  /// All places of `open`, or the best of them by the words of `query`, in their order.
  private func toBeRead(
    _ open: [BitSet], _ limit: Int, _ query: ParsedQuery, _ weights: RankingWeights
  ) throws(Failure) -> (places: [ChunkPlace], restCount: Int) {
    let count = open.reduce(0) { $0 + $1.count }
    if count <= limit {
      let places = open.enumerated().flatMap { i, chunks in chunks.members.map { ChunkPlace(segment: i, chunk: $0) } }
      return (places, 0)
    }
    let lexical = try LexicalRetriever(query, weights: weights, in: scope.narrowed(to: open))
    let hits = try lexical.begin(limit: limit).hits()
    let best = scope.snapshot.numbersOfBest(limit, scores: hits.map(\.score)) { hits[$0].place }
    var places = Set(best.map { hits[$0].place })
    if places.count < limit {
      places.formUnion(scope.snapshot.first(limit - places.count, of: open, leavingOut: places))
    }
    return (places.sorted(), count - places.count)
  }

  /// What was found out by reading some chunks.
  private struct Read {
    var satisfying: [ChunkPlace] = []
    var definers: [ChunkPlace] = []
    var unreadable: [Failure] = []
  }

  private func reading(
    _ places: [ChunkPlace], _ conditions: [ChunkCondition], of node: QueryNode
  ) throws(Failure) -> [Read] {
    let size = max(32, places.count / (8 * max(1, scope.threads.size)) + 1)
    let parts = stride(from: 0, to: places.count, by: size).map { $0..<min(places.count, $0 + size) }
    let patterns = node.patterns
    let comparesFolded = node.leaves.contains {
      switch $0 {
      case .phrase, .word: true
      default: false
      }
    }
    return try scope.threads.map(parts.count, scope.context) { part -> Read in
      var reader = SourceReader(tree)
      let matchers = PatternMatchers()
      var read = Read()
      for place in places[parts[part]] {
        if scope.context.isOver { break }
        let segment = scope.snapshot.segments[place.segment].segment
        let stored = segment.chunk(place.chunk)
        let path = scope.snapshot.sourcePath(ofFile: stored.file, inSegment: place.segment)
        guard let bytes = reader.chunk(at: stored.chunk.bytes, hash: stored.contentHash, of: path) else { continue }
        let folded = comparesFolded ? FoldedText.folded(bytes.span) : []
        let isTrue = conditions[place.segment].isTrue(of: place.chunk, bytes.span, folded: folded.span, matchers)
        if matchers.hasHitLimit {
          matchers.hasHitLimit = false
          read.unreadable.append(
            Failure(.patternLimit, "a line takes a pattern too many steps and was not searched", path: path.path))
        }
        guard isTrue else { continue }
        read.satisfying.append(place)
        let lines = patterns.isEmpty ? [] : stored.chunk.symbols.map(\.line)
        let first = stored.chunk.lines.lowerBound
        if matchers.firstLine(among: lines, of: bytes.span, from: first, holding: patterns) != nil {
          read.definers.append(place)
        }
      }
      read.unreadable = reader.unreadable.sorted { $0.key < $1.key }.map(\.value)
      return read
    }
  }
}

extension IndexSnapshot {
  /// The first of `chunks`, which are given for each segment, by path and line.
  func first(
    _ count: Int, of chunks: [BitSet], leavingOut known: Set<ChunkPlace> = [],
    where passes: (ChunkPlace) -> Bool = { _ in true }
  ) -> [ChunkPlace] {
    if count <= 0 { return [] }
    // Chunks of a segment are in the order of their paths: no other can be among the first of all.
    var first: [ChunkPlace] = []
    for (i, chunks) in chunks.enumerated() {
      let limit = first.count + count
      for chunk in chunks.members {
        if first.count == limit { break }
        let place = ChunkPlace(segment: i, chunk: chunk)
        if !known.contains(place), passes(place) { first.append(place) }
      }
    }
    return Array(first.sorted(by: precedes).prefix(count))
  }
}
