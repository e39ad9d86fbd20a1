package import Catalog
import Corpus
import Disk
package import Primitives
package import Segments

/// What there is to say of an index without searching it.
package struct IndexStatus: Hashable, Sendable {
  package var generation: Generation
  /// False while a first run is running or after it was killed.
  package var isComplete: Bool
  /// What the index was built with.
  package var identity: IndexIdentity?
  package var fileCount: Int
  package var chunkCount: Int
  package var segmentCount: Int
  /// Files that were changed or deleted but still take room in their segment, until a merge.
  package var retiredFileCount: Int
  /// Bytes on disk: of the catalog and, beside it, of what the last walk listed.
  package var catalogByteCount: Int
  package var segmentByteCount: Int
  /// What the bytes of the segments serve.
  package var parts = SegmentByteCounts()
  /// What the newest run could not read; the index keeps what it had of it.
  package var unread: [UnreadRecord] = []
  /// Files that are indexed without their syntax, in the order of their paths.
  package var syntaxGaps: [SyntaxGap] = []
  /// The newest run that changed something; it has no end while it is running or if it was killed.
  package var lastRun: RunRecord?
  /// Live segments that were found damaged; the next run verifies them and reads the files of the bad ones again.
  package var damagedSegments: [SegmentID] = []

  /// All bytes on disk.
  package var byteCount: Int { catalogByteCount + segmentByteCount }

  /// What they serve, under the names that programs see.
  package var namedParts: [(name: String, byteCount: Int)] {
    let known = [
      ("vectors", parts.vectors), ("sketches", parts.signBits), ("postings", parts.postings),
      ("dictionary", parts.dictionary), ("stored", parts.stored), ("patterns", parts.grams),
      ("catalog", catalogByteCount),
    ]
    // Footers, counts and the bytes that align sections.
    return known + [("other", max(0, byteCount - known.reduce(0) { $0 + $1.1 }))]
  }
}

extension StoredIndex {
  /// Bytes of the files that are indexed. Reads the whole list of files.
  package func sourceByteCount() throws(Failure) -> Int {
    var byteCount = 0
    try forEachFile { (file) throws(Failure) in
      if case .indexed = file.state { byteCount += file.fingerprint.byteCount }
    }
    return byteCount
  }

  /// What there is to say of the index without searching it. Reads of the catalog what is live, and no list of files,
  /// and the footers of segments; blocks. Throws as `snapshot` does.
  package func status() throws(Failure) -> IndexStatus {
    let directory = try site.open()
    let catalog = try directory.catalog(.reading)
    let state = try catalog.snapshot()
    var status = IndexStatus(
      generation: state.generation, isComplete: state.isComplete, identity: state.identity, fileCount: 0,
      chunkCount: 0, segmentCount: state.segments.count, retiredFileCount: 0, catalogByteCount: 0, segmentByteCount: 0,
      lastRun: try catalog.runs(limit: 1).first)
    status.unread = try catalog.unread()
    status.syntaxGaps = try catalog.syntaxGaps()
    for suffix in ["", "-wal", "-shm"] {
      let name = FilePath(bytes: IndexCatalog.fileName.bytes + Array(suffix.utf8))
      status.catalogByteCount += (try? directory.held.status(of: name).byteCount) ?? 0
    }
    status.catalogByteCount += (try? directory.held.status(of: IndexDirectory.treeName).byteCount) ?? 0
    let marked = directory.markedSegments()
    status.damagedSegments = state.segments.map(\.id).filter { marked.contains($0) }
    for segment in state.segments {
      let tombstoned = segment.tombstones.count
      status.fileCount += segment.fileCount - tombstoned
      status.retiredFileCount += tombstoned
      status.segmentByteCount += segment.byteCount
    }
    // Chunks of tombstoned files are counted in the segments themselves, which a merge may have replaced meanwhile.
    let opened: IndexSnapshot
    do throws(Failure) { opened = try snapshot() } catch {
      // A segment that does not even open is told as damage; its chunks are not counted.
      guard error.code == .damaged || error.code == .wrongFormat,
        let id = error.path.flatMap({ directory.markDamaged($0) })
      else { throw error }
      status.damagedSegments = Set(status.damagedSegments).union([id]).sorted()
      return status
    }
    for part in opened.segments {
      status.chunkCount += part.liveChunkCount
      status.parts += part.segment.byteCounts
    }
    // Damage that is marked is told as such; a count from a damaged segment may be wrong, its path is not.
    for damage in opened.segments.compactMap(\.segment.damage) {
      guard let id = damage.path.flatMap({ directory.markDamaged($0) }) else { throw damage }
      if !status.damagedSegments.contains(id) { status.damagedSegments.append(id) }
    }
    status.damagedSegments.sort()
    return status
  }
}
