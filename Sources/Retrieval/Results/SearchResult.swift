package import Chunking
package import Corpus
package import Inspection
package import Primitives
import Segments

/// One hit of a search.
package struct SearchResult: Hashable, Sendable {
  package var path: FilePath
  /// The position of its corpus in the snapshot.
  package var corpus: Int
  package var language: Language
  /// Where the chunk lies in the file as it is on disk now.
  package var lines: ClosedRange<Int>
  /// The one of them that matches best.
  package var answerLine: Int
  /// Where on it what was asked for begins, in bytes from 0; 0 too where it does not stand there.
  package var answerOffset: Int
  package var symbols: [Symbol]
  package var score: Float
  /// The lines to show, and the number of the first of them.
  package var snippet: [String]
  package var snippetFirstLine: Int
  package var explanation: [ExplanationPart]
  /// Whether the chunk was found elsewhere in the file than the index had it.
  package var hasMoved: Bool
  /// Where other chunks of the file that score nearly as much begin, or define what is asked for, as the index has it.
  /// Some may be results themselves.
  package var otherLines: [Int]
  /// What of the query stands on the lines of the snippet, in their order, where `SearchQuery.findsMatches` asks for
  /// it: quoted phrases, the query as a whole, and its words in all forms that are searched for. None overlap; on lines
  /// that are shown in part there are none.
  package var matches: [Match]
  /// In a search of a history: which removal this is of. `lines` are then those of the version before.
  package var removal: RemovalPath?
  var source: SourcePath { SourcePath(removal?.name ?? path, corpus: corpus) }

  package init(
    path: FilePath, corpus: Int = 0, language: Language, lines: ClosedRange<Int>, answerLine: Int,
    answerOffset: Int = 0,
    symbols: [Symbol], score: Float,
    snippet: [String], snippetFirstLine: Int, explanation: [ExplanationPart], hasMoved: Bool, otherLines: [Int] = [],
    matches: [Match] = []
  ) {
    self.path = path
    self.corpus = corpus
    self.language = language
    self.lines = lines
    self.answerLine = answerLine
    self.answerOffset = answerOffset
    self.symbols = symbols
    self.score = score
    self.snippet = snippet
    self.snippetFirstLine = snippetFirstLine
    self.explanation = explanation
    self.hasMoved = hasMoved
    self.otherLines = otherLines
    self.matches = matches
  }
}
