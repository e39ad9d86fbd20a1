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
    // Their numbers: the records themselves are large.
    let order = records.indices.sorted { a, b in
      records[a].file.id != records[b].file.id
        ? (records[a].file.path, records[a].file.id) < (records[b].file.path, records[b].file.id)
        : records[a].chunk.chunk.bytes.lowerBound < records[b].chunk.chunk.bytes.lowerBound
    }
    var start = 0
    while start < order.count {
      let file = records[order[start]].file
      var end = start
      while end < order.count, records[order[end]].file.id == file.id { end += 1 }
      // A path twice is a state that no store should give.
      if end < order.count, records[order[end]].file.path == file.path { throw Self.contradiction }
      let chunks = order[start..<end].map { records[$0].chunk }
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
