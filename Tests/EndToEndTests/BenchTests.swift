import Foundation
import Primitives
import TestSupport
import Testing

@Suite struct BenchTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  @Test func `a benchmark measures everything, and leaves the tree and its index alone`() throws {
    _ = try cairn.run("index")
    let before = try cairn.shell("find . -type f ! -name '*-shm' -printf '%p %s %T@\\n' | sort").outputText
    let report = try #require(try cairn.run("bench", "--json", "--rounds", "1").objects("benchmark").first)
    let after = try cairn.shell("find . -type f ! -name '*-shm' -printf '%p %s %T@\\n' | sort").outputText
    #expect(before == after)

    #expect((report.number("files") ?? 0) > 1 && (report.number("chunks") ?? 0) > 1)
    #expect((report.number("questions") ?? 0) > 3)
    let documented = try documentedMembers(under: "`cairn bench`")
    #expect(documented.count > 12)
    for member in documented { #expect(report[member] != nil, "\(member)") }
    for name in ["unchanged_seconds", "changed_file_then_search_seconds"] {
      let spread = try #require(report[name] as? [String: Any])
      #expect((spread.real("p50") ?? 0) > 0 && spread.number("count") == 1, "\(name)")
    }
    for (name, kind) in [("index", "seconds"), ("cold_search", "with_update_seconds"), ("warm_search", "seconds")] {
      let part = try #require(report[name] as? [String: Any])
      #expect(((part[kind] as? [String: Any])?.real("p99") ?? 0) > 0, "\(name)")
      #expect(((part["memory"] as? [String: Any])?.number("own_bytes") ?? 0) > 100_000, "\(name)")
    }
  }

  @Test func `a benchmark works where there is no index, and leaves none`() throws {
    let result = try cairn.run("bench", "--rounds", "1")
    #expect(result.code == 0 && result.outputText.contains("search, warm process"), "\(result.errorText)")
    #expect(try cairn.shell("ls -A").outputText.contains(".cairn") == false)
  }

  @Test func `given questions are judged`() throws {
    try cairn.write(
      "queries.tsv", "# question\tanswer\nparse a date from an email header\tsrc/dates.py:1\nleap year\tsrc/none.py\n"
    )
    let report = try #require(
      try cairn.run("bench", "--json", "--rounds", "1", "--queries", "queries.tsv").objects("benchmark").first)
    let quality = try #require(report["quality"] as? [String: Any])
    #expect(quality.number("questions") == 2 && quality.real("recall_at_10") == 0.5)
    #expect(quality.real("mrr") == 0.5 && quality.real("ndcg_at_10") == 0.5)
  }

  @Test func `a file of questions that is none is an error with its line`() throws {
    try cairn.write("queries.tsv", "one question\tpath\nno answer\n")
    let result = try cairn.run("bench", "--queries", "queries.tsv")
    #expect(result.code == 2 && result.errorText.contains("line 2"), "\(result.errorText)")
    #expect(try cairn.run("bench", "--rounds", "0").code == 2)
  }

  /// The names in the first column of the tables of a part of `Docs/JSON.md`.
  private func documentedMembers(under heading: String) throws -> [String] {
    let file = repository.appending("Docs/JSON.md")
    let text = String(decoding: try readFileBytes(file), as: UTF8.self)
    let part = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix(heading) })
    return part.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { line in
      let cell = line.split(separator: "|")[0]
      return cell.split(separator: "`").enumerated().compactMap { $0.offset % 2 == 1 ? String($0.element) : nil }
    }
  }
}

extension [String: Any] {
  fileprivate func real(_ name: String) -> Double? { (self[name] as? NSNumber)?.doubleValue }
}
