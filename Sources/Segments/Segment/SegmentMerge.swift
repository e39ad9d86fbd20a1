package import Primitives

/// Writes one segment that holds the files of `sources` that are not in `retired` (parallel to `sources`), in the order of
/// their paths, without reading any source file. Gives, for every source, the new number of each of its files (nil for retired ones).
/// Memory stays bounded however large the sources are.
package func mergeSegments(
  _ sources: [Segment], retired: [BitSet], to path: FilePath
) throws(Failure) -> (byteCount: Int, numbers: [[Int?]]) {
  throw Failure(.notFound, "not written yet")
}

/// Which segments to merge, decided from their sizes alone: a pure function.
package struct MergePlanner: Sendable {
  package struct Candidate: Hashable, Sendable {
    package var id: Int64
    package var byteCount: Int
    package var chunkCount: Int
    /// Chunks of files that were not retired.
    package var liveChunkCount: Int
    package init(id: Int64, byteCount: Int, chunkCount: Int, liveChunkCount: Int) {
      self.id = id
      self.byteCount = byteCount
      self.chunkCount = chunkCount
      self.liveChunkCount = liveChunkCount
    }
  }
  package init() {}
  /// Groups of segments to merge into one each; a group of one is a segment to rewrite without its retired files.
  package func plan(_ segments: [Candidate]) -> [[Int64]] { [] }
}
