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
