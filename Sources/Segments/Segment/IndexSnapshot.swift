package import Primitives

/// The live segments of one generation, opened. A value: it answers the same for as long as it is held, whatever is
/// committed, merged or deleted meanwhile.
package struct IndexSnapshot: Sendable {
  package struct LiveSegment: Sendable {
    package var segment: Segment
    /// The chunks that are live, or nil when all are.
    package var live: BitSet?
    package init(segment: Segment, retiredFiles: BitSet) {
      self.segment = segment
      if retiredFiles.isEmpty {
        live = nil
      } else {
        var chunks = BitSet(capacity: segment.chunkCount, filled: true)
        for file in retiredFiles.members { for chunk in segment.file(file).chunks { chunks.remove(chunk) } }
        live = chunks
      }
    }
  }
  package var generation: Int64
  /// False while a first run is under way: the answer may lack files.
  package var isComplete: Bool
  package var segments: [LiveSegment]

  package init(generation: Int64, isComplete: Bool, segments: [LiveSegment]) {
    self.generation = generation
    self.isComplete = isComplete
    self.segments = segments
  }
}
