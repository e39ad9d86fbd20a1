package import Chunking
package import Inspection
package import Primitives
package import Segments

/// A chunk with everything that the index keeps of it, wherever it lies: two indexes that hold the same chunks answer
/// alike.
package struct LiveChunk: Hashable, Comparable {
  package var path: FilePath
  package var language: Language
  package var fileHash: ContentHash
  package var chunk: Chunk
  package var contentHash: ChunkHash
  package var vector: [Float]
  /// Its BM25 score for a few words, by the statistics of the whole index.
  package var scores: [Float]

  /// The words by which `scores` are computed.
  package static let words = ["alpha", "beta", "gamma", "delta", "parseDate", "read_file", "Tree", "index"]

  package static func < (a: Self, b: Self) -> Bool {
    (a.path, a.chunk.bytes.lowerBound) < (b.path, b.chunk.bytes.lowerBound)
  }
}

/// Every live chunk, in the order of paths and lines.
package func liveChunks(_ snapshot: IndexSnapshot) -> [LiveChunk] {
  let queries = LiveChunk.words.map { LexicalQuery(clauses: [LexicalQuery.Clause(term: Term($0.lowercased()))]) }
  var chunks: [LiveChunk] = []
  for part in snapshot.segments {
    let segment = part.segment
    let live = (0..<segment.chunkCount).filter { part.live?.contains($0) ?? true }
    // Fixed statistics: what is compared is what is kept.
    let scores = queries.map { query in
      segment.termScores(
        query, statistics: CollectionStatistics(chunkCount: 1000, totalLength: 100_000, documentFrequencies: [10]),
        of: live)
    }
    for (place, number) in live.enumerated() {
      let stored = segment.chunk(number)
      let file = segment.file(stored.file)
      chunks.append(
        LiveChunk(
          path: file.path, language: file.language, fileHash: file.contentHash, chunk: stored.chunk,
          contentHash: stored.contentHash, vector: segment.vector(ofChunk: number), scores: scores.map { $0[place] }))
    }
  }
  return chunks.sorted()
}
