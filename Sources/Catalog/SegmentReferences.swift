import Primitives
import SQLite

/// The references from files to segments that a commit changes: no file may name a segment that is not there. Checked
/// by counts, in a time that depends on the change alone.
struct SegmentReferences {
  private var known: Set<SegmentID>
  /// Files that still name each segment that goes.
  private var left: [SegmentID: Int] = [:]

  init(_ build: BuildRecord, _ change: CatalogChange) {
    known = Set(build.segments.map(\.id)).union(change.addedSegments.map(\.id)).subtracting(change.removedSegments)
    for segment in build.segments where change.removedSegments.contains(segment.id) {
      left[segment.id] = segment.fileCount - segment.tombstones.count
    }
  }

  /// A file that named `segment` goes.
  mutating func leave(_ segment: SegmentID) { left[segment]? -= 1 }

  /// A file that named `before`, if any, names `after` from now on. Throws where there is no such segment.
  mutating func move(
    from before: SegmentID?, to after: SegmentID?, _ connection: SQLiteConnection
  ) throws(Failure) {
    if let before { leave(before) }
    guard let after else { return }
    guard known.contains(after) else {
      throw Failure(.invalidArgument, "there is no segment \(after) for a file to be in", path: connection.path)
    }
  }

  /// Throws where the commit would leave files without their segment.
  func check(_ connection: SQLiteConnection) throws(Failure) {
    for (segment, count) in left.sorted(by: { $0.key < $1.key }) where count != 0 {
      throw Failure.damagedCatalog(
        connection.path, cause: "segment \(segment) was to go, and \(count) of its files would be in none")
    }
  }
}

extension FileRecord {
  /// The segment that it is in; nil for one that is left out.
  var segment: SegmentID? {
    guard case .indexed(let segment, _) = state else { return nil }
    return segment
  }
}
