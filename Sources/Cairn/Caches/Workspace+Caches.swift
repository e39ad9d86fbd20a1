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
      let files = try segmentFiles()
      var pages = CacheStatus(
        name: "index", path: indexDirectory, entryCount: files.count, byteCount: 0, byteLimit: 0)
      for file in files {
        pages.byteCount += try PageCache.residentByteCount(of: file)
        pages.byteLimit += try FileStatus(of: file).byteCount
      }
      caches.append(pages)
      return caches
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
      let files = try segmentFiles()
      guard !files.isEmpty else {
        throw Failure(.noIndex, "there is no index yet", path: root.filePath, remedy: .index)
      }
      var byteCount = 0
      for file in files { byteCount += try PageCache.load(file) }
      return byteCount
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

  private func segmentFiles() throws(Failure) -> [FilePath] {
    do throws(Failure) {
      return try index.snapshot().segments.map(\.segment.path)
    } catch {
      if error.code == .notFound { return [] }
      throw error
    }
  }
}
