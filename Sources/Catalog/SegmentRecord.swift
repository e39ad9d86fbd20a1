package import Primitives

/// The number of a segment, never used twice in one catalog; its file is named after it.
package typealias SegmentID = Int64

/// One live segment as a snapshot needs it.
package struct SegmentRecord: Hashable, Sendable {
  package var id: SegmentID
  package var fileCount: Int
  package var chunkCount: Int
  package var byteCount: Int
  /// The segment's own checksum, which tells it from every other one.
  package var checksum: UInt64
  /// Numbers of files in the segment that were changed or deleted since it was written.
  package var tombstones: BitSet

  package init(
    id: SegmentID, fileCount: Int, chunkCount: Int, byteCount: Int, checksum: UInt64, tombstones: BitSet
  ) {
    self.id = id
    self.fileCount = fileCount
    self.chunkCount = chunkCount
    self.byteCount = byteCount
    self.checksum = checksum
    self.tombstones = tombstones
  }

  /// Whether every file of it is tombstoned, and there is one.
  package var isDead: Bool { fileCount > 0 && tombstones.count == fileCount }

  /// `000042.segment`, inside the index directory's `segments`.
  package var fileName: FilePath { Self.fileName(id) }
  package static func fileName(_ id: SegmentID) -> FilePath {
    let digits = String(id)
    return FilePath(String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".segment")
  }
}
