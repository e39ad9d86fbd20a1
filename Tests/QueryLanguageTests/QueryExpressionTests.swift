import Chunking
import Disk
import Primitives
import QueryLanguage
import TestSupport
import Testing

/// `AND`, `OR` and `NOT`: how they group, and where they are words.
@Suite struct QueryExpressionTests {
  private func parse(_ text: String) -> ParsedQuery { QueryParser().parse(SearchQuery(text: text)) }
  private func condition(_ text: String) -> String? { parse(text).condition.map { "\($0)" } }

  @Test(arguments: [
    ("a1 OR b1 AND c1", "a1 OR (b1 AND c1)"),
    ("(a1 OR b1) AND c1", "(a1 OR b1) AND c1"),
    ("NOT a1 AND b1", "NOT a1 AND b1"),
    ("a1 AND NOT b1 AND c1", "a1 AND NOT b1 AND c1"),
    ("NOT NOT a1 b1", "NOT NOT a1"), ("EAGAIN AND NOT EINTR", "EAGAIN AND NOT EINTR"),
    ("(EINTR OR EAGAIN) AND NOT EPIPE", "(EINTR OR EAGAIN) AND NOT EPIPE"), ("a1 AND the", "a1"),
    ("a1 AND NOT the", "a1"), ("a1 AND =>", #"a1 AND "=>""#),
    ("connection pool OR thread pool", "(connection AND pool) OR (thread AND pool)"),
    ("a1 OR (b1 OR (c1 OR d1))", "a1 OR b1 OR c1 OR d1"),
    ("((a1)) OR ((b1))", "a1 OR b1"),
    ("foo(x1) OR g1()", "foo OR g1"),
    ("the retry of it OR b1", "retry OR b1"),
    (#""open file" OR b1"#, #""open file" OR b1"#),
    (#"(a1 OR "open file")"#, #"a1 OR "open file""#),
    ("a1 NOT (lang:c OR lang:go)", "NOT (lang:c OR lang:go)"),
    (#"path:"my files/*" OR a1"#, "path:my files/* OR a1"),
  ])
  func `operators bind in their order`(text: String, expected: String) {
    #expect(condition(text) == expected)
    #expect(parse(text).brokenOperators == nil)
  }

  @Test func `what no operator joins is ranked and not needed`() {
    let query = parse("lang:python (retry OR backoff) how long NOT test kind:function")
    #expect(query.text == "retry backoff how long")
    #expect(query.condition.map { "\($0)" } == "(retry OR backoff) AND NOT test")
    #expect(query.filters.languages == ["python"] && query.filters.kinds == [.function, .method])
  }

  @Test func `what is negated is not ranked`() {
    let query = parse(#"parse NOT (date OR "time zone")"#)
    #expect(query.text == "parse" && query.phrases.isEmpty)
    #expect(query.terms.map(\.word) == ["parse"])
  }

  @Test func `a filter that an operator joins is a part of the condition alone`() {
    let query = parse("lang:go OR lang:rust AND retry")
    #expect(query.filters.isEmpty && query.text == "retry")
    #expect(query.condition.map { "\($0)" } == "lang:go OR (lang:rust AND retry)")
  }

  @Test(arguments: [
    "retry or backoff", "read and write", "do not retry", "ANDROID NOTE ORDER", "Could NOT find package",
    "this MUST NOT happen", "404 NOT FOUND", "SELECT a FROM t WHERE x OR y", "x IS NOT NULL",
    "CREATE OR REPLACE FUNCTION f", "a = 1 AND b = 2", "call(); OR x", #""a OR b""#, "FILE NOT OPENED",
    "column NOT NULL", "ERROR: module NOT found", "fatal: NOT a git repository", "how do I NOT follow redirects",
    "bitwise AND of two integers", "option NOT recognized", "if(NOT WIN32 AND NOT APPLE)", "print(a1 AND b1)",
    #"THIS SOFTWARE IS PROVIDED "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES"#,
  ])
  func `operators in sentences, messages and SQL are words`(text: String) {
    #expect(condition(text) == nil && parse(text).brokenOperators == nil)
    #expect(parse(text) == QueryParser().parse(text))
  }

  @Test(arguments: [
    ("a1 OR", "nothing stands after an operator"), ("AND b1", "nothing stands before AND"),
    ("a1 AND OR b1", "nothing stands before OR"), ("(a1 OR b1", "a parenthesis is not closed"),
    ("a1 OR b1)", "a parenthesis is closed that was not opened"), ("a1 NOT", "nothing stands after NOT"),
    ("a1 OR ()", "there is nothing between two parentheses"),
    ("a1 AND NOT OR b1", "nothing stands after NOT"),
  ])
  func `operators that join nothing are words, and it is said why`(text: String, reason: String) {
    let query = parse(text)
    #expect(query.condition == nil && query.brokenOperators == reason)
    #expect(query.terms.contains { $0.word == "a1" || $0.word == "b1" })
  }

  @Test func `depth and number of parts are bounded`() {
    let deep = String(repeating: "(", count: 5000) + "a1 OR b1" + String(repeating: ")", count: 5000)
    #expect(parse(deep).condition == nil && parse(deep).brokenOperators?.contains("nested") == true)
    let nots = String(repeating: "NOT ", count: 3000) + "a1"
    #expect(parse(nots).brokenOperators?.contains("nested") == true)
    let wide = (0..<300).map { "w\($0)" }.joined(separator: " OR ")
    #expect(parse(wide).brokenOperators?.contains("256 parts") == true)
    #expect(parse((0..<256).map { "w\($0)" }.joined(separator: " OR ")).condition != nil)
  }

  /// Whatever it is, it is read, and what is printed of it is read as the same again.
  @Test func `a printed condition reads as the same condition`() {
    var random = SeededRandom(seed: 11)
    let pieces = ["a1", "b2", "lang:c", "path:x/**", #""p q""#, "-ext:h", "c3"]
    func text(_ depth: Int) -> String {
      switch depth == 0 ? 0 : random.next(upTo: 5) {
      case 1: "(\(text(depth - 1)) OR \(text(depth - 1)))"
      case 2: "(\(text(depth - 1)) AND \(text(depth - 1)))"
      case 3: "NOT \(text(depth - 1))"
      case 4: "(\(text(depth - 1)) AND \(text(depth - 1)) OR \(text(depth - 1)))"
      default: pieces[random.next(upTo: pieces.count)]
      }
    }
    for _ in 0..<300 {
      let query = "z9 AND " + text(4)
      let first = parse(query)
      let condition = first.condition
      #expect(condition != nil, "\(query)")
      let again = parse(condition.map { "\($0)" } ?? "")
      #expect(again.condition == condition, "\(query): \(condition.map { "\($0)" } ?? "")")
    }
  }

  // MARK: The page

  /// The queries of the table in `Docs/QUERIES.md`.
  private static let examples = [
    "how are retries delayed", "parsedate_tz", #"open "no such file""#, #"retry /sleep\([0-9]+\)/"#,
    #"/fn \w+_lock/i timer -/test/"#, "lang:python,c -path:tests/ retry",
    "retry OR backoff", "retry AND NOT lang:go", "connection pool OR thread pool",
    "(lang:go OR lang:rust) retry backoff", #"timeout AND "raise ValueError""#, "socket NOT (ssl OR tls)",
    "EINTR OR EAGAIN", "read or write", "Could NOT find package", "x IS NOT NULL", "retry OR",
  ]

  @Test func `the page shows how queries are read`() throws {
    let rows = Self.examples.map { text -> String in
      let query = parse(text)
      let fields = query.filters.written.joined(separator: ", ")
      let condition = query.condition.map { "\($0)" } ?? ""
      let needed = [fields, condition].filter { !$0.isEmpty }.map { "`\($0)`" }.joined(separator: " and ")
      return "| `\(text)` | `\(query.text)` | \(needed) |"
    }
    let page = String(decoding: try readFileBytes(repository.appending("Docs/QUERIES.md")), as: UTF8.self)
    let absent = rows.filter { !page.contains($0 + "\n") }
    #expect(absent.isEmpty, "Docs/QUERIES.md lacks:\n\(absent.joined(separator: "\n"))")
  }
}
