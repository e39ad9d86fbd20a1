/// What a cache holds and how often it was used.
///
///     for cache in try workspace.caches() { print(cache.name, cache.byteCount) }
public struct CacheStatus: Hashable, Sendable {
  /// `embeddings`: vectors by content and model, shared by all projects of a user. `index`: the pages of this project's
  /// index that the system has in memory.
  public var name: String
  /// The file or directory.
  public var path: Path
  /// Embeddings; segments.
  public var entryCount: Int
  /// Since the cache was created, in every process; nil if nobody counts.
  public var hitCount: Int?
  public var missCount: Int?
  public var byteCount: Int
  /// Bytes it may hold.
  public var byteLimit: Int

  /// The share of look-ups that found something, from 0 to 1.
  public var hitRate: Double? {
    guard let hitCount, let missCount, hitCount + missCount > 0 else { return nil }
    return Double(hitCount) / Double(hitCount + missCount)
  }
}
