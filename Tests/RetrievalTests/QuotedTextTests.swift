import Primitives
import QueryLanguage
import Retrieval
import Testing

/// A quoted text is found wherever it stands, or it is said that it was not found.
@Suite struct QuotedTextTests {
  /// Many chunks that hold every word of the queries, and more often than the one file that holds them as written.
  private static let lexers = (0..<25).map { number in
    let line = "    (r'#', Comment), (Comment, Punctuation), # Comment of sys argv and Punctuation\n"
    return SmallIndex.File(
      path: "lexers/l\(number).py", text: String(repeating: line, count: 200),
      chunkLineCounts: Array(repeating: 1, count: 200))
  }
  private static let files =
    lexers + [
      SmallIndex.File(
        path: "lexers/zz.py",
        text: "x = 1\n    (r';(.*?)\\n', Comment),\n    (r'[(),:\\[\\]{}]', Punctuation),\n''' % sys.argv[0])\n"),
      SmallIndex.File(path: "include/tg.h", text: "#define T(F) f(F) \\\n    (X), (Y), (Z))\n", language: "c"),
      SmallIndex.File(path: "include/u.h", text: "x_y, z (Xs), (Y), (Z))\n# _________\n", language: "c"),
      SmallIndex.File(path: "include/obstack.h", text: "}       /* C++ */\n#endif\n", language: "c"),
      SmallIndex.File(path: "argv/sys_argv.py", text: "argv = sys.argv[0]\nsys.argv[0] = argv # sys argv\n"),
      SmallIndex.File(
        path: "split.py", text: "alpha Comment\nPunctuation omega\n", chunkLineCounts: [1, 1]),
    ]

  /// Lives as long as the test.
  private let index: SmallIndex

  init() throws { index = try SmallIndex(Self.files) }

  private func search(_ text: String, _ weights: RankingWeights = RankingWeights()) throws -> SearchResults {
    try index.searcher(weights: weights).search(SearchQuery(text: text))
  }

  @Test(arguments: [
    (#""(r';(.*?)\n', Comment),""#, "lexers/zz.py"), (#""(r'[(),:\[\]{}]', Punctuation),""#, "lexers/zz.py"),
    (#""''' % sys.argv[0])""#, "lexers/zz.py"), (#""(X), (Y), (Z))""#, "include/tg.h"),
    (#""}       /* C++ */""#, "include/obstack.h"), ("\"# _________\"", "include/u.h"),
    ("\"Comment\nPunctuation\"", "split.py"),
  ])
  func `in the only file that holds it`(text: String, path: String) throws {
    let results = try search(text)
    #expect(results.results.first?.path.description == path, "\(results.results.map(\.path))")
    #expect(results.absences.isEmpty && !results.isAbsent)
  }

  @Test(arguments: [#""(X), (Y), (Zs))""#, "\"(Y), (X)\"", "\"Punctuation\nComment of Comment\"", "\"größe\""])
  func `or nowhere, which is said`(text: String) throws {
    let results = try search(text)
    #expect(results.absences.map(\.kind) == [.phrase] && results.isAbsent)
  }

  @Test func `what is not read is not said to be nowhere, nor silently left out`() throws {
    var weights = RankingWeights()
    weights.phraseByteLimit = 4096
    let text = "(r';(.*?)\\n', Comment),"
    let results = try search("\"\(text)\"", weights)
    #expect(results.absences.isEmpty && results.isAbsent && results.filterProblems == [.undecided(text)])
    let filtered = try search("\"\(text)\" path:lexers/zz.py", weights)
    #expect(filtered.results.first?.path == "lexers/zz.py" && filtered.filterProblems.isEmpty && !filtered.isAbsent)
  }
}

/// A list of files, or of places, has only those that hold what was asked for.
@Suite struct NearResultsTests {
  private static let files = [
    ("stats.py", "def median(data):\n    return 1\n"), ("other.py", "def mean(data):\n    median = def_median(data)\n"),
    ("third.py", "def both(): return median\nmedian_of = 3\n"), ("email/utils.py", "import stats\n"),
    ("old/email/utils.py", "import stats as utils\n"), ("email/mime.py", "from email import utils\n"),
  ].map { SmallIndex.File(path: $0.0, text: $0.1) }

  /// Lives as long as the test.
  private let index: SmallIndex

  init() throws { index = try SmallIndex(Self.files) }

  private func files(_ text: String, leavesOutNear: Bool = true) throws -> [String] {
    var query = SearchQuery(text: text)
    (query.countsFiles, query.leavesOutNear) = (true, leavesOutNear)
    return try index.searcher().search(query).results.map(\.path.description)
  }

  @Test(arguments: [
    ("\"def median\"", ["stats.py"]), ("\"import stats\"", ["email/utils.py", "old/email/utils.py"]),
    ("\"import stats\" \"as utils\"", ["old/email/utils.py"]), ("email/utils.py", ["email/utils.py"]),
    ("utils.py", ["email/utils.py", "old/email/utils.py"]), ("email/utils.py:1", ["email/utils.py"]),
  ])
  func `where some do`(text: String, wanted: [String]) throws {
    #expect(try files(text).sorted() == wanted)
    #expect(try files(text, leavesOutNear: false).count > wanted.count)
  }

  @Test(arguments: ["median", "median of data", "\"no such text\"", "email/smtp.py", "median \"import stats\""])
  func `and all that are near where none does, or words are asked for`(text: String) throws {
    #expect(try files(text) == files(text, leavesOutNear: false))
  }
}
