import Primitives
import QueryLanguage
import Retrieval
import Testing

/// Where on the lines of a result stands what the query says.
@Suite struct MatchTests {
  private func matches(_ text: String, in line: String, context: Int? = nil) throws -> [String] {
    let index = try SmallIndex([SmallIndex.File(path: "a.py", text: line + "\n")])
    var query = SearchQuery(text: text)
    query.findsMatches = true
    query.contextLineCount = context
    let result = try #require(try index.searcher().search(query).results.first)
    return result.matches.map { match in
      let lines = line.split(separator: "\n", omittingEmptySubsequences: false)
      return String(decoding: Array(lines[match.line - 1].utf8)[match.columns], as: UTF8.self)
    }
  }

  @Test(arguments: [
    // Words in all their forms, wherever they stand.
    ("mango", "mango(Mango, mangosteen)", ["mango", "Mango"]),
    ("retries", "retry or retried", ["retry", "retried"]),
    ("peel mango", "def peel_mango(mango):", ["peel", "mango", "mango"]),
    // A name as a whole.
    ("crush_mango", "crush_mango(crush)", ["crush_mango", "crush"]),
    // A quoted phrase, and all of a query that stands as it is written.
    ("\"ripe mango\"", "a Ripe Mango and a mango", ["Ripe Mango", "mango"]),
    ("ripe mango", "the ripe mango", ["ripe mango"]),
    // Letters beyond ASCII, however they are written.
    ("CAFÉ", "un café au lait", ["café"]),
    // Several lines, each with its own.
    ("mango", "one = mango\n\ntwo = mango", ["mango", "mango"]),
  ])
  func `are on the lines of`(text: String, line: String, expected: [String]) throws {
    #expect(try matches(text, in: line) == expected)
  }

  @Test func `are not looked for where nobody asks`() throws {
    let index = try SmallIndex([SmallIndex.File(path: "a.py", text: "mango\n")])
    #expect(try index.searcher().search(SearchQuery(text: "mango")).results.allSatisfy { $0.matches.isEmpty })
  }

  @Test func `are not said of a line that is shown in part`() throws {
    #expect(try matches("mango", in: "mango = '" + String(repeating: "x ", count: 2000) + "'") == [])
  }
}
