package import Segments

/// Where a chunk lies in a snapshot.
package struct ChunkPlace: Hashable, Sendable {
  /// The position of its segment in the snapshot.
  package var segment: Int
  package var chunk: Int
  package init(segment: Int, chunk: Int) {
    self.segment = segment
    self.chunk = chunk
  }
}

/// A chunk that may be among the results, with what the ranking steps know of it.
package struct Candidate: Sendable {
  package var place: ChunkPlace
  /// The position of its file in the pool.
  package var file: Int
  package var stored: StoredChunk
  /// BM25.
  package var termScore: Float
  /// The dot product of its vector and the question's.
  package var similarity: Float
  /// The dot product of the vectors of its names and of the question.
  package var nameSimilarity: Float = 0
  /// Bit `i` says that it holds a form of the question's word `i`.
  package var heldWords: UInt64 = 0
  /// How many of the quoted phrases its text holds.
  package var heldPhraseCount = 0
  /// The symbol that answers a name of the question.
  package var matchedSymbol: String? = nil
  /// What the file's part in the repository was held against it for.
  package var penalised: FileTraits = []
  /// Results of the same file that stand above.
  package var repetitions = 0
  package var parts = ScoreParts()

  package init(place: ChunkPlace, file: Int, stored: StoredChunk, termScore: Float, similarity: Float) {
    self.place = place
    self.file = file
    self.stored = stored
    self.termScore = termScore
    self.similarity = similarity
  }

  package var score: Float { parts.total }
}
