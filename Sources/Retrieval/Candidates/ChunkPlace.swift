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
}
