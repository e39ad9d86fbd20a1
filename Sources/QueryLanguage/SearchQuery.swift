package import Chunking

/// A query and what its results must satisfy.
package struct SearchQuery: Hashable, Sendable {
  /// Words, an identifier or a path; `lang:`, `path:` and `kind:` in it are filters, `-lang:`, `-path:` and `-kind:`
  /// their opposites, and what stands in double quotes is searched for as written.
  package var text: String
  /// Results wanted. The best `RankingWeights.rankedCount` candidates are ranked by all that is known of them; what a
  /// longer page shows below is in the order of its words and meaning.
  package var limit = 10
  /// Whether each file counts once toward `limit`: of its chunks the best alone is a result.
  package var countsFiles = false
  /// Whether the patterns in it match in any case of letters; one with an `i` behind it does so by itself.
  package var ignoresCaseOfPatterns = false
  /// Whether results are left out that are only near, where others hold what was asked for: the texts in quotation
  /// marks, or the path, that are all of the query.
  package var leavesOutNear = false
  /// Names or aliases of languages (`python`, `py`), added to those in the text.
  package var languages: [String] = []
  /// Globs over the path inside the corpus.
  package var paths: [String] = []
  /// Endings of files' names behind the last dot, added to those in the text.
  package var extensions: [String] = []
  package var kinds: [Symbol.Kind] = []
  /// What must not match, likewise.
  package var excludedLanguages: [String] = []
  package var excludedPaths: [String] = []
  /// Where paths in the text and in `paths` begin.
  package var origin = PathOrigin()
  /// Lines of the file shown around the lines that match best; nil shows the whole chunk.
  package var contextLineCount: Int? = nil
  /// Whether results say why they rank where they do.
  package var explains = true
  /// Whether results say where on their lines stands what the query says; some microseconds each.
  package var findsMatches = false
  /// Whether the index was just brought up to date: then the lines of chunks that are not shown are believed.
  package var isFresh = true
  /// Whether what commits removed is searched, in place of the files as they are.
  package var searchesHistory = false
  package init(text: String) { self.text = text }

  /// How many chunks may be needed for as many results: of a file that counts once several may be found.
  package var chunkCount: Int { countsFiles ? min(4 * limit, max(limit, Self.mostChunks)) : limit }
  private static let mostChunks = 40_000
}
