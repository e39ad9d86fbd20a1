/// How much an embedding cache keeps, and for how long.
package struct EmbeddingCacheLimits: Hashable, Sendable {
  /// Bytes of the file that hold something. Beyond it the least recently used vectors go.
  package var byteCount: Int
  /// What was not used for so long goes; 0 is never.
  package var days: Int

  package init(byteCount: Int, days: Int) {
    self.byteCount = byteCount
    self.days = days
  }
}
