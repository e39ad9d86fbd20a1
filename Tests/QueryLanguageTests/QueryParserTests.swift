import Chunking
import Primitives
import QueryLanguage
import Testing

@Suite struct QueryParserTests {
  @Test(arguments: [
    "path:" + repeated("a,"), repeated("path:a, "), "lang:" + repeated("a,"), "ext:" + repeated("a,"),
    "kind:" + repeated("a,"), repeated("-path:a "), repeated("~"), repeated("@"), repeated("a/b/"),
    repeated("a.b.c.d."), repeated(".c"), repeated("+a"), repeated("a-"), repeated("/."),
  ])
  func `half a megabyte of anything is read in a moment`(_ text: String) {
    let clock = ContinuousClock()
    let time = clock.measure { _ = QueryParser().parse("session " + text) }
    // In time in proportion to the text; the square of it is ten seconds and more. A busy machine is given much.
    #expect(time < .seconds(5), "\(text.prefix(12))")
  }

  static func repeated(_ text: String) -> String {
    String(repeating: text, count: 500_000 / text.utf8.count)
  }

  @Test func `a filter counts once however often it is typed, and too many are counted`() {
    let parsed = QueryParser().parse("x path:a path:a path:b lang:go,go,c ext:py,py kind:type,type -path:z -path:z")
    #expect(parsed.filters.paths.map(\.pattern) == ["a", "b"] && parsed.filters.languages == ["go", "c"])
    #expect(parsed.filters.extensions.map(\.pattern) == ["*.py"] && parsed.filters.excludedPaths.count == 1)
    #expect(parsed.cutFilterCount == 0)
    let many = QueryParser().parse("x " + (0..<300).map { "path:f\($0)" }.joined(separator: " "))
    #expect(many.filters.paths.count == 256 && many.cutFilterCount == 44)
    let values = QueryParser().parse("x lang:" + (0..<300).map { "l\($0)" }.joined(separator: ","))
    #expect(values.filters.languages.count == 256 && values.cutFilterCount == 44)
  }

  private func parse(_ text: String) -> ParsedQuery { QueryParser().parse(text) }

  @Test func `filters leave the text and words stay`() {
    let query = parse(#"lang:python,go where -path:tests/ path:"my files/*.py" kind:class are sessions -lang:c"#)
    #expect(query.text == "where are sessions")
    #expect(query.filters.languages == ["python", "go"])
    #expect(query.filters.excludedLanguages == ["c"])
    #expect(query.filters.paths.map(\.pattern) == ["my files/*.py"])
    #expect(query.filters.excludedPaths.map(\.pattern) == ["tests/"])
    #expect(query.filters.kinds == [.type])
    #expect(query.misunderstood.isEmpty)
  }

  @Test func `an unknown kind is a filter that nothing passes, and a word where it is all or a part of code`() {
    let query = parse("kind:sausage,function retry -kind:ham")
    #expect(query.filters.unknownKinds.map(\.name) == ["sausage", "ham"] && query.text == "retry")
    #expect(!query.filters.isUnmeetable && !query.filters.isEmpty && query.misunderstood.isEmpty)
    #expect(parse("symbol:sausage retry").filters.isUnmeetable && !parse("-kind:sausage retry").filters.isUnmeetable)
    let alone = parse("kind:sausage")
    #expect(alone.misunderstood == ["kind:sausage"] && alone.terms.contains { $0.word == "sausage" })
    #expect(alone.filters.isEmpty)
    let pasted = parse("kind:Pod " + (0..<60).map { "word\($0)" }.joined(separator: " "))
    #expect(pasted.filters.isEmpty && pasted.terms.contains { $0.word == "pod" })
    for code in ["def f(kind:str, symbol:int = 3):", "if kind:return kind", "f(x, kind:string)"] {
      #expect(parse(code).filters.isEmpty, "\(code)")
    }
  }

  @Test(arguments: ["a:b", "file::read", "path:", "http://x.org/a", "lang:,", "-", "--", ":", "\"", "\"\"", "\" \""])
  func `what is no filter changes no filter`(text: String) {
    #expect(parse(text).filters.isEmpty)
  }

  @Test(arguments: [
    "file:///tmp/x/email/utils.py:30", "at file:///tmp/x/email/utils.js:30:5", "if path:return path",
    "else lang:x = 1", "def f(path:str, lang:str):", "def f(x, path:str, lang:str):", "for p in path:print(p)",
    "path:str = None, lang:str = \"en\"",
  ])
  func `what was copied has no filter in it`(text: String) {
    #expect(parse(text).filters.isEmpty)
  }

  @Test(arguments: [
    "lang:go x = 1", "path:src if (a == b)", "path:app/(group)/page.tsx f(x) = 1", "lang:pyton parse",
    "path:src, parse", "-path:tests if x = 1", "file:/srv/a.py parse",
  ])
  func `a filter beside code is one`(text: String) {
    #expect(!parse(text).filters.isEmpty)
  }

  @Test func `quoted phrases are kept and their words counted`() {
    let query = parse(#"error "Connection refused" here"#)
    #expect(query.phrases == ["connection refused"])
    #expect(query.text == "error Connection refused here")
  }

  @Test(arguments: [
    ("parsedate_tz", QueryShape.symbol), ("getURL", .symbol), ("Parser.options", .symbol), ("io::copy", .symbol),
    ("retry()", .symbol), ("__init__", .symbol), ("utf8", .symbol), ("src/net/socket.c", .path), ("setup.py", .path),
    ("./build", .path), ("net/socket", .path), ("retry", .words), ("JSON", .words), ("URLs", .words),
    ("how are retries with backoff handled", .words), ("where is HTTPAdapter made", .mixed),
    ("what does setup.py do", .mixed), ("the read/write lock", .words), ("e-mail", .words), ("", .words),
  ])
  func `the shape of a question`(text: String, shape: QueryShape) { #expect(parse(text).shape == shape) }

  @Test func `words of the question's grammar carry no weight`() {
    let content = parse("how are the retries with backoff handled").contentTerms.map(\.word)
    #expect(content == ["retries", "backoff"])
    #expect(parse("how does it work").contentTerms.count == 4)
  }

  @Test func `a name keeps its qualifiers and its whole`() {
    let query = parse("Parser::read_token()")
    #expect(query.terms.map(\.word) == ["parser", "read_token"])
    #expect(query.terms.filter(\.isIdentifier).count == 2)
  }

  @Test(arguments: [
    "\t", "\r\n", "\u{B}", "\u{85}", "\u{A0}", "\u{1680}", "\u{2003}", "\u{2028}", "\u{202F}", "\u{205F}", "\u{3000}",
  ])
  func `any white space of Unicode parts words`(space: String) {
    #expect(parse("open\(space)\(space)größe\(space)").text == "open größe")
    #expect(parse("\"\(space)\"").phrases.isEmpty)
    #expect(parse("path:\"my\(space)files\" x").filters.paths.map(\.pattern) == ["my\(space)files"])
  }

  @Test(arguments: ["\u{200B}", "\u{2027}", "\u{202A}", "\u{E9}", "\u{FEFF}", "\u{1F600}"])
  func `other letters part none`(letter: String) { #expect(parse("open\(letter)file").text == "open\(letter)file") }

  @Test func `a question without end is cut`() {
    let query = parse(String(repeating: "word ", count: 10_000))
    #expect(query.terms.count <= QueryParser.maximumTermCount)
  }

  @Test func `a pasted text is read to its end`() {
    let noise = (0..<2000).map { "line \($0) of the log" }.joined(separator: "\n")
    let query = parse(noise + "\n  at lib/deep/cause.c:17 in find_the_cause")
    #expect(query.isPasted)
    #expect(query.terms.contains { $0.word == "find_the_cause" })
    #expect(query.places == [PlaceReference(path: "lib/deep/cause.c", line: 17)])
    #expect(query.embeddedText.utf8.count < 8500)
  }

  @Test func `what logs write before a message carries no meaning`() {
    let query = parse("2026-03-01 12:00:01 ERROR cannot open the archive")
    #expect(query.contentTerms.map(\.word) == ["cannot", "open", "archive"])
    #expect(parse("ERROR 42").contentTerms.map(\.word) == ["error", "42"])
  }

  @Test(arguments: [
    ("ValueError: cannot convert text", "ValueError"), ("Uncaught TypeError: x is not a function", "TypeError"),
    ("java.io.IOException: Stream closed by peer", "IOException"),
    ("std::runtime_error: bad thing happened", "runtime_error"), ("DoesNotExist: no row matches", "DoesNotExist"),
    ("** (ArgumentError) argument must be even", "ArgumentError"),
    ("undefined method `x' for nil (NoMethodError)", "NoMethodError"),
    ("PHP Fatal error:  Uncaught App\\BadValue: no such key", "BadValue"),
  ])
  func `the class before a message is not what is asked for`(text: String, head: String) {
    let terms = parse(text).terms
    #expect(terms.contains { $0.isMessageHead && $0.text == head }, "\(terms)")
    #expect(!terms.contains { $0.isMessageHead && $0.isIdentifier || $0.isIdentifier && $0.text == head }, "\(terms)")
  }

  @Test(arguments: [
    "ValueError", "where is ValueError raised", "Logger: where is it set", "Store::read", "ValueError:",
    "HTTPAdapter send",
    "Parser.read: no such file", "see (HTTPAdapter) for more",
  ])
  func `a name that is asked for heads no message`(text: String) {
    #expect(!parse(text).terms.contains { $0.isMessageHead })
  }

  @Test func `words of an option are parts of its name`() {
    #expect(parse("--read-only").contentTerms.map(\.word) == ["read", "only"])
  }

  @Test func `only what programs do is the action of a query`() {
    #expect(parse("parse a date").actionNames == ["parsedate", "parse_date"])
    #expect(parse("usb hub port reset").actionNames.isEmpty)
  }

  /// Each took minutes where something was counted again for each sign.
  @Test(arguments: [
    "((([", "[[[(", "]})", "\"", "\"(", "a@", "a+", "a.", "a/b.c:", "x:\"", "-", "'`", "#l", "a(", "zq",
  ])
  func `a megabyte of signs is read at a cost that grows with it`(piece: String) {
    let text = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
    #expect(parse(text).terms.count <= QueryParser.maximumTermCount)
    #expect(parse("word " + text + " word").terms.count <= QueryParser.maximumTermCount)
  }

  @Test func `any text is a question`() {
    var random = SeededRandom(seed: 11)
    let alphabet = Array("ab_:/\"-.()*[]\\ \t\n\u{0}é\u{1F600}lang:path:kind:")
    for _ in 0..<2000 {
      let text = String(
        (0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
      let query = parse(text)
      #expect(query.terms.count <= QueryParser.maximumTermCount)
    }
  }

  @Test func `values of a query are added to the filters in its text`() {
    var query = SearchQuery(text: "lang:go x")
    query.languages = ["python"]
    query.paths = ["src"]
    query.kinds = [.macro]
    let parsed = QueryParser().parse(query)
    #expect(parsed.filters.languages == ["go", "python"])
    #expect(parsed.filters.paths.count == 1)
    #expect(parsed.filters.kinds == [.macro])
  }

  @Test func `words that stand together make names`() {
    let names = parse("parse the date tuple").joinedNames
    #expect(names == ["parsedate", "parse_date", "parsedatetuple", "parse_date_tuple", "datetuple", "date_tuple"])
  }

  @Test(arguments: [
    "return self.wait(timeout=0)", "for (i = 1; i < nr; i++)", "error: cannot open file", "src->mapping = NULL;",
    "No dataset associated with 8168", "but exit code 'FOO' is expected", "Invalid \"called\" color; expected one of",
    "if (x == y) {", "append(line[start:])", "undefined reference to ‘main’",
    "raise RuntimeError(\"Transport is closing\")",
    "lang:c x = y + z",
  ])
  func `code and printed text are known by their signs`(text: String) { #expect(parse(text).isCopied) }

  @Test(arguments: [
    "how are retries handled", "don't retry on failure", "where is open() called?", "Store.read", "a.b::c->d",
    "retry()",
    "e-mail header parsing, with dates", "\"quoted words of a phrase\" here", "\"one two three\"", "src/main.c:12:5",
    "CVE-2023-24329", "", "std::vector::push_back", "lang:c parse a header",
  ])
  func `a question, a name and a quoted phrase are not taken for copied text`(text: String) {
    #expect(!parse(text).isCopied)
  }

  @Test func `what a call is given counts beside the name`() {
    #expect(parse("return self.wait(timeout=0)").terms.map(\.word).contains("timeout"))
    #expect(parse("os.path.join(base, name) here").terms.map(\.word).contains("base"))
    // By itself it is the name that is asked for.
    #expect(parse("read(fd)").terms.map(\.word) == ["read"])
  }

  @Test func `a word that the index has cut says so`() throws {
    let word = String(repeating: "zq", count: 40)
    let query = parse(word)
    let term = try #require(query.terms.first)
    #expect(term.isCut && term.word.utf8.count == 64 && term.text == word)
    #expect(query.phrases.isEmpty && query.sought == [word])
    #expect(!parse("short").terms[0].isCut)
    #expect(parse(String(repeating: "q", count: 64)).sought.isEmpty)
    #expect(parse("set \(word) in file").sought == [word])
  }

  @Test(arguments: [
    ("->", "->"), ("'=>'", "=>"), ("C++", "c++"), ("c#", "c#"), ("→", "→"), ("🚀", "🚀"), ("\"::\"", "::"),
  ])
  func `signs are looked for as they are written`(text: String, sought: String) {
    let query = parse(text)
    #expect(query.sought == [sought] && query.isOfSigns)
  }

  @Test(arguments: ["x", "字", "и", "a b", "R", "", "retry"])
  func `a word or a letter is not taken for signs`(text: String) { #expect(parse(text).sought.isEmpty) }
}
