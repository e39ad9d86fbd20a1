import Chunking
import Primitives
import QueryLanguage
import Retrieval
import Testing

/// A query that names a file, by its path or as a module, finds where it begins; one of a word finds what holds it.
@Suite struct NamedFileTests {
  private static let utils = (1...40).map { "def f\($0)(): return email_utils_\($0) # email utils" }
  private static let files =
    [
      SmallIndex.File(
        path: "email/utils.py", text: "# Miscellaneous.\n" + utils.joined(separator: "\n") + "\n",
        chunkLineCounts: [11, 15, 15]),
      SmallIndex.File(path: "email/__init__.py", text: "# A package.\n"),
      SmallIndex.File(
        path: "net/store.py", text: "class Store:\n    def read(self): pass\n",
        symbols: [
          Symbol(kind: .type, name: "Store", line: 1),
          Symbol(kind: .method, name: "read", enclosing: ["Store"], line: 2),
        ]),
      SmallIndex.File(path: "store/read.py", text: "# Reads.\n"),
      SmallIndex.File(path: "emoji.py", text: "codes = { 'x_hockey_stick': 1, 'y': 2, 'z': 3 }\n"),
      SmallIndex.File(path: "zz/tests/a.py", text: "def parse(text): return hockeys_of(text)\n"),
    ]
    + (0..<12).map {
      SmallIndex.File(
        path: "app/user\($0).py", text: "import email.utils\nfrom email import utils\nemail.utils.f\($0)()\n")
    }

  /// Lives as long as the test.
  private let index: SmallIndex

  init() throws { index = try SmallIndex(Self.files) }

  private func search(_ text: String) throws -> SearchResults {
    try index.searcher().search(SearchQuery(text: text))
  }

  @Test(arguments: [
    ("email.utils", "email/utils.py"), ("store.read", "net/store.py"), ("email/utils.py", "email/utils.py"),
    ("utils.py", "email/utils.py"), ("\"email/utils.py\"", "email/utils.py"), ("path:email/utils.py", "email/utils.py"),
    ("email/__init__.py", "email/__init__.py"),
  ])
  func `the file comes first, but for a definition of that name`(text: String, path: String) throws {
    let results = try search(text)
    #expect(results.results.first?.path.description == path, "\(results.results.map(\.path))")
    #expect(!results.isAbsent && results.absences.isEmpty, "\(results.absences)")
    if path == "email/utils.py" { #expect(results.results.first?.answerLine == 1) }
  }

  @Test func `what holds a word as a part of a name comes before all that lacks it`() throws {
    let results = try search("hockey").results.map(\.path.description)
    #expect(results.first == "emoji.py", "\(results)")
    let holders = try search("email").results.prefix(13).map(\.path.description)
    #expect(holders.allSatisfy { $0.contains("email") || $0.hasPrefix("app/") }, "\(holders)")
  }
}
