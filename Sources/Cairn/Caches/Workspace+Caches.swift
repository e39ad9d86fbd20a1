import Embedding
import Primitives
import Searching

extension Workspace {
  /// The caches that serve this workspace, with their figures. Makes none that is not there.
  ///
  ///     let embeddings = try workspace.caches().first { $0.name == "embeddings" }
  public func caches() throws(CairnError) -> [CacheStatus] {
    try asCairnError { () throws(Failure) in
      var caches: [CacheStatus] = []
      if let cache = session.embeddingCache(corpus: (try? status())??.corpus) {
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
