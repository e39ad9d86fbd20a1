import Catalog
import Disk
import Embedding
import Primitives
import Segments
import Synchronization

/// The newest snapshot of one index, kept open between searches. Thread-safe; searches at the same time share it.
///
/// While nothing was committed, asking costs one look at the catalog's file and one at its log's shared index (some
/// microseconds). After a commit only the segments that are new are opened.
final class SnapshotCache: Sendable {
  private struct Open {
    var catalog: IndexCatalog
    /// The catalog's file as it was: another one in its place (the index was removed and built anew) is opened anew.
    var device: UInt64
    var inode: UInt64
    var byteCount: Int
    var modified: Int64
    var changeNumber: Int64
    var state: CatalogSnapshot
    var snapshot: IndexSnapshot
  }

  private let site: IndexSite
  private let held = Mutex<Open?>(nil)

  /// Of the index at `site`. Opens nothing yet.
  init(_ site: IndexSite) { self.site = site }

  /// The index as it was last committed. Blocks; throws as `StoredIndex.snapshot` does.
  func newest(model: ModelIdentity? = nil) throws(Failure) -> IndexSnapshot {
    try held.withLock { (held) throws(Failure) -> IndexSnapshot in
      // What is damaged stays so for as long as it is open; meanwhile its file may be another one, or whole again.
      if held?.snapshot.damage != nil { held = nil }
      let open: Open
      do throws(Failure) {
        open = try refreshed(held)
      } catch {
        held = nil
        throw error
      }
      held = open
      if let model, let identity = open.state.identity { try identity.check(model, site.path) }
      return open.snapshot
    }
  }

  /// Opens everything anew when next asked: what is held has turned out to be damaged.
  func forget() { held.withLock { $0 = nil } }

  /// What the index was built with; nil for one to which nothing was committed. Blocks; throws as `newest` does.
  func identity() throws(Failure) -> IndexIdentity? {
    _ = try newest()
    return held.withLock { $0?.state.identity }
  }

  /// The newest commit; nil if there is none. Throws as `newest` does.
  func stamp() throws(Failure) -> GenerationStamp? {
    _ = try newest()
    return try held.withLock { (held) throws(Failure) -> GenerationStamp? in try held?.catalog.newestStamp() }
  }

  /// The newest run in the catalog that is open; nil where none is open, or none is in its journal.
  func lastRun() throws(Failure) -> RunRecord? {
    try held.withLock { (held) throws(Failure) -> RunRecord? in try held?.catalog.runs(limit: 1).first }
  }

  /// `old` where it is still the truth; else the truth.
  private func refreshed(_ old: Open?) throws(Failure) -> Open {
    let directory = try site.open()
    let status: FileStatus
    do throws(Failure) { status = try directory.held.status(of: IndexCatalog.fileName) } catch {
      // Opening says in its own words what is missing.
      return try opened(directory, directory.catalog(.reading), nil, reusing: nil)
    }
    guard let old, old.device == status.device, old.inode == status.inode else {
      return try opened(directory, directory.catalog(.reading), status, reusing: nil)
    }
    // A catalog that is read without its log changes in no other way than by its file.
    guard old.byteCount == status.byteCount, old.modified == status.modified else {
      return try opened(directory, directory.catalog(.reading), status, reusing: old)
    }
    if try old.catalog.changeNumber() == old.changeNumber { return old }
    return try opened(directory, old.catalog, status, reusing: old)
  }

  private func opened(
    _ directory: IndexDirectory, _ catalog: IndexCatalog, _ status: FileStatus?, reusing old: Open?
  ) throws(Failure) -> Open {
    // Asked for first: a commit between both is seen again next time, and never missed.
    let changeNumber = try catalog.changeNumber()
    var known: [SegmentID: Segment] = [:]
    if let old {
      for (record, live) in zip(old.state.liveSegments, old.snapshot.segments) { known[record.id] = live.segment }
    }
    let (state, snapshot) = try openSnapshot(of: catalog, in: directory, reusing: known)
    return Open(
      catalog: catalog, device: status?.device ?? 0, inode: status?.inode ?? 0, byteCount: status?.byteCount ?? -1,
      modified: status?.modified ?? 0, changeNumber: changeNumber, state: state, snapshot: snapshot)
  }
}
