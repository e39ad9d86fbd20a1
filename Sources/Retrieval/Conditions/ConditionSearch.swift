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
    let reading = ChunkReading(conditions, of: node, scope.snapshot, tree)
    return try scope.threads.map(parts.count, scope.context) { part -> Read in
      let matchers = PatternMatchers()
      var read = Read()
      var rest = places[parts[part]]
      while let first = rest.first, !scope.context.isOver {
        let segment = scope.snapshot.segments[first.segment].segment
        let chunks = segment.chunks(ofFile: segment.fileNumber(ofChunk: first.chunk))
        let ofFile = rest.prefix { $0.segment == first.segment && chunks.contains($0.chunk) }
        reading.add(ofFile, to: &read, matchers)
        rest = rest.dropFirst(ofFile.count)
      }
      return read
    }
  }

  /// Reads chunks file by file: the texts of files need not be held together.
  private struct ChunkReading: Sendable {
    private let conditions: [ChunkCondition]
    private let snapshot: IndexSnapshot
    private let tree: SourceTree
    /// All patterns, and those that are not denied.
    private let patterns: [TextPattern]
    private let asked: [TextPattern]
    private let comparesFolded: Bool

    init(_ conditions: [ChunkCondition], of node: QueryNode, _ snapshot: IndexSnapshot, _ tree: SourceTree) {
      (self.conditions, self.snapshot, self.tree) = (conditions, snapshot, tree)
      patterns = node.leaves.compactMap { if case .pattern(let pattern) = $0 { pattern } else { nil } }
      asked = node.patterns
      comparesFolded = node.leaves.contains {
        switch $0 {
        case .phrase, .word: true
        default: false
        }
      }
    }

    /// - Parameter places: of one file.
    func add(_ places: ArraySlice<ChunkPlace>, to read: inout Read, _ matchers: PatternMatchers) {
      guard let first = places.first else { return }
      let (segment, condition) = (snapshot.segments[first.segment].segment, conditions[first.segment])
      let path = snapshot.sourcePath(ofFile: segment.fileNumber(ofChunk: first.chunk), inSegment: first.segment)
      var reader = SourceReader(tree)
      defer { read.unreadable += reader.unreadable.values }
      if !patterns.isEmpty {
        // Most files that the n-grams leave hold no line that matches: no chunk of these is looked at by itself.
        guard let bytes = reader.bytes(of: path) else { return }
        matchers.begin(bytes.span, patterns)
        if matchers.areAllAbsent, !comparesFolded {
          let empty: [UInt8] = []
          read.satisfying += places.filter {
            condition.isTrue(of: $0.chunk, empty.span, folded: empty.span, matchers)
          }
          return
        }
      }
      for place in places {
        let stored = segment.chunk(place.chunk)
        guard let bytes = reader.chunk(at: stored.chunk.bytes, hash: stored.contentHash, of: path) else { continue }
        let folded = comparesFolded ? FoldedText.folded(bytes.span) : []
        guard condition.isTrue(of: place.chunk, bytes.span, folded: folded.span, matchers) else { continue }
        read.satisfying.append(place)
        let lines = asked.isEmpty ? [] : stored.chunk.symbols.map(\.line)
        let first = stored.chunk.lines.lowerBound
        if matchers.firstLine(among: lines, of: bytes.span, from: first, holding: asked) != nil {
          read.definers.append(place)
        }
      }
      if matchers.hasHitLimit {
        read.unreadable.append(
          Failure(.patternLimit, "a line takes a pattern too many steps and was not searched", path: path.path))
      }
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
