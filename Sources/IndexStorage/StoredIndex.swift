package import Catalog
import Corpus
package import Disk
package import Embedding
package import Primitives
package import Segments

/// One index that is open: its directory, its catalog, and its newest state kept between searches. A caller that wants
/// an index opens it here. Thread-safe; shared by all that works on one index in a process.
///
/// Nothing is opened before it is asked for, and everything is asked anew of a directory that another process has
/// replaced. Every function blocks. All throw `.notFound` where there is no index, `.notOurs` where what is there is
/// not Cairn's.
package final class StoredIndex: Sendable {
  package let site: IndexSite
  private let cache: SnapshotCache

  package init(_ site: IndexSite) {
    self.site = site
    cache = SnapshotCache(site)
  }

  /// The index in `directory`, which the caller made, or what it is in.
  ///
  /// - Parameter wholeByteCount: segments of no more bytes are read whole instead of mapped.
  package convenience init(directory: FilePath, readsWholeUpTo wholeByteCount: Int = 0) {
    self.init(IndexSite(directory, readsWholeUpTo: wholeByteCount))
  }

  /// The directory.
  package var path: FilePath { site.path }

  // MARK: What is committed

  /// The index as it was last committed. While nothing was committed, asking again costs some microseconds; after a
  /// commit only the segments that are new are opened.
  ///
  /// Throws `.differentModel` when `model` is given and the index was built with another one, `.damaged` when a segment
  /// is missing or not what the catalog lists.
  package func snapshot(model: ModelIdentity? = nil) throws(Failure) -> IndexSnapshot { try cache.newest(model: model) }

  /// What `body` makes of the newest state, whose files it reads by their paths. Where one has vanished, a merge took
  /// it away, and `body` is called again with a newer state. Throws `.damaged` where the state is still the same, and
  /// otherwise as `snapshot` does.
  package func readingLive<Result>(
    _ body: (IndexSnapshot) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var snapshot = try snapshot()
    while true {
      do throws(Failure) { return try body(snapshot) } catch {
        guard error.code == .notFound, error.path != nil else { throw error }
        let next = try self.snapshot()
        guard next.generation != snapshot.generation else { throw Failure.missingSegment(error) }
        snapshot = next
      }
    }
  }

  /// What `body` makes of the files of the live segments, of none where there is no index.
  package func readingSegmentFiles<Result>(
    _ body: ([FilePath]) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    do throws(Failure) {
      return try readingLive { (snapshot) throws(Failure) in try body(snapshot.segments.map(\.segment.path)) }
    } catch {
      guard error.code == .notFound else { throw error }
      return try body([])
    }
  }

  /// The newest commit; nil where there is none. Some microseconds while nothing was committed. Throws as `snapshot`
  /// does, also where a part of the index is damaged.
  package func stamp() throws(Failure) -> GenerationStamp? { try cache.stamp() }

  /// What the index was built with; nil for one to which nothing was committed. Throws as `snapshot` does.
  package func identity() throws(Failure) -> IndexIdentity? { try cache.identity() }

  /// What the index will be of that another run builds beside this one; nil where none does.
  package func stagedIdentity() throws(Failure) -> IndexIdentity? { try catalog().snapshot(of: .staged).identity }

  /// Opens everything anew when next asked: what is held has turned out to be damaged.
  package func forget() { cache.forget() }

  // MARK: What the catalog knows of files

  /// Calls `body` with each file that the index knows of, in the order of their paths' bytes: those that are indexed,
  /// and those that were read and left out.
  package func forEachFile(_ body: (FileRecord) throws(Failure) -> Void) throws(Failure) {
    try catalog().forEachFile(body)
  }

  /// Calls `body` with each file that was read and left out, in the order of their paths' bytes.
  package func forEachSkippedFile(_ body: (FileRecord) throws(Failure) -> Void) throws(Failure) {
    try catalog().forEachSkippedFile(body)
  }

  /// The files that are indexed and that `isMeant` takes. Reads the whole list of files.
  package func indexedFiles(where isMeant: (FilePath) -> Bool) throws(Failure) -> [FilePath] {
    var files: [FilePath] = []
    try forEachFile { (file) throws(Failure) in
      if case .indexed = file.state, isMeant(file.path) { files.append(file.path) }
    }
    return files
  }

  /// What the newest run left out, by reason.
  package func leftOutCounts() throws(Failure) -> [String: Int] { try catalog().leftOut() }

  /// What the newest run could not read.
  package func unread() throws(Failure) -> [UnreadRecord] { try catalog().unread() }

  /// What the catalog says is live, whether or not the segments are there. Throws as `snapshot` does for the catalog.
  package func committed() throws(Failure) -> CatalogSnapshot { try catalog().snapshot() }

  /// The newest run that changed something or was about to; nil where there was none. It has no end while it is
  /// running, and if it was killed.
  package func lastRun() throws(Failure) -> RunRecord? { try catalog().runs(limit: 1).first }

  /// When that run began, in nanoseconds since 1970, by the connection that the last snapshot left open: some
  /// microseconds. Nil where there is none.
  package func startOfLastRun() throws(Failure) -> Int64? { try cache.lastRun()?.started }

  /// Makes the next run read the file at `path` again, as if it had changed since it was read; does nothing if it is
  /// not indexed. Throws `.locked` while a writer is at work.
  package func distrust(_ path: FilePath) throws(Failure) {
    let directory = try site.open()
    let lock = try directory.lockForWriting()
    defer { withExtendedLifetime(lock) {} }
    let catalog = try directory.catalog(.writing)
    var change = CatalogChange(isComplete: try catalog.snapshot().isComplete)
    try catalog.forEachFile { (file) throws(Failure) in
      guard file.path == path, case .indexed = file.state else { return }
      change.upsertedFiles = [file.distrusted]
    }
    if !change.upsertedFiles.isEmpty { _ = try catalog.commit(change) }
  }

  // MARK: Whose it is, and in what state

  /// The tree whose index this is where that is another than `root` and is still there; nil where there is no index
  /// either.
  package func otherRoot(than root: FilePath) -> FilePath? { (try? site.open())?.otherRoot(than: root) }

  /// Who writes to the index now; nil where nobody does, or the system does not say it. Reads one file of the system's.
  package func writer() -> LockHolder? { (try? site.open().writer()) ?? nil }

  /// Whether the last run came to an end that knows the tree: it is complete, or lacks only what could not be read.
  package func isFilled() -> Bool {
    guard let snapshot = try? snapshot() else { return false }
    return snapshot.isComplete || (try? unread().isEmpty) == false
  }

  /// Has the next run meet the damage of the file at `path`, where that is one of this index or its directory: it reads
  /// every byte of a segment, and compares everything.
  package func markDamaged(_ path: FilePath) {
    if path == site.path || path.relative(to: site.path) != nil { _ = try? site.open().markDamaged(path) }
  }

  /// Whether a segment was found damaged and no run has verified it since.
  package func hasMarkedSegments() -> Bool { (try? site.open())?.markedSegments().isEmpty == false }

  /// A connection of its own, so that a long list keeps no search waiting.
  private func catalog() throws(Failure) -> IndexCatalog { try site.open().catalog(.reading) }
}
