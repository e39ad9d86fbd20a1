import Foundation
import Primitives
import TestSupport
import Testing

@Suite struct ConfigTests {
  var cairn: CairnProgram
  init() throws { cairn = try CairnProgram() }

  @Test mutating func `files, environment and flags win in rising order, and config says which did`() throws {
    func line(_ key: String, _ result: ProgramResult) -> String? {
      result.outputLines.first { $0.hasPrefix("\(key) =") }
    }
    #expect(line("limit", try cairn.run("config"))?.hasSuffix("  # built in") == true)
    try cairn.home.write(".config/cairn/config.toml", "limit = 1")
    #expect(line("limit", try cairn.run("config"))?.hasSuffix("config.toml:1") == true)
    try cairn.write("cairn.toml", "\nlimit = 2")
    #expect(line("limit", try cairn.run("config"))?.hasSuffix("/cairn.toml:2") == true)
    cairn.environment["CAIRN_LIMIT"] = "3"
    #expect(line("limit", try cairn.run("config"))?.hasSuffix("# from the environment: CAIRN_LIMIT") == true)
    let flagged = try #require(line("limit", try cairn.run("config", "-n", "4")))
    #expect(flagged.hasPrefix("limit = 4 ") && flagged.hasSuffix("  # from the command line: -n"))
    let entry = try cairn.run("config", "--json").objects("setting").first { $0.text("key") == "limit" }
    #expect(entry?.number("value") == 3 && entry?.text("origin") == "from the environment: CAIRN_LIMIT")
  }

  @Test func `what is configured holds`() throws {
    try cairn.writeSample()
    try cairn.write("cairn.toml", "limit = 2\nmax_file_bytes = 100\n")
    let report = try #require(try cairn.run("index", "--json").objects("report").first)
    #expect((report["skipped"] as? [String: Int])?["too-large"] == 3)
    #expect(try cairn.run("search", "--json", "--max-file-bytes", "100000", "multiply parse listen").paths().count == 2)
  }

  @Test func `a mistake in a file is an error with its line, for every command`() throws {
    try cairn.write("cairn.toml", "limit = 2\nthread = 1\n")
    for command in [["search", "x"], ["index"], ["status"], ["config"]] {
      let result = try cairn.start(command).wait()
      #expect(result.code == 2 && result.errorText.contains("line 2"), "\(command)")
      #expect(result.errorText.contains("did you mean \"threads\"?"))
    }
  }

  @Test func `a mistyped variable is pointed out`() throws {
    var other = cairn
    other.environment["CAIRN_LIMTI"] = "3"
    #expect(try other.run("config").outputText.contains("did you mean CAIRN_LIMIT?"))
  }

  @Test func `help and version need no tree and no configuration`() throws {
    try cairn.write("cairn.toml", "broken")
    let version = try cairn.run("--version")
    #expect(version.code == 0 && version.outputText == "cairn 0.1.0\n")
    #expect(try cairn.run().outputText.contains("usage: cairn COMMAND"))
    for command in ["index", "search", "related", "ask", "status", "config", "help"] {
      let help = try cairn.run("help", command)
      #expect(help.code == 0 && help.outputText.contains("usage: cairn \(command)"))
      #expect(try cairn.run(command, "--help").output == help.output)
    }
    #expect(try cairn.run("help", "serach").errorText.contains("did you mean \"search\"?"))
  }
}
