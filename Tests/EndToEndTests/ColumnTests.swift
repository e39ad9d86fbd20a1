import Foundation
import Primitives
import TestSupport
import Testing

/// The column of what was asked for is that of its first byte, whatever becomes of the letters before it when they are
/// compared.
@Suite struct ColumnTests {
  static let asked: [(written: String, queries: [String])] = [
    ("grüße", ["grüße", "GRÜSSE", "GRÜẞE", "\"grüße\""]), ("STRASSE", ["straße", "\"Straße\""]),
    ("İstanbul", ["istanbul", "\"istanbul\""]), ("ﬁle", ["file", "\"file\""]),
    ("cafe\u{301}", ["café", "CAFÉ", "\"café\""]), ("café", ["cafe\u{301}"]), ("ﬃx", ["ffix"]), ("ﬂuß", ["FLUSS"]),
    ("ẞharp", ["ßharp", "ssharp"]), ("\u{1100}\u{1161}\u{1102}\u{1161}", ["가나"]), ("ｶﾞｷﾞ", ["ガギ"]), ("ＦＵＬＬ", ["full"]),
  ]
  static let before = [
    "", "ß ﬁ İ é e\u{301} ", "\t“", String(repeating: "ßﬁİ ", count: 40), String(repeating: "wört ", count: 1200),
    String(repeating: "漢字", count: 4000) + " ",
  ]

  @Test func `the column counts bytes of the file`() throws {
    let cairn = try CairnProgram()
    for (written, queries) in Self.asked {
      for before in Self.before {
        try cairn.write("a.txt", "first line\n\(before)\(written) end\nlast\n")
        for query in queries {
          let result = try cairn.run("search", "--json", "-n1", query)
          let hit = try #require(try result.objects("result").first, "\(written) \(query)")
          #expect(
            hit.number("answer_line") == 2 && hit.number("answer_column") == before.utf8.count + 1,
            "\(query) in \(before.prefix(12))… \(written): \(hit.number("answer_column") ?? 0)")
        }
      }
      let line = try cairn.run("search", "--vimgrep", "-n1", queries[0]).outputText
      #expect(line.hasPrefix("a.txt:2:\(Self.before.last!.utf8.count + 1):"), "\(line.prefix(40))")
    }
  }
}
