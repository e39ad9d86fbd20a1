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

  /// Forgets the embeddings that are kept for all trees of the user.
  package func clearEmbeddings() throws(Failure) {
    guard let cache = embeddingCache(corpus: nil), fileExists(cache.path) else { return }
    try cache.cache.clear()
  }

  /// How much of the files of the live segments the system holds in memory; of none where there is no index.
  package func segmentsInMemory() throws(Failure) -> (fileCount: Int, residentByteCount: Int, byteCount: Int) {
    try index.readingSegmentFiles { (files) throws(Failure) in
      var held = (fileCount: files.count, residentByteCount: 0, byteCount: 0)
      for file in files {
        held.residentByteCount += try PageCache.residentByteCount(of: file)
        held.byteCount += try FileStatus(of: file).byteCount
      }
      return held
    }
  }

  /// Reads the files of the live segments once, so that the system has them in memory; gives their bytes. Throws
  /// `.noIndex` where there are none.
  package func loadSegments() throws(Failure) -> Int {
    try index.readingSegmentFiles { (files) throws(Failure) in
      guard !files.isEmpty else { throw Failure(.noIndex, "there is no index yet", path: root, remedy: .index) }
      var byteCount = 0
      for file in files { byteCount += try PageCache.load(file) }
      return byteCount
    }
  }
}
