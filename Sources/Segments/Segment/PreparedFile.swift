package import Chunking
package import Corpus
package import Primitives

/// A file after every stage before the segment: cut, analysed, embedded.
package struct PreparedFile: Sendable {
  package var path: FilePath
  package var language: Language
  package var contentHash: ContentHash
  package var chunks: [PreparedChunk]

  package init(path: FilePath, language: Language, contentHash: ContentHash, chunks: [PreparedChunk]) {
    self.path = path
    self.language = language
    self.contentHash = contentHash
    self.chunks = chunks
  }
}

package struct PreparedChunk: Sendable {
  package var chunk: Chunk
  /// The hash of the chunk's bytes: finds the chunk again when its lines have moved.
  package var contentHash: ContentHash
  package var terms: ChunkTerms
  package var vector: QuantisedVector

  package init(chunk: Chunk, contentHash: ContentHash, terms: ChunkTerms, vector: QuantisedVector) {
    self.chunk = chunk
    self.contentHash = contentHash
    self.terms = terms
    self.vector = vector
  }
}
