package import Chunking
package import Inspection
package import Primitives
import Synchronization

/// A file after every stage before the segment: cut, analysed, embedded.
package struct PreparedFile: Sendable {
  package var path: FilePath
  package var language: Language
  package var contentHash: ContentHash
  package var chunks: [PreparedChunk]
  /// The terms of these chunks; of the first of them, where there are `laterTerms`.
  package var terms: FileTerms
  /// The terms of the chunks behind those, and of the rest of a long chunk, of a large file.
  package var laterTerms: LaterTerms?
  /// By which a pattern search may rule the file out; nil where that is not wanted.
  package var grams: FileGrams?

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

/// Parts of a large file's terms, in the order of its chunks. They are taken out one by one, so that each is gone when
/// the builder has it.
package final class LaterTerms: Sendable {
  private let parts: Mutex<[FileTerms]>

  package init(_ parts: [FileTerms]) { self.parts = Mutex(parts.reversed()) }

  /// The next part; nil after the last.
  func takeNext() -> FileTerms? { parts.withLock { $0.popLast() } }
}
