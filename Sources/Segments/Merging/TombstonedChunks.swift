import Primitives

/// The chunks of a segment that belong to files which are tombstoned: what the statistics of the corpus must leave out,
/// so that an index that was brought up to date ranks as a new one does. A value; made once for each snapshot.
package struct TombstonedChunks: Sendable {
  /// Ascending, with live chunks between them: the chunks of a file lie side by side, and often those of its neighbours
  /// are tombstoned too.
  let ranges: [Range<UInt32>]
  /// The chunks that are live, bit by bit.
  let live: BitSet
  let count: Int
  /// The sum of their lengths, as `Segment.totalLength` sums them up.
  let totalLength: Int

  /// A step for each file of `files` and each of its chunks. In a damaged segment files may share chunks, which are
  /// then counted once.
  init(of files: BitSet, in segment: Segment) {
    var live = BitSet(capacity: segment.chunkCount, filled: true)
    var ranges: [Range<UInt32>] = []
    var totalLength = 0
    let lengths = segment.bytes(of: .lengths)
    for file in files.members {
      var chunks = segment.chunks(ofFile: file)
      for chunk in chunks { live.remove(chunk) }
      let end = ranges.last.map { Int($0.upperBound) } ?? 0
      chunks = max(chunks.lowerBound, end)..<max(chunks.upperBound, end)
      if chunks.isEmpty { continue }
      for chunk in chunks { totalLength += LengthCode.length(of: lengths[chunk]) }
      if let last = ranges.last, last.upperBound == chunks.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<UInt32(chunks.upperBound)
      } else {
        ranges.append(UInt32(chunks.lowerBound)..<UInt32(chunks.upperBound))
      }
    }
    self.ranges = ranges
    self.live = live
    count = segment.chunkCount - live.count
    self.totalLength = totalLength
  }

  @inline(__always)
  func contains(_ chunk: UInt32) -> Bool { !live.contains(Int(chunk)) && Int(chunk) < live.capacity }
}
