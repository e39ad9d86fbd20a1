package import QueryLanguage
import Searching

/// A query, and what its hits must satisfy.
///
///     var request = SearchRequest("where do sessions expire")
///     request.languages = ["python"]
///     request.paths = ["src/**"]
public struct SearchRequest: Hashable, Sendable {
  /// How fresh the index must be before it answers.
  public enum Freshness: Hashable, Sendable {
    /// Brought up to date first; built, if there is none.
    case upToDate
    /// As it is, whatever changed since; `noIndex` is thrown where there is none.
    case asIs
  }

  /// Words, an identifier or a path. `lang:`, `path:`, `ext:` and `kind:` in it are filters; `/pattern/` narrows to
  /// chunks with a line that a regular expression matches. `AND`, `OR` and `NOT` in capitals join words, texts in
  /// quotation marks, patterns, filters, and groups of them in parentheses.
  public var text: String
  /// The most hits wanted. A smaller limit gives a prefix of what a larger one gives.
  public var limit = 10
  /// Whether `limit` counts files: of each, only the best chunk is a hit.
  public var countsFiles = false
  /// Whether hits that are only near are left out where others hold what was asked for: the texts in quotation marks,
  /// or the path of a file, that are all of the query.
  public var leavesOutNear = false
  /// Whether patterns in the text, `/.../`, match in any case of letters; one with an `i` behind it does so by itself.
  public var ignoresCaseOfPatterns = false
  /// Only files in one of these languages, by their lower-case names; empty for all.
  public var languages: [String] = []
  /// Only files whose path inside the root matches one of these globs; empty for all. Absolute paths and those that
  /// begin with `./` or `../` mean places: the latter begin at `directory`.
  public var paths: [String] = []
  /// Only files whose name ends in a dot and one of these, as `ext:` has it; empty for all.
  public var extensions: [String] = []
  /// No file in one of these languages, and none whose path matches one of these globs.
  public var excludedLanguages: [String] = []
  public var excludedPaths: [String] = []
  /// The absolute path of the directory that is asked from; nil for the root.
  public var directory: Path?
  /// Only chunks that define a symbol of one of these kinds; empty for all.
  public var kinds: [SymbolKind] = []
  /// Lines shown around the lines that answer best; nil shows the whole chunk.
  public var contextLineCount: Int? = nil
  /// Whether hits say why they rank where they do.
  public var explains = false
  /// Whether hits say where on their lines the query's words stand: some microseconds for each hit.
  public var findsMatches = false
  public var freshness = Freshness.upToDate
  /// Whether what the commits of the tree's repository removed is searched, in place of the tree: `author:`, `before:`
  /// and `after:` in the text then hold for the commit.
  public var searchesHistory = false
  /// The commit that is searched in place of the files as they are: whatever git takes for one. Nil for these. Its
  /// index is built where there is none, and then holds for ever.
  public var revision: String?
  /// How long the search may take, the update before it included; nil for as long as it takes. Then it throws
  /// `timedOut`.
  public var timeLimit: Duration?

  /// In a search of several trees, whether one without an index is indexed where the request is to be up to date; else
  /// it answers from what another run has made of it so far, and where that is nothing, is not searched.
  package var makesFirstIndexes = true

  public init(_ text: String) { self.text = text }
}

extension Workspace {
  /// `request` as the searcher takes it.
  package func query(_ request: SearchRequest) -> SearchQuery {
    var query = SearchQuery(text: request.text)
    query.origin = session.origin(from: request.directory?.filePath)
    (query.limit, query.countsFiles, query.leavesOutNear) = (request.limit, request.countsFiles, request.leavesOutNear)
    query.ignoresCaseOfPatterns = request.ignoresCaseOfPatterns
    (query.languages, query.paths, query.extensions) = (request.languages, request.paths, request.extensions)
    (query.excludedLanguages, query.excludedPaths) = (request.excludedLanguages, request.excludedPaths)
    query.kinds = request.kinds.map(\.symbolKind)
    query.contextLineCount = request.contextLineCount
    (query.explains, query.findsMatches) = (request.explains, request.findsMatches)
    (query.isFresh, query.searchesHistory) = (request.freshness == .upToDate, request.searchesHistory)
    return query
  }
}
