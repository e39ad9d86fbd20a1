import Primitives
import Segments

/// Where a chunk lies in a snapshot.
package struct ChunkPlace: Hashable, Sendable, Comparable {
  /// The position of its segment in the snapshot.
  package var segment: Int
  package var chunk: Int
  package init(segment: Int, chunk: Int) {
    self.segment = segment
    self.chunk = chunk
  }
  package static func < (a: ChunkPlace, b: ChunkPlace) -> Bool {
    a.segment != b.segment ? a.segment < b.segment : a.chunk < b.chunk
  }

  /// A number that ascends with the place; segments have less than 2^32 chunks.
  var key: UInt64 { UInt64(segment) << 32 | UInt64(chunk) }
}

extension IndexSnapshot {
  /// The order of chunks that are equally good: that of paths, then of lines, whatever the segments are.
  func precedes(_ a: ChunkPlace, _ b: ChunkPlace) -> Bool {
    a.segment == b.segment ? a.chunk < b.chunk : path(of: a) < path(of: b)
  }

  func path(of place: ChunkPlace) -> FilePath {
    let segment = segments[place.segment].segment
    return segment.path(ofFile: segment.fileNumber(ofChunk: place.chunk))
  }
}
