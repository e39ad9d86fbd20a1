import Embedding
import Primitives
import Searching
import Settings

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

extension Workspace {
  /// The caches that serve this workspace, with their figures. Makes none that is not there.
  ///
  ///     let embeddings = try workspace.caches().first { $0.name == "embeddings" }
  public func caches() throws(CairnError) -> [CacheStatus] {
    try asCairnError { () throws(Failure) in
      var caches: [CacheStatus] = []
      let known = (try? status()) ?? nil
      let corpus = known.map { CorpusSize(fileCount: $0.fileCount, byteCount: $0.sourceByteCount) }
      if let cache = session.embeddingCache(corpus: corpus) {
        let held = cache.cache.statistics()
        caches.append(
          CacheStatus(
            name: held.name, path: Path(cache.path), entryCount: held.entryCount, hitCount: held.hitCount,
            missCount: held.missCount, byteCount: held.byteCount, byteLimit: held.byteLimit))
      }
      let pages = try session.residentPages()
      return caches + [
        CacheStatus(
          name: "index", path: indexDirectory, entryCount: pages.fileCount, byteCount: pages.residentByteCount,
          byteLimit: pages.byteCount)
      ]
    }
  }

  /// Forgets what is kept beside the index: the embeddings of all projects. The next runs make them again.
  public func clearCaches() throws(CairnError) {
    try asCairnError { () throws(Failure) in try session.clearCaches() }
  }

  /// Reads the index once, so that the first query after a start of the machine finds it in memory. Gives the bytes
  /// read. Blocks for as long as the disk takes. Throws `noIndex` where there is none.
  public func warmCaches() throws(CairnError) -> Int {
    try asCairnError { () throws(Failure) in try session.warmCaches() }
  }
}
