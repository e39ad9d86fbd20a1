/// A weighted set of terms to be scored with BM25.
package struct LexicalQuery: Hashable, Sendable {
  package struct Clause: Hashable, Sendable {
    package var term: Term
    package var weight: Float
    package init(term: Term, weight: Float = 1) {
      self.term = term
      self.weight = weight
    }
  }
  package var clauses: [Clause]
  package init(clauses: [Clause]) { self.clauses = clauses }
}

/// What BM25 must know of the whole corpus, so that a chunk scores the same in whichever segment it lies.
package struct CollectionStatistics: Hashable, Sendable {
  package var chunkCount: Int
  /// The sum of the chunks' lengths in terms.
  package var totalLength: Int
  /// For each clause of the query, the number of chunks that hold its term.
  package var documentFrequencies: [Int]
  package init(chunkCount: Int, totalLength: Int, documentFrequencies: [Int]) {
    self.chunkCount = chunkCount
    self.totalLength = totalLength
    self.documentFrequencies = documentFrequencies
  }
}

/// A chunk of one segment with its score. Ordered best first: score descending, then chunk number ascending.
package struct ScoredChunk: Hashable, Sendable {
  package var chunk: Int
  package var score: Float
  package init(chunk: Int, score: Float) {
    self.chunk = chunk
    self.score = score
  }
  package func precedes(_ other: ScoredChunk) -> Bool {
    score != other.score ? score > other.score : chunk < other.chunk
  }
}
