package import Chunking

/// A chunk as a segment keeps it: everything but the text, which is read from the file.
package struct StoredChunk: Hashable, Sendable {
  package var file: Int
  package var chunk: Chunk
  package var contentHash: ChunkHash
  package init(file: Int, chunk: Chunk, contentHash: ChunkHash) {
    self.file = file
    self.chunk = chunk
    self.contentHash = contentHash
  }
}
