import QueryLanguage
import Testing

/// What people type who know other tools, or paste: what looks like a filter, a quotation or a pattern and is none.
@Suite struct HabitTests {
  private func parse(_ text: String) -> ParsedQuery { QueryParser().parse(text) }
  private func parse(_ text: String, files: Set<String>) -> ParsedQuery {
    QueryParser().parse(SearchQuery(text: text)) { files.contains($0.path) }
  }

  // MARK: Filters

  @Test(arguments: [
    "ext://sys.stdout", "resolve ext:// references in logging configuration", "file:line format of tracebacks",
    "file:line", "file:line:column", "path:line", "lang:pyton", "ext:foo", "path:src", "path://x y",
  ])
  func `a filter that is impossible, or that is all of the query, is words`(text: String) {
    let query = parse(text)
    #expect(query.filters.isEmpty && !query.terms.isEmpty, "\(query)")
  }

  @Test(arguments: [
    "lang:python", "ext:py", "path:src/**", "path:lib/", "kind:function", "-path:src", "path:src lang:go", "path:src x",
    "file:lines.py x", "path:line/** x", "path:src OR lang:go x", "path:src NOT lang:go",
  ])
  func `and what surely filters is a filter`(text: String) {
    let query = QueryParser().parse(SearchQuery(text: text))
    #expect(!query.filters.isEmpty || query.condition?.fields.isEmpty == false, "\(query)")
  }

  @Test func `a filter for a path that is all of the query asks for the path, and one with a line for the line`() {
    #expect(parse("path:email/utils.py").shape == .path && parse("path:email/utils.py").text == "email/utils.py")
    for text in ["path:email/utils.py:20", "file:email/utils.py:20", "email/utils.py:20"] {
      #expect(parse(text).places == [PlaceReference(path: "email/utils.py", line: 20)], "\(text)")
      #expect(parse(text).filters.isEmpty && parse(text).isOnlyPlace, "\(text)")
    }
  }

  // MARK: Quotations

  private static let module = """
    \"""Text wrapping and filling.
    \"""

    def wrap(text):
        \"""Wrap a single paragraph of text.

        Returns a list.\"""
        raise ValueError("invalid width")
    """

  @Test func `three quotation marks in pasted code quote nothing, and no quotation goes on for lines`() {
    #expect(parse(Self.module).quotations.isEmpty, "\(parse(Self.module).quotations)")
    #expect(parse("x = \"one\ntwo\" y").quotations.isEmpty)
    #expect(parse("print(\n  \"no such key\"\n)").quotations == ["no such key"])
    #expect(parse("\"one\ntwo\"").quotations == ["one\ntwo"])
    #expect(parse("\"\"\"Wrap a paragraph.\"\"\"").quotations == ["Wrap a paragraph."])
  }

  @Test(arguments: [
    ("-\"low\" median", "median", "NOT \"low\""), ("median -\"low value\" data", "median data", "NOT \"low value\""),
    ("(median OR mean) -\"low\"", "median mean", "(median OR mean) AND NOT \"low\""),
  ])
  func `a dash before a quotation negates it`(text: String, ranked: String, condition: String) {
    let query = QueryParser().parse(SearchQuery(text: text))
    #expect(
      query.text == ranked && query.condition?.description == condition, "\(query.text) \(query.condition as Any)")
    #expect(query.quotations.isEmpty)
  }

  @Test(arguments: ["x = a -\"b\";", "printf \"%d-\" x", "a-\"b\" c", "-\"\" median", "-- -\"b\"c"])
  func `and not in code, nor inside of a word`(text: String) {
    #expect(QueryParser().parse(SearchQuery(text: text)).condition == nil)
  }

  // MARK: Paths

  @Test func `a path may have blanks in it`() {
    let query = parse("a file with spaces.py:1", files: ["a file with spaces.py"])
    #expect(query.places == [PlaceReference(path: "a file with spaces.py", line: 1)] && query.isOnlyPlace)
    #expect(query.absentFiles.isEmpty)
    #expect(parse("a file with spaces.py:1", files: ["spaces.py"]).places.first?.path == "spaces.py")
    #expect(parse("\"my dir/a file.py\"").pathFragments == ["my dir/a file.py"])
  }

  @Test(
    arguments: [
      ("email.utils", "email/utils.py", 1), ("email.utils", "lib/email/utils.py", 0.94), ("email", "email.py", nil),
      ("concurrent.futures", "concurrent/futures/__init__.py", 0.99), ("app.views", "app/views/index.js", 0.99),
      ("crate::net", "crate/net/mod.rs", 0.99), ("email.utils", "xemail/utils.py", 0), ("email.utils()", "", nil),
      ("email.utils", "email/utils/x.py", 0), ("Email.Utils", "email/utils.tar.gz", 1), ("app.views", "app/.views", 0),
    ] as [(String, String, Float?)])
  func `a dotted name may be that of a module`(text: String, path: String, grade: Float?) {
    let found = parse(text).module?.grade(of: path)
    #expect(found.map { ($0 * 100).rounded() } == grade.map { ($0 * 100).rounded() })
  }

  // MARK: Syntax of other tools

  @Test(
    arguments: [
      ("sym:parse_date", [.definition(kind: nil)]), ("def:X", [.definition(kind: nil)]),
      ("class:Store read", [.definition(kind: "class")]), ("content:\"def median\"", [.content]),
      ("f:test median", [.path]), ("r:cairn median", [.repository]), ("repo:x/y median", [.repository]),
      ("case:yes median", [.setting]), ("median count:100", [.setting]), ("regex:foo.*", [.pattern]),
      ("/foo.*bar/", [.pattern]), ("foo.*bar", [.pattern]), ("(get|set)Value", [.pattern]), ("foo_*", [.pattern]),
      ("^def median", [.pattern]), ("\\bmedian", [.pattern]), ("parse \\w+ date", [.pattern]),
    ] as [(String, [ForeignSyntax.Kind])])
  func `is known`(text: String, kinds: [ForeignSyntax.Kind]) {
    #expect(parse(text).foreign.map(\.kind) == kinds)
  }

  @Test(arguments: [
    "def f:", "f:", "r:gz", "class: Store", "std::vector", "count: 3", "import java.util.*;",
    "import java.util.*", "char *name", "int* p", "a * b", "open(path, O_RDONLY|O_CREAT)", "C:\\src\\dates.py",
    "/usr/lib/python3/", "x = def:y;", "content:", "int|str", "foo(a|b)", "switch (x) { case:yes }", "**kwargs",
    "type:py parse", "*.py", "glob.glob(\"*.py\")",
  ])
  func `and not seen in code, paths and words`(text: String) {
    #expect(parse(text).foreign.isEmpty, "\(parse(text).foreign)")
  }

  @Test func `a symbol that is all of the query is searched for by its name, and content is quoted`() {
    #expect(parse("sym:parse_date").text == "parse_date" && parse("sym:parse_date").shape == .symbol)
    #expect(parse("def:median lang:python").text == "median")
    #expect(parse("content:\"def median\"").quotations == ["def median"])
    #expect(parse("class:Store read").text == "class:Store read")
  }
}
