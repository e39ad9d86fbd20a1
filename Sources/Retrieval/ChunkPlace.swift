import Primitives
import Segments

/// Where a chunk lies in a snapshot.
struct ChunkPlace: Hashable, Sendable, Comparable {
  /// The position of its segment in the snapshot.
  var segment: Int
  var chunk: Int
  init(segment: Int, chunk: Int) {
    self.segment = segment
    self.chunk = chunk
  }
  static func < (a: ChunkPlace, b: ChunkPlace) -> Bool {
    a.segment != b.segment ? a.segment < b.segment : a.chunk < b.chunk
  }

  /// A number that ascends with the place; segments have less than 2^32 chunks.
  var key: UInt64 { UInt64(segment) << 32 | UInt64(chunk) }
}

extension IndexSnapshot {
  /// The order of chunks that are equally good: that of corpora, of paths, then of lines, whatever the segments are.
  func precedes(_ a: ChunkPlace, _ b: ChunkPlace) -> Bool {
    a.segment == b.segment ? a.chunk < b.chunk : sourcePath(of: a) < sourcePath(of: b)
  }

  /// The numbers, ascending, of the `limit` best by score, and where that is the same in the order of paths and lines.
  func numbersOfBest(_ limit: Int, scores: [Float], place: (Int) -> ChunkPlace) -> [Int] {
    if limit <= 0 { return [] }
    if scores.count <= limit { return Array(scores.indices) }
    var entries = scores.enumerated().map { UInt64($1.rank) << 32 | UInt64($0) }
    entries.moveLargestToFront(limit)
    // What is as good as the last of them may come before it.
    let least = entries[..<limit].min().map { UInt32(truncatingIfNeeded: $0 >> 32) } ?? 0
    var last = scores.indices.filter { scores[$0].rank == least }
    let free = limit - entries[..<limit].count { UInt32(truncatingIfNeeded: $0 >> 32) > least }
    if last.count > free { last = last.sorted { precedes(place($0), place($1)) }.prefix(free).sorted() }
    var next = 0
    return scores.indices.filter { i in
      let rank = scores[i].rank
      guard rank == least, next < last.count, last[next] == i else { return rank > least }
      next += 1
      return true
    }
  }

  /// As a person knows it: without what a segment's paths have before that in the corpus.
  func path(of place: ChunkPlace) -> FilePath {
    let path = sourcePath(of: place).path
    let prefixByteCount = segments[place.segment].pathPrefixByteCount
    return prefixByteCount == 0 ? path : FilePath(bytes: Array(path.bytes.dropFirst(prefixByteCount)))
  }

  func sourcePath(of place: ChunkPlace) -> SourcePath {
    sourcePath(ofFile: segments[place.segment].segment.fileNumber(ofChunk: place.chunk), inSegment: place.segment)
  }
}
