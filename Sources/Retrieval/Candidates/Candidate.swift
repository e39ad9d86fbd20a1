/// A chunk that may be among the results, with what the ranking steps know of it. Plain numbers: what the segment keeps
/// of the chunk stands in the pool's list.
struct Candidate: Sendable {
  var place: ChunkPlace
  /// The position of its file in the pool.
  var file: Int
  /// The position of its chunk in the pool's list.
  var chunk: Int
  /// The first line of the chunk, as the index has it.
  var firstLine: Int
  /// BM25.
  var termScore: Float
  /// The dot product of its vector and the query's.
  var similarity: Float
  /// The dot product of the vectors of its names and of the query.
  var nameSimilarity: Float = 0
  /// Bit `i` says that it holds a form of the query's word `i`.
  var heldWords: UInt64 = 0
  /// How many of the quoted phrases its text holds; less than one for a phrase of which it holds only the words, in
  /// their order.
  var heldPhrases: Float = 0
  /// Bit `i` says that it holds the quoted phrase `i` as it is written, or its words in their order.
  var heldAsWritten: UInt64 = 0
  var heldInOrder: UInt64 = 0
  /// Whether a quoted phrase was found in its file that begins or ends in it.
  var isHolder = false
  /// How much of the query it holds as written, 0...1 and a little more for the same capitals.
  var written: Float = 0
  /// Whether its text is to be read to find that out, and what it may be where it is not read.
  var isToBeRead = false
  /// How surely it is the place, a file with a line, that the query names: 0...1.
  var placeGrade: Float = 0
  /// The line, as the query has it, where it names one of this chunk.
  var placeLine = 0
  /// Whether it begins a file that the query names.
  var isBeginning = false
  /// How surely it defines the name that was asked for, 0...1.
  var askedDefinition: Float = 0
  /// The symbol that matches a name of the query: its position in the pool's list.
  var matchedSymbol: Int? = nil
  /// The first symbol that is defined on a line that a pattern of the query matches, likewise.
  var patternSymbol: Int? = nil
  /// Whether that is one word of a query of two in what the other names: `json loads`.
  var definesMember = false
  /// The categories of its file (tests, generated code and the like) for which its score was demoted.
  var penalised: FileTraits = []
  /// Results of the same file that stand above.
  var repetitions = 0
  /// What a reranker gave it, when it was asked.
  var rerankerScore: Float = 0
  var parts = ScoreParts()

  init(place: ChunkPlace, file: Int, chunk: Int, firstLine: Int, termScore: Float, similarity: Float) {
    self.place = place
    self.file = file
    self.chunk = chunk
    self.firstLine = firstLine
    self.termScore = termScore
    self.similarity = similarity
  }

  var score: Float { parts.total }
}
