/// What BM25 must know of the whole corpus, so that a chunk scores the same in whichever segment it lies. Live chunks alone count, so
/// that it scores the same whatever was indexed before.
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
