package import Inspection
package import Primitives

/// A file as a segment keeps it.
package struct StoredFile: Hashable, Sendable {
  package var path: FilePath
  package var language: Language
  package var contentHash: ContentHash
  /// Its chunks' numbers, in the order of their lines.
  package var chunks: Range<Int>
  package init(path: FilePath, language: Language, contentHash: ContentHash, chunks: Range<Int>) {
    self.path = path
    self.language = language
    self.contentHash = contentHash
    self.chunks = chunks
  }
}
