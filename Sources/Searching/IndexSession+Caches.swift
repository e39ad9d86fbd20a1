package import Embedding
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
}
