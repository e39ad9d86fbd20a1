package import Catalog
import Disk
package import Primitives
package import Segments

extension IndexDirectory {
  /// Opens a live segment and checks that it is the one that the catalog means.
  package func open(_ record: SegmentRecord) throws(Failure) -> Segment {
    let file = try self.segment(record.id)
    // Known before anything is mapped or read: what took its place may be larger than the memory.
    if let status = try? file.directory.status(of: file.name), status.kind == .file,
      status.byteCount != record.byteCount
    {
      throw Failure(
        .damaged,
        "the segment has \(status.byteCount) bytes and not \(record.byteCount)", path: file.path, remedy: .index)
    }
    let segment = try Segment(opening: file, readsWholeUpTo: wholeByteCount)
    guard segment.checksum == record.checksum, segment.fileCount == record.fileCount,
      segment.chunkCount == record.chunkCount
    else {
      throw Failure(
        .damaged, "the segment is not the one that the catalog lists", path: segment.path, remedy: .index)
    }
    return segment
  }

  /// Gives a segment of another index a second name, `id`, in this one; copies it where that cannot be, such as on
  /// another file system. Neither index notices what becomes of the other: a segment never changes. The name is durable
  /// once the directory of segments is synced.
  package func take(
    _ record: SegmentRecord, from other: IndexDirectory, as id: SegmentID
  ) throws(Failure) {
    let (source, target) = (try other.segment(record.id), try segment(id))
    if try target.directory.link(source.name, of: source.directory, as: target.name) { return }
    var copy = try AtomicFile(target)
    try copy.write(try source.read().bytes)
    try copy.commit()
  }

  /// A number for a segment that is about to be written: no file on the disk has it, so that none is ever replaced.
  package func reserveSegmentID(_ catalog: IndexCatalog) throws(Failure) -> SegmentID {
    let segments = try segments()
    return try catalog.reserveSegmentID { (try? segments.status(of: SegmentRecord.fileName($0))) != nil }
  }

  /// The chunks of files that were not tombstoned. Opens the segment only if some were.
  package func liveChunkCount(of record: SegmentRecord) throws(Failure) -> Int {
    if record.tombstones.isEmpty { return record.chunkCount }
    if record.isDead { return 0 }
    let segment = try open(record)
    let count = record.tombstones.members.reduce(record.chunkCount) { $0 - segment.chunks(ofFile: $1).count }
    if let damage = segment.damage { throw damage }
    return count
  }
}
