package import Chunking
package import Corpus
package import Primitives

/// A file after every stage before the segment: cut, analysed, embedded.
package struct PreparedFile: Sendable {
  package var path: FilePath
  package var language: Language
  package var contentHash: ContentHash
  package var chunks: [PreparedChunk]
  /// The terms of these chunks.
  package var terms: FileTerms

  package init(
    path: FilePath, language: Language, contentHash: ContentHash, chunks: [PreparedChunk], terms: FileTerms
  ) {
    self.path = path
    self.language = language
    self.contentHash = contentHash
    self.chunks = chunks
    self.terms = terms
  }
}

package struct PreparedChunk: Sendable {
  package var chunk: Chunk
  /// The hash of the chunk's bytes: finds the chunk again when its lines have moved.
  package var contentHash: ContentHash
  package var vector: QuantisedVector

  package init(chunk: Chunk, contentHash: ContentHash, vector: QuantisedVector) {
    self.chunk = chunk
    self.contentHash = contentHash
    self.vector = vector
  }
}
