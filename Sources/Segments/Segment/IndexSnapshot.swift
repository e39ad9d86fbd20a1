package import Primitives

/// The live segments of one generation, opened. A value: searches of it give the same for as long as it is held,
/// whatever is committed, merged or deleted meanwhile.
package struct IndexSnapshot: Sendable {
  package struct LiveSegment: Sendable {
    package var segment: Segment
    /// The position of the corpus that its files are of; a snapshot of one index has one, 0.
    package var corpus = 0
    /// Bytes at the front of each path that are not of the file's path in its corpus: in the index of a history they
    /// say which commit removed what the file holds.
    package var pathPrefixByteCount = 0
    /// Whether its vectors can be compared with the query's. False where another model made them, as in a snapshot of
    /// several indexes: its chunks are then found by words and paths alone.
    package var isComparable = true
    /// The chunks that are not live, or nil when all are.
    package private(set) var tombstoned: TombstonedChunks?
    /// The chunks that are live, or nil when all are.
    package var live: BitSet? { tombstoned?.live }
    /// The numbers of its tombstoned files, or nil when there are none; below its number of files.
    let tombstonedFiles: BitSet?
    /// The collection of which the segment holds only candidates; nil where it is all that there is.
    package var collection: (any CollectionView)?
    /// Whether it was to be read whole instead of mapped.
    package var readsWholeByWish: Bool
    /// Files that are not tombstoned.
    package private(set) var liveFileCount: Int
    package init(segment: Segment, tombstones: BitSet, readsWholeByWish: Bool = false) {
      self.segment = segment
      liveFileCount = segment.fileCount - tombstones.count
      self.readsWholeByWish = readsWholeByWish
      tombstonedFiles = tombstones.isEmpty ? nil : BitSet(words: tombstones.words, capacity: segment.fileCount)
      if !tombstones.isEmpty { tombstoned = TombstonedChunks(of: tombstones, in: segment) }
    }

    /// Calls `body` with the number and the path of each file, tombstoned or not, in the order of the bytes that the
    /// segment has; without what stands before the path in the corpus. As `Segment.forEachPath`.
    package func forEachPath(context: SearchContext? = nil, _ body: (Int, Span<UInt8>) -> Void) {
      let prefixByteCount = pathPrefixByteCount
      if prefixByteCount == 0 { return segment.forEachPath(context: context, body) }
      segment.forEachPath(context: context) { number, path in
        body(number, path.extracting(min(prefixByteCount, path.count)..<path.count))
      }
    }

    /// Of the collection, where the segment is a part of one.
    package var liveChunkCount: Int { collection?.chunkCount ?? segment.chunkCount - (tombstoned?.count ?? 0) }
    /// The sum of the live chunks' lengths; as `Segment.totalLength`.
    package var liveTotalLength: Int {
      collection?.totalLength ?? max(0, segment.totalLength - (tombstoned?.totalLength ?? 0))
    }

    /// As `Segment.prepare`, with the document frequencies of live chunks alone: those of the collection, where the
    /// segment is a part of one.
    package func prepare(_ query: LexicalQuery, context: SearchContext? = nil) -> PreparedQuery {
      let prepared = segment.prepare(query, without: tombstoned, context: context)
      guard let collection else { return prepared }
      return PreparedQuery(
        lists: prepared.lists, documentFrequencies: collection.documentFrequencies(of: query.clauses.map(\.term)))
    }

    /// As `Segment.terms(withPrefix:field:limit:)`, of the collection where the segment is a part of one.
    package func terms(
      withPrefix prefix: [UInt8], field: Term.Field, limit: Int, context: SearchContext? = nil
    ) -> [Term] {
      if let collection { return collection.terms(withPrefix: prefix, field: field, limit: limit) }
      return segment.terms(withPrefix: prefix, field: field, limit: limit, context: context).map(\.term)
    }
  }
  package var generation: Int64
  /// False while a first run is in flight: the results may lack files.
  package var isComplete: Bool
  package var segments: [LiveSegment]

  package init(generation: Int64, isComplete: Bool, segments: [LiveSegment]) {
    self.generation = generation
    self.isComplete = isComplete
    self.segments = segments
  }

  /// One snapshot over all of `snapshots`, of one corpus each, which are numbered in their order. It is as complete as
  /// the least of them, and has the generation of the first.
  package init(joining snapshots: [IndexSnapshot]) {
    generation = snapshots.first?.generation ?? 0
    isComplete = snapshots.allSatisfy(\.isComplete)
    segments = snapshots.enumerated().flatMap { number, snapshot in
      snapshot.segments.map { live in
        var live = live
        live.corpus = number
        return live
      }
    }
  }

  /// The file of this number in a segment.
  package func sourcePath(ofFile file: Int, inSegment segment: Int) -> SourcePath {
    SourcePath(segments[segment].segment.path(ofFile: file), corpus: segments[segment].corpus)
  }

  /// The first damage that was found in a segment during a search, or what went wrong when a collection was asked, or
  /// nil. To be checked when everything was read: what
  /// was read of a damaged snapshot is worth nothing.
  package var damage: Failure? {
    for live in segments { if let damage = live.segment.damage ?? live.collection?.failure { return damage } }
    return nil
  }

  /// What a person should know of how the index could be opened: one sentence, or nil.
  package var note: String? {
    let unmapped = segments.filter { !$0.segment.isMapped && !$0.readsWholeByWish }
    if unmapped.isEmpty { return nil }
    let byteCount = unmapped.reduce(0) { $0 + $1.segment.byteCount }
    return "the system did not map the index into memory: \(byteCount >> 20) MB of it were read whole instead"
  }
}
