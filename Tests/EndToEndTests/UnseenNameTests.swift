import JSON
import Primitives
import TestSupport
import Testing

/// Files and directories whose names hold what is not seen, or drives a terminal, through every command that prints a
/// name.
@Suite struct UnseenNameTests {
  let cairn: CairnProgram

  static let scalars: [Unicode.Scalar] = [
    "\u{1B}", "\u{7F}", "\t", "\u{9B}", "\u{AD}", "\u{61C}", "\u{200B}", "\u{200D}", "\u{200F}", "\u{2028}", "\u{202E}",
    "\u{2060}", "\u{2066}", "\u{FEFF}", "\u{E0041}", "\u{3164}",
  ]

  init() throws {
    cairn = try CairnProgram()
    for (number, scalar) in Self.scalars.enumerated() {
      try cairn.write(
        FilePath("name\(scalar)x.py"),
        "def leap_year_\(number)(year):\n    # the leap year of calendar \(number)\n    return year % 4 == 0\n")
      try cairn.write(FilePath("place\(scalar)x/data.bin"), "\0\u{1}\u{2}\0")
    }
  }

  private func expectSeen(_ text: String, _ what: String) {
    for line in text.split(separator: "\n") {
      let unseen = line.unicodeScalars.filter { $0.isUnseen }
      #expect(unseen.isEmpty, "\(what): \(unseen.map(\.value)) in \(line)")
    }
  }

  @Test(arguments: [
    ["index"], ["index", "--rebuild"], ["search", "leap year"], ["search", "--explain", "leap_year"],
    ["search", "--json", "leap year"], ["ask", "leap year"], ["ask", "--context-only", "leap year"],
    ["ask", "--json", "leap year"], ["related", "name\u{200B}x.py:1"], ["related", "name\u{1B}y.py:1"],
    ["related", "name\u{202E}x.py:99"], ["status"], ["status", "--json"], ["status", "--skipped"],
    ["status", "--skipped", "--json"], ["status", "--skipped", "name\u{200B}x.py"], ["verify"],
    ["verify", "no\u{1B}ne"],
    ["index", "no\u{202E}ne"], ["search", "--root", "no\u{200B}ne", "x"], ["search", "--pa\u{200B}th", "x"],
    ["config"], ["config", "import", "name\u{202E}x.py"], ["config", "import", "no\u{1B}ne"],
    ["config", "pro\u{200B}file"],
    ["model", "list"], ["model", "info", "no\u{1B}ne"], ["model", "add", "place\u{202E}x"], ["model", "te\u{200B}st"],
    ["cache", "st\u{202E}ats"], ["help", "in\u{1B}dex"], ["se\u{200B}arch"],
  ])
  func `no command prints a character of a name that is not seen`(_ command: [String]) throws {
    _ = try cairn.run("index", "-q")
    let result = try cairn.start(command).wait()
    expectSeen(result.outputText, "\(command), output")
    expectSeen(result.errorText, "\(command), errors")
  }

  @Test func `a model is shown names in which all is seen, and what it cites is the file`() throws {
    let server = try TestServer { AskTests.say("It counts [name\u{FFFD}x.py:1-2].", $0) }
    let arguments = ["ask", "--llm-endpoint", server.url("/v1"), "--llm-model", "m", "--path", "name\u{200B}x.py"]
    let result = try cairn.start(arguments + ["leap year"]).wait()
    #expect(result.code == 0, "\(result.errorText)")
    #expect(result.outputText.hasSuffix("Sources:\n  name\u{FFFD}x.py:1-2\n"), "\(result.outputText)")
    let prompt = try JSONValue(parsing: try #require(server.requests.first).body)["messages"]?[1]?["content"]?.string
    #expect(prompt?.contains("[name\u{FFFD}x.py:1-3]") == true, "\(prompt ?? "")")
    let cited = try #require(try cairn.start(arguments + ["--json", "leap year"]).wait().objects("answer").first)
    let citation = try #require((cited["citations"] as? [[String: Any]])?.first)
    #expect(citation.text("path") == "name\u{200B}x.py" && citation.text("verdict") == "valid", "\(citation)")
  }

  @Test func `two files whose names look the same are two in a prompt`() throws {
    let result = try cairn.run("ask", "--context-only", "leap year")
    let heads = result.outputLines.filter { $0.hasPrefix("[name") }
    #expect(heads.count > 3 && Set(heads).count == heads.count, "\(heads)")
  }
}
