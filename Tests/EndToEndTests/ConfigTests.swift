import Disk
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

  @Test func `set, get and unset change one line of a file, and say which and what holds`() throws {
    try cairn.write("cairn.toml", "# ours\nlimit = 3 # few\n\ncolor = \"never\"\n")
    func file() throws -> String {
      String(decoding: try readFileBytes(cairn.tree.root.appending("cairn.toml")), as: UTF8.self)
    }
    let set = try cairn.run("config", "set", "limit", "7")
    #expect(set.code == 0 && set.errorText.contains("written to ") && set.errorText.contains("/cairn.toml"))
    #expect(set.outputText.hasPrefix("limit = 7  # from ") && set.outputText.hasSuffix("/cairn.toml:2\n"))
    #expect(try file() == "# ours\nlimit = 7 # few\n\ncolor = \"never\"\n")
    #expect(try cairn.run("config", "set", "--", "--max-memory-mb", "25%").code == 0)
    #expect(try file() == "# ours\nlimit = 7 # few\n\ncolor = \"never\"\nmax_memory_mb = \"25%\"\n")
    #expect(try cairn.run("config", "get", "limit").outputText == "7\n")
    #expect(try cairn.run("config", "get", "color").outputText == "never\n")
    #expect(try cairn.run("config", "unset", "limit").outputText == "limit = 10  # built in\n")
    #expect(try file() == "# ours\n\ncolor = \"never\"\nmax_memory_mb = \"25%\"\n")
    let again = try cairn.run("config", "unset", "limit")
    #expect(again.code == 1 && again.errorText.contains("limit is not set in"))
    let list = try cairn.run("config", "list", "--project")
    #expect(list.outputLines.count == 2 && list.outputText.contains("color = \"never\""))
    #expect(try cairn.run("config", "list").output == cairn.run("config").output)
  }

  @Test func `twenty processes that set at once lose nothing of each other's`() throws {
    let keys = ["limit", "threads", "commit_interval_s", "max_memory_mb"]
    let line = (1...5).flatMap { _ in keys.map { "$CAIRN config set -q \($0) 9 & " } }.joined() + "wait"
    let result = try cairn.shell(line)
    #expect(result.errorText == "", "\(result.errorText)")
    let file = String(decoding: try readFileBytes(cairn.tree.root.appending("cairn.toml")), as: UTF8.self)
    #expect(file.split(separator: "\n").map(String.init).sorted() == keys.map { "\($0) = 9" }.sorted())
    #expect(try cairn.shell("ls -A").outputLines == ["cairn.toml"])
  }

  @Test func `the user's file is the other one, and a personal setting goes there alone`() throws {
    let refused = try cairn.run("config", "set", "llm_endpoint", "http://localhost:1/v1")
    #expect(refused.code == 2 && refused.errorText.contains("cairn config set --global"))
    #expect(try cairn.run("config", "set", "max_memory_mb", "99%").errorText.contains("at most 25%"))
    #expect(!fileExists(cairn.tree.root.appending("cairn.toml")))
    #expect(try cairn.run("config", "set", "--global", "llm_endpoint", "http://localhost:1/v1").code == 0)
    let path = cairn.home.root.appending(".config/cairn/config.toml")
    #expect(String(decoding: try readFileBytes(path), as: UTF8.self) == "llm_endpoint = \"http://localhost:1/v1\"\n")
    #expect(try cairn.run("config", "path", "--global").outputText == "\(path)\n")
    #expect(try cairn.run("config", "path").outputText.contains("(not there yet)"))
    #expect(try cairn.run("config", "get", "--global", "limit").code == 1)
    #expect(try cairn.run("config", "set", "--global", "--project", "limit", "1").code == 2)
  }

  @Test mutating func `what a higher source overrides is said`() throws {
    #expect(!(try cairn.run("config", "set", "--global", "limit", "4").errorText.contains("note")))
    #expect(!(try cairn.run("config", "set", "limit", "5").errorText.contains("note")))
    let global = try cairn.run("config", "set", "--global", "limit", "6")
    #expect(global.errorText.contains("does not hold here") && global.outputText.hasPrefix("limit = 5 "))
    cairn.environment["CAIRN_LIMIT"] = "8"
    let project = try cairn.run("config", "set", "limit", "7")
    #expect(project.code == 0 && project.errorText.contains("the variable CAIRN_LIMIT wins"))
    let object = try #require(try cairn.run("config", "set", "--json", "limit", "9").objects("configured").first)
    #expect(object.number("value") == 8 && object["overridden"] as? Bool == true && object["changed"] as? Bool == true)
  }

  @Test func `a name or a value that cannot be is answered with what can`() throws {
    #expect(try cairn.run("config", "set", "limt", "5").errorText.contains("did you mean \"limit\"?"))
    #expect(try cairn.run("config", "get", "limt").errorText.contains("did you mean \"limit\"?"))
    #expect(try cairn.run("config", "set", "limit", "lots").errorText.contains("a whole number from 1 to"))
    #expect(try cairn.run("config", "set", "color", "allways").errorText.contains("did you mean \"always\"?"))
    #expect(try cairn.run("config", "set", "index_dir", "/tmp/elsewhere").errorText.contains("inside the project"))
    #expect(try cairn.run("config", "set", "limit").errorText.contains("cairn config set KEY VALUE"))
    #expect(try cairn.run("config", "stet", "limit", "5").errorText.contains("did you mean \"set\"?"))
    #expect(!fileExists(cairn.tree.root.appending("cairn.toml")))
  }

  @Test func `a file with a mistake can be mended, and one that is not TOML is left`() throws {
    try cairn.write("cairn.toml", "thread = 1\nlimit = 2\n")
    let set = try cairn.run("config", "set", "limit", "5")
    #expect(set.code == 2 && set.errorText.contains("line 1") && set.errorText.contains("written to"))
    #expect(try cairn.run("config", "unset", "thread").code == 0)
    #expect(try cairn.run("config", "get", "limit").outputText == "5\n")
    try cairn.write("cairn.toml", "limit = = 2\n")
    #expect(try cairn.run("config", "set", "limit", "5").errorText.contains("by hand"))
    #expect(
      String(decoding: try readFileBytes(cairn.tree.root.appending("cairn.toml")), as: UTF8.self) == "limit = = 2\n")
  }

  @Test func `a path is written so that it means the same in the file`() throws {
    try cairn.write("sub/x.c", "int x;\n")
    let sub = cairn.tree.root.appending("sub")
    let root = try resolvedPath(cairn.tree.root)
    let set = try cairn.run("config", "set", "--root", root.description, "index_dir", "kept", in: sub)
    #expect(set.outputText.hasPrefix("index_dir = \"\(root)/sub/kept\""), "\(set.outputText)\(set.errorText)")
    #expect(
      String(decoding: try readFileBytes(root.appending("cairn.toml")), as: UTF8.self) == "index_dir = \"sub/kept\"\n")
  }
}
