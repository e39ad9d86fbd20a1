package import Chunking
package import Corpus
import Disk
package import Embedding
package import Primitives
package import Segments

/// A question and what its answer must satisfy.
package struct SearchQuery: Hashable, Sendable {
  /// Words, an identifier or a path; `lang:`, `path:` and `kind:` in it are filters.
  package var text: String
  package var limit = 10
  package var languages: [String] = []
  /// Globs over the path inside the corpus.
  package var paths: [String] = []
  package var kinds: [Symbol.Kind] = []
  /// Lines of the file shown around the lines that answer best; nil shows the whole chunk.
  package var contextLineCount: Int? = nil
  package init(text: String) { self.text = text }
}

/// One signal's part in a score.
package struct ExplanationPart: Hashable, Sendable {
  /// `words`, `meaning`, `definition`, `path words`, `test file`, ...
  package var signal: String
  package var value: Float
  /// In words, for a person.
  package var note: String
  package init(signal: String, value: Float, note: String) {
    self.signal = signal
    self.value = value
    self.note = note
  }
}

package struct SearchResult: Hashable, Sendable {
  package var path: FilePath
  package var language: Language
  /// Where the chunk lies in the file as it is on disk now.
  package var lines: ClosedRange<Int>
  package var symbols: [Symbol]
  package var score: Float
  /// The lines to show, and the number of the first of them.
  package var snippet: [String]
  package var snippetFirstLine: Int
  package var explanation: [ExplanationPart]
  /// Whether the chunk was found elsewhere in the file than the index had it.
  package var hasMoved: Bool
  package init(
    path: FilePath, language: Language, lines: ClosedRange<Int>, symbols: [Symbol], score: Float, snippet: [String],
    snippetFirstLine: Int, explanation: [ExplanationPart], hasMoved: Bool
  ) {
    self.path = path
    self.language = language
    self.lines = lines
    self.symbols = symbols
    self.score = score
    self.snippet = snippet
    self.snippetFirstLine = snippetFirstLine
    self.explanation = explanation
    self.hasMoved = hasMoved
  }
}

package struct SearchResults: Hashable, Sendable {
  /// Best first.
  package var results: [SearchResult] = []
  /// Chunks that would have been here but are no longer in their file.
  package var vanishedCount = 0
  package var generation: Int64 = 0
  package var isComplete = true
  package init() {}
}

/// The read flow over one snapshot. Thread-safe, and cheap to make.
package struct Searcher: Sendable {
  /// Which retrievers answer; the ranking tests take them away one at a time.
  package enum Retrievers: String, Sendable { case fused, lexicalOnly, vectorsOnly }

  /// `root` is the corpus on disk, against which every result is checked.
  package init(snapshot: IndexSnapshot, embedder: any Embedder, root: FilePath, retrievers: Retrievers = .fused) {}

  package func search(_ query: SearchQuery) throws(Failure) -> SearchResults { SearchResults() }
  /// The chunks most like the one at `line` of `path`, which itself is left out. Throws `.notFound` when the index has no such place.
  package func related(to path: FilePath, line: Int, query: SearchQuery) throws(Failure) -> SearchResults { SearchResults() }
}
