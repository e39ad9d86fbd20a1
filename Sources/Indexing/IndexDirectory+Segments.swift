import Catalog
import Disk
import Primitives
import Segments

extension IndexDirectory {
  /// Opens a live segment and checks that it is the one that the catalog means.
  func open(_ record: SegmentRecord) throws(Failure) -> Segment {
    let segment = try Segment(opening: try self.segment(record.id), readsWholeUpTo: wholeByteCount)
    guard segment.fileCount == record.fileCount, segment.chunkCount == record.chunkCount else {
      throw Failure(
        .damaged,
        "the segment is not the one that the catalog lists: build the index anew with `cairn index --rebuild`",
        path: segment.path)
    }
    return segment
  }

  /// The chunks of files that were not retired. Opens the segment only if some were.
  func liveChunkCount(of record: SegmentRecord) throws(Failure) -> Int {
    if record.retiredFiles.isEmpty { return record.chunkCount }
    let segment = try open(record)
    return record.retiredFiles.members.reduce(record.chunkCount) { $0 - segment.file($1).chunks.count }
  }
}
