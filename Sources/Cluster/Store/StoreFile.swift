package import Chunking
package import Inspection
package import Primitives
package import Segments

/// The number of a file in its collection; one that was replaced has another.
package typealias StoreFileID = Int64
/// The number of a chunk in its collection. Below 2^31: the chunks of a file have consecutive numbers.
package typealias StoreChunkID = Int64

/// A file with all that is made of it, as a store takes it and gives it back.
package struct StoreFile: Hashable, Sendable {
  package var path: FilePath
  package var language: Language
  package var contentHash: ContentHash
  /// Its bytes as they were indexed; nil where they are not kept.
  package var text: [UInt8]?
  /// In the order of their lines; without postings, which are in `terms`.
  package var chunks: [StoreChunk]
  /// The terms of all chunks, by term (`FileTerms.forEachTerm`), as a builder of segments takes them.
  package var terms: FileTerms

  package init(
    path: FilePath, language: Language, contentHash: ContentHash, text: [UInt8]?, chunks: [StoreChunk],
    terms: FileTerms
  ) {
    self.path = path
    self.language = language
    self.contentHash = contentHash
    self.text = text
    self.chunks = chunks
    self.terms = terms
  }

  /// The terms of each chunk.
  package var postings: [[StoreChunk.Posting]] {
    var postings = [[StoreChunk.Posting]](repeating: [], count: chunks.count)
    terms.forEachTerm { bytes, field, found in
      let term = Term(field: field, bytes: bytes.indices.map { bytes[$0] })
      for posting in found where posting.chunk < postings.count {
        postings[posting.chunk].append(StoreChunk.Posting(term: term, code: posting.code))
      }
    }
    return postings
  }
}

/// A chunk with its length and its vector.
package struct StoreChunk: Hashable, Sendable {
  package struct Posting: Hashable, Sendable {
    package var term: Term
    /// A weighted frequency in the steps of BM25 (`FrequencyCode`): 0...3.
    package var code: UInt8
    package init(term: Term, code: UInt8) {
      self.term = term
      self.code = code
    }
  }
  package var chunk: Chunk
  package var contentHash: ChunkHash
  /// Its length in words as it is stored (`LengthCode`).
  package var lengthCode: UInt8
  /// Of a record that a search asked for, those of the terms that were asked for that it holds, each once.
  package var postings: [Posting] = []
  package var vector: QuantisedVector

  package init(
    chunk: Chunk, contentHash: ChunkHash, lengthCode: UInt8, postings: [Posting] = [], vector: QuantisedVector
  ) {
    self.chunk = chunk
    self.contentHash = contentHash
    self.lengthCode = lengthCode
    self.postings = postings
    self.vector = vector
  }
}

/// What a list of a collection's files says of each.
package struct StoreFileEntry: Hashable, Sendable {
  package var id: StoreFileID
  package var path: FilePath
  package var language: Language
  package var contentHash: ContentHash
  package var chunkCount: Int

  package init(id: StoreFileID, path: FilePath, language: Language, contentHash: ContentHash, chunkCount: Int) {
    self.id = id
    self.path = path
    self.language = language
    self.contentHash = contentHash
    self.chunkCount = chunkCount
  }
}

/// A chunk as a search gets it, with what is known of its file.
package struct StoreRecord: Sendable {
  package var id: StoreChunkID
  package var file: StoreFileEntry
  package var chunk: StoreChunk

  package init(id: StoreChunkID, file: StoreFileEntry, chunk: StoreChunk) {
    self.id = id
    self.file = file
    self.chunk = chunk
  }
}
