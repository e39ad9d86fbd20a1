import Disk
package import Embedding
import IndexStorage
import ModelOpening
package import Primitives
package import Settings

extension IndexSession {
  /// The user's cache of embeddings, and where it is, whatever `caching` says: what it holds takes space either way.
  /// Nil where the environment names no place for it.
  ///
  /// - Parameter corpus: what is known of the size of the corpus.
  package func embeddingCache(corpus: CorpusSize?) -> (cache: EmbeddingCache, path: FilePath)? {
    var asking = settings
    asking.set(.isCaching, to: .boolean(true), from: .program)
    guard let path = asking.embeddingCachePath(environment) else { return nil }
    return (EmbeddingCache(path: path, limits: asking.embeddingCacheLimits(corpus: corpus)), path)
  }

  /// Forgets the embeddings that are kept for all projects.
  package func clearCaches() throws(Failure) {
    guard let cache = embeddingCache(corpus: nil), fileExists(cache.path) else { return }
    try cache.cache.clear()
  }

  /// How many segments the index has, how many bytes of them the system has in memory, and how many there are.
  package func residentPages() throws(Failure) -> (fileCount: Int, residentByteCount: Int, byteCount: Int) {
    try index.readingSegmentFiles { (files) throws(Failure) in
      var pages = (fileCount: files.count, residentByteCount: 0, byteCount: 0)
      for file in files {
        pages.residentByteCount += try PageCache.residentByteCount(of: file)
        pages.byteCount += try FileStatus(of: file).byteCount
      }
      return pages
    }
  }

  /// Reads the index once, so that the system has it in memory, and gives the bytes. Blocks for as long as the disk
  /// takes. Throws `.noIndex` where there is none.
  package func warmCaches() throws(Failure) -> Int {
    try index.readingSegmentFiles { (files) throws(Failure) in
      guard !files.isEmpty else { throw Failure(.noIndex, "there is no index yet", path: root, remedy: .index) }
      var byteCount = 0
      for file in files { byteCount += try PageCache.load(file) }
      return byteCount
    }
  }
}
