/// What a cache holds and what it was good for.
package struct CacheStatistics: Hashable, Sendable {
  /// `embeddings`
  package var name: String
  package var entryCount: Int
  /// Since the cache was begun, in every process.
  package var hitCount: Int
  package var missCount: Int
  package var byteCount: Int
  /// Bytes it may hold.
  package var byteLimit: Int

  package init(name: String, entryCount: Int, hitCount: Int, missCount: Int, byteCount: Int, byteLimit: Int) {
    self.name = name
    self.entryCount = entryCount
    self.hitCount = hitCount
    self.missCount = missCount
    self.byteCount = byteCount
    self.byteLimit = byteLimit
  }
}
