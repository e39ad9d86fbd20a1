import Patterns
import QueryLanguage
import Testing

/// `/pattern/` in a query: what is one, and what stays a path, a route or code.
@Suite struct TextPatternTests {
  private func parse(_ text: String, names: Set<String> = []) -> ParsedQuery {
    QueryParser().parse(SearchQuery(text: text), isPath: { names.contains($0) })
  }

  @Test(arguments: [
    (#"retry /sleep\([0-9]+\)/"#, "retry", #"/sleep\([0-9]+\)/"#),
    (#"/sleep\([0-9]+\)/"#, "", #"/sleep\([0-9]+\)/"#),
    ("/todo/i", "", "/todo/i"), ("/TODO/", "", "/TODO/"), ("where /todo/i stands", "where  stands", "/todo/i"),
    ("/->/", "", "/->/"), ("/no such file/", "", "/no such file/"),
    (#"open /no such \w+/"#, "open ", #"/no such \w+/"#),
    (#"/a\/b+/"#, "", #"/a\/b+/"#), ("/[/]+x/", "", "/[/]+x/"), ("/[]/]x/", "", "/[]/]x/"), ("/é+/", "", "/é+/"),
    ("lang:go /fn+/", "", "/fn+/"),
    ("/a+/ /b+/", "", "/a+/ AND /b+/"),
    ("retry -/sleep+/", "retry", "NOT /sleep+/"), ("how do I retry -/sleep+/", "how do I retry ", "NOT /sleep+/"),
    ("/a+/ OR /b+/", "", "/a+/ OR /b+/"), ("retry AND /login/", "retry", "retry AND /login/"),
    ("(retry OR /a+/) NOT /b+/", "retry", "(retry OR /a+/) AND NOT /b+/"),
    ("retry AND NOT (/a+/ OR lang:go)", "retry", "retry AND NOT (/a+/ OR lang:go)"),
    (#""quoted text" /a+/"#, "quoted text", "/a+/"),
  ])
  func `a regular expression between slashes is a pattern`(text: String, ranked: String, condition: String) {
    let query = parse(text)
    let words = ranked.split(separator: " ").joined(separator: " ")
    #expect(query.condition?.description == condition && query.brokenOperators == nil, "\(query)")
    #expect(query.text == words && query.patternMistakes.isEmpty, "\(query.text)")
  }

  @Test(arguments: [
    "/usr/lib/", "/srv/app/a.py:3", "src/a/b", "a / b / c", "a /b+/c", "https://a.b/c/", "//a+/", "/* a+ */ b",
    "s/a+/b/", "sed -n /a+/p", "/etc/", "/tmp/", "where is the /login/ route handled", "move /src to lib/",
    "x = s.match(/a+/)", "const re = /a+/i;", "if ($x =~ /a+/) {", "re = /a+/", "/a+/g", "/./", "/../", "and/or",
    "read/write", "/a", "/", "//", "/ a+/", "/a+ /", "one /a+/\ntwo", "-- /usr/bin/", "/a+/b+/",
  ])
  func `a path, a route, an address, a division and code are none`(text: String) {
    let query = parse(text)
    #expect(query.condition == nil && query.patternMistakes.isEmpty, "\(query)")
    #expect(query == QueryParser().parse(text))
  }

  @Test func `what a file or a directory is called is a path, unless it has signs of a pattern`() {
    #expect(parse("/src/", names: ["src"]).condition == nil)
    #expect(parse("/c++/", names: ["c++"]).condition == nil)
    #expect(parse("/src/i", names: ["src"]).patterns.map(\.typed) == ["/src/i"])
    #expect(parse("/sr[c]/", names: ["sr[c]"]).patterns.map(\.typed) == ["/sr[c]/"])
    #expect(parse("/src/", names: ["src"]).patternsTakenForPaths == ["/src/"])
    #expect(parse("where is the /src/ tree", names: ["src"]).patternsTakenForPaths.isEmpty)
  }

  @Test func `what is denied is a pattern, whatever is called so`() {
    #expect(parse("timer -/test/", names: ["test"]).condition?.description == "NOT /test/")
    #expect(parse("timer NOT /test/", names: ["test"]).condition?.description == "NOT /test/")
  }

  @Test(arguments: ["/a+/g", "/a+/gi", "/foo/g", "/fo(o|x)/m"]) func `flags of other tools are told of`(text: String) {
    #expect(parse(text).foreign.map(\.kind) == [.pattern])
    #expect(parse("/usr/lib").foreign.isEmpty && parse("/foo/m").foreign.isEmpty && parse("/etc/gai").foreign.isEmpty)
  }

  @Test func `a pattern that is none is a mistake where it is all of the query, and words elsewhere`() {
    let whole = parse("lang:go /foo(/")
    #expect(whole.patternMistakes.map(\.isWhole) == [true] && whole.condition == nil)
    let beside = parse("retry /foo(/ later")
    #expect(beside.patternMistakes.map(\.isWhole) == [false] && beside.condition == nil)
    #expect(beside.terms.map(\.word).contains("retry") && beside.terms.map(\.word).contains("foo"))
  }

  @Test func `case counts unless an i says otherwise, and a slash is one however it is written`() throws {
    func holds(_ text: String, _ line: String) -> Bool {
      parse(text).patterns.first.map { pattern in
        var isHeld = false
        let matcher = LineMatcher(pattern.compiled)
        _ = matcher.forEachMatchedLine(in: Array(line.utf8).span) { _ in
          isHeld = true
          return false
        }
        return isHeld
      } ?? false
    }
    #expect(holds("/Foo+/", "a Foo\n") && !holds("/Foo+/", "a foo\n") && holds("/Foo+/i", "a foo\n"))
    #expect(holds(#"/a\/b+/"#, "x a/b\n") && holds(#"/\\\/+/"#, #"\/"#) && !holds(#"/a\\\/b+/"#, "a/b"))
    #expect(holds("/^b$/", "a\nb\nc") && !holds("/a.b/", "a\nb"))
  }

  @Test func `patterns are bounded in number and in length`() {
    let many = (0..<33).map { "/a{\($0)}b/" }.joined(separator: " ")
    #expect(parse(many).condition == nil)
    #expect(parse((0..<32).map { "/a{\($0)}b/" }.joined(separator: " ")).patterns.count == 32)
    #expect(parse("/" + String(repeating: "a", count: 20_000) + "+/").condition == nil)
    #expect(parse("/(((((a{1000}){1000}){1000})))/").patternMistakes.map(\.isWhole) == [true])
  }
}
