package import Catalog
import Disk
package import Primitives
import Segments

/// What reading every byte of an index came to.
package struct IndexVerification: Hashable, Sendable {
  package var generation: Generation = 0
  /// Files and chunks of the live segments, those that wait for a merge included.
  package var fileCount = 0
  package var chunkCount = 0
  /// Segments that were read, those of a rebuild that is not complete included, and their bytes with those of the
  /// catalog.
  package var segmentCount = 0
  package var byteCount = 0
  /// What is wrong; empty for a sound index.
  package var problems: [Failure] = []

  /// Of nothing.
  package init() {}

  /// Reads the index at `site`. Blocks for as long as the reading takes. Segments that are damaged are marked, so that
  /// the next run reads their files again. Throws only where there is no index.
  ///
  /// - Parameter reportsUnread: a catalog that was cut while it was open, or could not be read, is a problem; otherwise
  ///   it is thrown, for who can look again.
  init(of site: IndexSite, reportsUnread: Bool) throws(Failure) {
    let index = try site.open()
    do {
      let catalog = try index.catalog(.reading)
      try catalog.verify()
      for name in IndexCatalog.fileNames {
        byteCount += (try? index.held.status(of: name).byteCount) ?? 0
      }
      let live = try catalog.snapshot()
      generation = live.generation
      fileCount = live.segments.reduce(0) { $0 + $1.fileCount }
      chunkCount = live.segments.reduce(0) { $0 + $1.chunkCount }
      try verify(live.segments, .live, index, catalog)
      try verify(catalog.snapshot(of: .staged).segments, .staged, index, catalog)
      if let damage = try catalog.damageOfMark() { problems.append(damage.failure) }
      if let obstacle = index.obstacleOfLock() { problems.append(obstacle) }
    } catch  where error.code != .notFound {
      // SQLite calls damaged what it could not read.
      let isOfCatalog = error.path.map { IndexCatalog.fileNames.contains($0.lastComponent) } ?? false
      if !reportsUnread, error.code == .cut || error.code == .inputOutput || isOfCatalog { throw error }
      problems.append(error)
    }
  }

  private mutating func verify(
    _ records: [SegmentRecord], _ build: IndexBuild, _ index: IndexDirectory, _ catalog: IndexCatalog
  ) throws(Failure) {
    for record in records {
      do throws(Failure) {
        let segment = try index.open(record)
        try segment.verify()
        segmentCount += 1
        byteCount += segment.byteCount
        segment.releasePages()
      } catch {
        if let problem = try index.problem(error, of: record, build, catalog) { problems.append(problem) }
      }
    }
  }
}

extension StoredIndex {
  /// Reads every byte of the index and holds it against its checksums. As `IndexVerification`.
  ///
  /// - Parameter reportsUnread: a catalog that could not be read is a problem rather than thrown.
  package func verify(reportsUnread: Bool = true) throws(Failure) -> IndexVerification {
    try IndexVerification(of: site, reportsUnread: reportsUnread)
  }
}
