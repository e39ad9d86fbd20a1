package import Chunking
package import Primitives

/// The terms of one chunk with their weighted frequencies, in a compact form that is made once and only read after.
package struct ChunkTerms: Hashable, Sendable {
  /// Distinct, ascending.
  package var terms: [(term: Term, frequency: UInt8)] { [] }
  /// The chunk's length for BM25.
  package var length: Int { 0 }
  package init() {}
}

/// Turns text into terms: over bytes, the same for a chunk and for a question.
package struct Analyzer: Sendable {
  /// Changes whenever the same text would give other terms; an index built with another value is rebuilt.
  package static let version = 1
  package init() {}

  /// The terms of `chunk`: the words of its bytes in `source`, of its symbols and of its file's path.
  package func terms(of chunk: Chunk, in source: Span<UInt8>, path: FilePath) -> ChunkTerms { ChunkTerms() }

  /// The words of a question, in its order, repetitions kept: each whole identifier followed by its parts.
  package func words(of text: String) -> [String] { [] }
}
