package import Chunking
package import Corpus
import Disk
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

/// A chunk as a segment keeps it: everything but the text, which is read from the file.
package struct StoredChunk: Hashable, Sendable {
  package var file: Int
  package var chunk: Chunk
  package var contentHash: ContentHash
  package init(file: Int, chunk: Chunk, contentHash: ContentHash) {
    self.file = file
    self.chunk = chunk
    self.contentHash = contentHash
  }
}

/// An immutable, mapped part of the index. Opening it checks its footer and its sections' bounds and reads nothing else.
/// Thread-safe; every question is answered from the map. Files are in the order of their paths, chunks in that of
/// their files, so that chunk numbers ascend with (path, line).
package final class Segment: Sendable {
  package let path: FilePath
  package let fileCount: Int
  package let chunkCount: Int
  package let dimensions: Int
  /// The sum of the chunks' lengths in terms.
  package let totalLength: Int

  /// Throws `.notFound`, `.damaged` (too short, or a wrong checksum), `.wrongFormat` (not a segment) or `.unsupportedVersion`.
  package init(opening path: FilePath) throws(Failure) {
    throw Failure(.notFound, "not written yet")
  }

  /// Reads every byte and checks every checksum and every structure.
  package func verify() throws(Failure) {}

  package func file(_ number: Int) -> StoredFile { fatalError() }
  package func chunk(_ number: Int) -> StoredChunk { fatalError() }
  /// The file that `chunk` is of, without reading the rest of what is stored of it.
  package func fileNumber(ofChunk chunk: Int) -> Int { 0 }
  /// The number of the file at `path`, by binary search.
  package func fileNumber(at path: FilePath) -> Int? { nil }

  // MARK: Lexical

  /// For each clause, the number of chunks that hold its term.
  package func documentFrequencies(of query: LexicalQuery) -> [Int] { [] }
  /// The best `limit` chunks by BM25 among `eligible` ones (all of them when nil), best first; only chunks with a score above 0.
  package func bestByTerms(
    _ query: LexicalQuery, statistics: CollectionStatistics, eligible: BitSet?, limit: Int
  ) -> [ScoredChunk] { [] }
  /// The BM25 scores of `chunks`, which ascend.
  package func termScores(_ query: LexicalQuery, statistics: CollectionStatistics, of chunks: [Int]) -> [Float] { [] }

  // MARK: Vectors

  /// The best `limit` chunks by the dot product of `query` (unit length) and their vectors, best first.
  package func bestByVector(_ query: [Float], eligible: BitSet?, limit: Int) -> [ScoredChunk] { [] }
  /// The dot products of `query` and the vectors of `chunks`.
  package func vectorScores(_ query: [Float], of chunks: [Int]) -> [Float] { [] }
  /// The vector of a chunk, as it was before quantisation but for rounding.
  package func vector(ofChunk chunk: Int) -> [Float] { [] }
}
