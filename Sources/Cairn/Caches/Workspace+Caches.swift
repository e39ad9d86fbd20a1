import Disk
import Embedding
import IndexStorage
import Indexing
import ModelOpening
import Primitives
import Searching
import Segments

extension Workspace {
  /// The caches that serve this workspace, with their figures. Makes none that is not there.
  ///
  ///     let embeddings = try workspace.caches().first { $0.name == "embeddings" }
  public func caches() throws(CairnError) -> [CacheStatus] {
    try asCairnError { () throws(Failure) in
      var caches: [CacheStatus] = []
      if let cache = embeddingCache {
        let held = cache.cache.statistics()
        caches.append(
          CacheStatus(
            name: held.name, path: Path(cache.path), entryCount: held.entryCount, hitCount: held.hitCount,
            missCount: held.missCount, byteCount: held.byteCount, byteLimit: held.byteLimit))
      }
      let pages = try segmentFiles { (files) throws(Failure) in
        var pages = CacheStatus(
          name: "index", path: indexDirectory, entryCount: files.count, byteCount: 0, byteLimit: 0)
        for file in files {
          pages.byteCount += try PageCache.residentByteCount(of: file)
          pages.byteLimit += try FileStatus(of: file).byteCount
        }
        return pages
      }
      return caches + [pages]
    }
  }

  /// Forgets what is kept beside the index: the embeddings of all projects. The next runs make them again.
  public func clearCaches() throws(CairnError) {
    try asCairnError { () throws(Failure) in
      guard let cache = embeddingCache, fileExists(cache.path) else { return }
      try cache.cache.clear()
    }
  }

  /// Reads the index once, so that the first query after a start of the machine finds it in memory. Gives the bytes
  /// read. Blocks for as long as the disk takes. Throws `noIndex` where there is none.
  public func warmCaches() throws(CairnError) -> Int {
    try asCairnError { () throws(Failure) in
      try segmentFiles { (files) throws(Failure) in
        guard !files.isEmpty else {
          throw Failure(.noIndex, "there is no index yet", path: root.filePath, remedy: .index)
        }
        var byteCount = 0
        for file in files { byteCount += try PageCache.load(file) }
        return byteCount
      }
    }
  }

  /// The user's cache of embeddings, whatever `caching` says: what it holds takes space either way.
  private var embeddingCache: (cache: EmbeddingCache, path: FilePath)? {
    var asking = configuration
    asking.isCaching = true
    guard let path = asking.values.embeddingCachePath(environment) else { return nil }
    let limits = asking.values.embeddingCacheLimits(corpus: (try? status())??.corpus)
    return (EmbeddingCache(path: path, limits: limits), path)
  }

  /// What `body` makes of the files of the segments, of none where there is no index.
  private func segmentFiles<Result>(_ body: ([FilePath]) throws(Failure) -> Result) throws(Failure) -> Result {
    do throws(Failure) {
      return try index.readingLive { (snapshot) throws(Failure) in try body(snapshot.segments.map(\.segment.path)) }
    } catch {
      guard error.code == .notFound else { throw error }
      return try body([])
    }
  }
}
