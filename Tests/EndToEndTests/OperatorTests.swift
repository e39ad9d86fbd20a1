import Foundation
import Primitives
import TestSupport
import Testing

/// `AND`, `OR` and `NOT` at the terminal, and where on their lines hits match.
@Suite struct OperatorTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
    try cairn.write("src/retry.py", "def retry_later(task):\n    raise ValueError('no more tries')\n")
    try cairn.write("src/backoff.c", "int backoff(void) {\n  return retry();\n}\n")
    try cairn.write("tests/test_retry.py", "def test_retry():\n    assert retry_later(1)\n")
    _ = try cairn.run("index", "-q")
  }

  private func files(_ words: [String]) throws -> Set<String> {
    Set(try cairn.start(["search", "-l"] + words).wait().outputLines)
  }

  @Test(arguments: [
    (["retry", "AND", "NOT", "path:tests/"], ["src/retry.py", "src/backoff.c"]),
    (["retry AND backoff"], ["src/backoff.c"]),
    (["retry", "AND", "(lang:c", "OR", "ValueError)"], ["src/backoff.c", "src/retry.py"]),
    (["retry AND \"no more tries\""], ["src/retry.py"]),
    (["retry", "AND", "NOT", "\"no more tries\"", "--path", "src"], ["src/backoff.c"]),
  ])
  func `files that satisfy the operators are found, and no others`(words: [String], expected: [String]) throws {
    #expect(try files(words) == Set(expected))
  }

  @Test(arguments: [
    ("retry AND absent_here", 1, "no chunk satisfies retry AND absent_here"),
    ("retry OR absent_here", 0, "no indexed file holds the name absent_here"),
    ("NOT retry", 2, "nothing to search for"),
    ("(retry OR backoff", 0, "searched for as words: a parenthesis is not closed"),
    ("retry -backoff", 0, "NOT before a word"),
  ])
  func `what cannot be satisfied is told, with the code of grep`(text: String, code: Int, note: String) throws {
    let result = try cairn.start(["search", "--", text]).wait()
    #expect(result.code == code && result.errorText.contains(note), "\(result.code) \(result.errorText)")
    if code < 2 {
      let json = try cairn.start(["search", "--json", "--", text]).wait()
      let summary = try #require(try json.objects("summary").first)
      let absent = (summary["absent"] as? [[String: Any]] ?? []).compactMap { $0["text"] as? String }
      let said = (summary["notes"] as? [String] ?? []) + absent.map { "no indexed file holds the name \($0)" }
      #expect(json.code == code && said.contains { $0.contains(note) }, "\(said)")
      #expect(try cairn.start(["search", "-q", "--", text]).wait().code == code)
    }
  }

  @Test func `matches are where the words stand in the file`() throws {
    try cairn.write("wide.py", "# größe – größe\nvalue = retry_later(größe)  # Retry\n")
    for (query, words) in [
      ("retry_later", ["retry_later"]), ("größe", ["größe"]), ("\"value = retry\"", ["value", "retry"]),
      ("retry OR größe", ["retry", "größe", "retry_later"]),
    ] {
      let result = try cairn.run("search", "--json", "--context", "all", query)
      var count = 0
      for hit in try result.objects("result") {
        let path = try #require(hit["path"] as? String)
        let text = try String(contentsOfFile: cairn.tree.root.appending(FilePath(path)).description, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
        for match in hit["matches"] as? [[String: Any]] ?? [] {
          let line = try #require(match["line"] as? Int)
          let start = try #require(match["start_column"] as? Int)
          let end = try #require(match["end_column"] as? Int)
          let found = String(decoding: lines[line - 1][(start - 1)..<(end - 1)], as: UTF8.self).lowercased()
          #expect(words.contains { found.hasPrefix($0) || $0.hasPrefix(found) }, "\(query): \(found)")
          count += 1
        }
      }
      #expect(count > 0, "\(query)")
    }
  }
}
