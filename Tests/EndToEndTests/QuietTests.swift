import Primitives
import TestSupport
import Testing

/// `-q` of every command: what was asked for, and errors.
@Suite struct QuietTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
    _ = try cairn.run("index", "-q")
  }

  @Test(arguments: [
    (["index"], false), (["index", "--rebuild"], false), (["search", "parse"], true),
    (["related", "src/dates.py:2"], true),
    (["ask", "how are dates parsed"], true), (["ask", "--context-only", "parse"], true), (["status"], true),
    (["status", "--skipped"], false), (["verify"], false), (["cache"], true), (["cache", "stats"], true),
    (["cache", "warm"], false), (["cache", "clear"], false), (["config"], true),
    (["config", "profile", "small"], true),
    (["model", "list"], true), (["help", "search"], true),
  ])
  func `only what was asked for is printed`(arguments: [String], prints: Bool) throws {
    for option in ["-q", "--quiet"] {
      let result = try cairn.start(arguments + [option]).wait()
      #expect(result.errorText.isEmpty, "\(arguments): \(result.errorText)")
      #expect(result.outputText.isEmpty != prints, "\(arguments): \(result.outputText)")
    }
    let before = try cairn.start(["-q"] + arguments).wait()
    #expect(before.errorText.isEmpty && before.outputText.isEmpty != prints, "\(arguments): \(before.errorText)")
  }

  @Test(arguments: [
    ["search", "--lang", "pyton", "x"], ["ask", "--kind", "typo", "x"], ["related", "nosuch.c:3"], ["status", "x"],
  ])
  func `errors are said`(arguments: [String]) throws {
    let result = try cairn.start(arguments + ["-q"]).wait()
    #expect(result.code == 2 && !result.errorText.isEmpty)
  }

  @Test func `ask says of a name that it is nowhere, and is silent when it is to be`() throws {
    let loud = try cairn.run("ask", "--context-only", "parse_nothing_here")
    #expect(loud.errorText.contains("no indexed file holds the name parse_nothing_here"), "\(loud.errorText)")
    #expect(try cairn.run("ask", "-q", "--context-only", "parse_nothing_here").errorText.isEmpty)
  }
}
