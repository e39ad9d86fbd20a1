import Chunking
import Primitives
import Segments

/// A segment in memory of the chunks that a store gave: what the retrievers and the ranking steps of a local index read
/// of candidates. It holds the terms that were asked for and no others; statistics are those of the collection.
struct CandidateSegment {
  let segment: Segment

  /// Throws `.damaged` where the records contradict each other.
  init(_ records: [StoreRecord], dimensions: Int) throws(Failure) {
    var builder = SegmentBuilder(dimensions: dimensions)
    let sorted = records.sorted {
      $0.file.path != $1.file.path
        ? $0.file.path < $1.file.path : $0.chunk.chunk.bytes.lowerBound < $1.chunk.chunk.bytes.lowerBound
    }
    var start = 0
    while start < sorted.count {
      let file = sorted[start].file
      var end = start
      while end < sorted.count, sorted[end].file.id == file.id { end += 1 }
      // A path twice is a state that no store should give.
      if end < sorted.count, sorted[end].file.path == file.path { throw Self.contradiction }
      let chunks = sorted[start..<end].map(\.chunk)
      guard chunks.allSatisfy({ $0.vector.dimensions == dimensions }) else { throw Self.contradiction }
      _ = builder.add(
        PreparedFile(
          path: file.path, language: file.language, contentHash: file.contentHash,
          chunks: chunks.map {
            PreparedChunk(
              chunk: $0.chunk, contentHash: ContentHash(high: 0, low: UInt64($0.contentHash.bits)), vector: $0.vector)
          },
          terms: Self.terms(of: chunks)))
      start = end
    }
    segment = try builder.open(named: "candidates")
  }

  private static func terms(of chunks: [StoreChunk]) -> FileTerms {
    var postings: [Term: [(chunk: Int, code: UInt8)]] = [:]
    for (number, chunk) in chunks.enumerated() {
      for posting in chunk.postings { postings[posting.term, default: []].append((number, posting.code)) }
    }
    var terms = FileTerms(lengthCodes: chunks.map(\.lengthCode))
    for (term, found) in postings { terms.add(term, postings: found) }
    return terms
  }

  private static let contradiction = Failure(.damaged, "what the store gave of a file contradicts itself")
}
