import Foundation
import Primitives
import TestSupport
import Testing

/// `cairn eval`: the ranking of an index, by queries with known places.
@Suite struct EvalTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  private func means(_ object: [String: Any], _ name: String) -> [String: Double] {
    (object[name] as? [String: Any] ?? [:]).compactMapValues { ($0 as? NSNumber)?.doubleValue }
  }

  @Test func `queries are judged by file and by lines, from either form of file`() throws {
    try cairn.write(
      "queries.tsv",
      "# query\tplace\tgrade\nparse a date from an email header\tsrc/dates.py:1\nzzqx\tsrc/dates.py:9999\t3\n")
    try cairn.write(
      "queries.jsonl",
      """
      {"query": "parse a date from an email header", "places": [{"path": "src/dates.py", "start_line": 1}]}
      {"query": "zzqx", "places": [{"path": "src/dates.py", "start_line": 9999, "grade": 3}]}
      """)
    let result = try cairn.run("eval", "--json", "queries.tsv")
    #expect(result.code == 0, "\(result.errorText)")
    let queries = try result.objects("evaluated_query")
    #expect(queries.map { $0.text("query") } == ["parse a date from an email header", "zzqx"])
    #expect(means(queries[0], "by_lines")["rank"] == 1 && means(queries[0], "by_lines")["ndcg_at_10"] == 1)
    #expect(means(queries[1], "by_lines")["ndcg_at_10"] == 0, "no result holds that line")
    let evaluation = try #require(try result.objects("evaluation").first)
    #expect(evaluation.number("queries") == 2)
    #expect(means(evaluation, "by_lines")["mrr"] == 0.5 && means(evaluation, "by_lines")["recall_at_10"] == 0.5)
    #expect((means(evaluation, "by_file")["mrr"] ?? 0) >= 0.5)
    let other = try cairn.run("eval", "--json", "--no-update", "queries.jsonl")
    let again = try #require(try other.objects("evaluation").first)
    for name in ["by_file", "by_lines"] { #expect(means(again, name) == means(evaluation, name)) }

    let text = try cairn.run("eval", "queries.tsv")
    #expect(text.outputLines.count == 3, "\(text.outputText)")
    #expect(text.outputText.contains("by lines  NDCG@10 0.500, MRR 0.500"), "\(text.outputText)")
  }

  @Test func `a judged file that is not in the tree is a note`() throws {
    try cairn.write("queries.tsv", "leap year\tsrc/none.py\n")
    let result = try cairn.run("eval", "queries.tsv")
    #expect(result.code == 0 && result.errorText.contains("src/none.py: a judged file is not in the tree"))
    #expect(try cairn.run("eval", "-q", "queries.tsv").errorText.isEmpty)
  }

  @Test func `a file that is none, and a missing one, are errors`() throws {
    try cairn.write("queries.tsv", "one query\tpath\nno place\n")
    let wrong = try cairn.run("eval", "queries.tsv")
    #expect(wrong.code == 2 && wrong.errorText.contains("line 2"), "\(wrong.errorText)")
    #expect(try cairn.run("eval", "nowhere.tsv", "--json").objects("error").count == 1)
    #expect(try cairn.run("eval").code == 2)
    try cairn.write("queries.tsv", "leap year\tsrc/dates.py\n")
    let none = try cairn.run("eval", "--no-update", "queries.tsv")
    #expect(none.code == 2 && none.errorText.contains("run `cairn index`"), "\(none.errorText)")
  }
}
