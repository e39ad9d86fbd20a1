import Cairn
import Measuring
import Testing

@Suite struct JudgedQueryTests {
  private func parse(_ text: String) throws(CairnError) -> [JudgedQuery] {
    try JudgedQuery.parse(Array(text.utf8), of: "q.tsv")
  }

  @Test func `a query on several lines has several places`() throws {
    let queries = try parse("# comment\n\nfirst thing\ta/b.c:12\r\nsecond\tnotes:x.md\nfirst thing\tc.py:3-9\t4\n")
    #expect(queries.map(\.text) == ["first thing", "second"])
    #expect(
      queries[0].places == [.init(path: "a/b.c", lines: 12...12), .init(path: "c.py", lines: 3...9, grade: 4)])
    #expect(queries[1].places == [.init(path: "notes:x.md")])
  }

  @Test func `JSON Lines say the same`() throws {
    let queries = try parse(
      """
      {"query": "first thing", "places": [{"path": "a/b.c", "start_line": 12}, {"path": "x.md", "grade": 2}]}

      {"query": "first thing", "places": [{"path": "c.py", "start_line": 3, "end_line": 9, "grade": 4}]}
      """)
    #expect(queries.count == 1)
    #expect(
      queries[0].places == [
        .init(path: "a/b.c", lines: 12...12), .init(path: "x.md", grade: 2),
        .init(path: "c.py", lines: 3...9, grade: 4),
      ])
  }

  @Test(arguments: [
    "no tab", "\tpath", "query\t", "", "q\tp\t0", "q\tp\t11", "q\tp\tx", "q\tp\t1\t1", "{\"query\": \"q\"}", "{}", "{",
    "{\"query\": \"q\", \"places\": []}", "{\"query\": \"q\", \"places\": [{\"path\": \"\"}]}",
    "{\"query\": \"q\", \"places\": [{\"path\": \"a\", \"start_line\": 3, \"end_line\": 2}]}",
    "{\"query\": \"q\", \"places\": [{\"path\": \"a\", \"grade\": \"2\"}]}",
  ])
  func `what is no judged query is refused`(_ text: String) {
    let error = #expect(throws: CairnError.self) { try parse(text) }
    #expect(error?.code == .invalidArgument)
    if !text.isEmpty { #expect(error?.message.contains("line 1") == true) }
  }
}
