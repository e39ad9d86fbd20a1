import Disk
import Foundation
import Primitives
import TestSupport
import Testing

/// `cairn agents` through the real program.
@Suite struct AgentsTests {
  var cairn: CairnProgram
  let home: FilePath

  init() throws {
    cairn = try CairnProgram(inMemory: true)
    home = cairn.home.root
    try cairn.writeSample()
    try cairn.home.write(".cursor/mcp.json", "{\n\t// mine\n\t\"mcpServers\": {\n\t\t\"a\": {},\n\t},\n}\n")
    try cairn.home.write(".codex/config.toml", "model = \"o\" # the best")
  }

  func text(_ path: FilePath) throws -> String {
    String(decoding: try readFileBytes(home.appending(path)), as: UTF8.self)
  }

  @Test func `install, status and uninstall do what they say`() throws {
    let before = TreeRecord(home, withTimesOfDirectories: false)
    let dry = try cairn.run("agents", "install", "--dry-run")
    #expect(dry.code == 0 && dry.errorText.contains("found here: Codex, Cursor"))
    #expect(dry.outputText.contains("+[mcp_servers.cairn]") && dry.outputText.contains("would be written"))
    #expect(before.differences(to: TreeRecord(home, withTimesOfDirectories: false)) == [])

    let binary = try resolvedPath(try CairnProgram.binary())
    let installed = try cairn.run("agents", "install", "--yes")
    #expect(installed.code == 0 && installed.outputText.contains("Codex: \(home)/.codex/config.toml written"))
    #expect(try text(".codex/config.toml").hasPrefix("model = \"o\" # the best\n\n[mcp_servers.cairn]\ncommand = \""))
    #expect(try text(".cursor/mcp.json").contains("\t\t\"cairn\": {\n\t\t\t\"command\": \"\(binary)\","))
    let again = try cairn.run("agents", "install", "--yes")
    #expect(again.code == 0 && again.outputText.contains("has it already"), "\(again.outputText)")

    let status = try cairn.run("agents", "status", "--json")
    let agents = try status.objects("agent")
    #expect(agents.map { $0.text("client") } == ["codex", "cursor"])
    #expect(
      agents.allSatisfy { $0.text("state") == "installed" && $0["works"] as? Bool == true }, "\(status.outputText)")
    #expect(status.code == 0)
    #expect(try cairn.run("agents", "status", "codex").outputText.contains("works: `"))

    let removed = try cairn.run("agents", "uninstall", "--yes")
    #expect(removed.code == 0 && removed.errorText == "", "\(removed.errorText)")
    #expect(try text(".codex/config.toml") == "model = \"o\" # the best")
    #expect(try text(".cursor/mcp.json") == "{\n\t// mine\n\t\"mcpServers\": {\n\t\t\"a\": {},\n\t},\n}\n")
    #expect(try cairn.run("agents", "uninstall", "--yes").code == 1)
    #expect(try cairn.run("agents", "status").code == 1)
  }

  @Test func `a project has files of its own, and its texts for agents`() throws {
    try cairn.write("AGENTS.md", "# Rules\n")
    let before = TreeRecord(cairn.tree.root, withTimesOfDirectories: false)
    let installed = try cairn.run("agents", "install", "--yes", "--project", "--instructions", "claude-code", "cursor")
    #expect(installed.code == 0, "\(installed.errorText)")
    for path: FilePath in [".mcp.json", ".cursor/mcp.json", "CLAUDE.md", ".claude/skills/cairn/SKILL.md"] {
      #expect(fileExists(cairn.tree.root.appending(path)), "\(path)")
    }
    #expect(try text(".cursor/mcp.json").contains("cairn") == false, "the user's own is not touched")
    #expect(try cairn.run("agents", "uninstall", "--yes", "--project").code == 0)
    let after = TreeRecord(cairn.tree.root, withTimesOfDirectories: false)
    #expect(Set(after.entries.keys) == Set(before.entries.keys))
    #expect(String(decoding: try readFileBytes(cairn.tree.root.appending("AGENTS.md")), as: UTF8.self) == "# Rules\n")
  }

  @Test func `without anybody to ask nothing is done`() throws {
    let result = try cairn.run("agents", "install")
    #expect(result.code == 2 && result.errorText.contains("--dry-run") && result.errorText.contains("--yes"))
    #expect(try text(".codex/config.toml") == "model = \"o\" # the best")
  }

  @Test func `a person is asked for each file`() throws {
    let line = "printf 'y\\nn\\n' | script -qec \"$CAIRN agents install\" /dev/null"
    guard try cairn.shell("command -v script").code == 0 else { return }
    let result = try cairn.shell(line)
    #expect(result.outputText.contains("[y/N]"), "\(result.outputText)")
    #expect(try text(".codex/config.toml").contains("cairn"))
    #expect(try !text(".cursor/mcp.json").contains("cairn"))
  }

  @Test func `what is not understood is left alone, with what to paste`() throws {
    let broken = "{\"mcpServers\": {\"cairn\": {\"command\": \"other\"}}}"
    try cairn.home.write(".cursor/mcp.json", broken)
    let result = try cairn.run("agents", "install", "--yes")
    #expect(result.code == 2 && result.errorText.contains("starts something else"))
    #expect(result.errorText.contains("to paste into it by hand:\n{\n  \"mcpServers\": {\n    \"cairn\": {"))
    #expect(try text(".cursor/mcp.json") == broken)
    #expect(try text(".codex/config.toml").contains("cairn"), "the others are done all the same")
    let change = try cairn.run("agents", "install", "--yes", "--json", "cursor").objects("agent_change").first
    #expect(change?.text("outcome") == "refused" && change?.text("paste")?.contains("cairn") == true)
    #expect((change?["failure"] as? [String: Any])?.text("code") == "foreign-entry")
  }

  @Test func `an entry that the user wrote is left, and both ways it is said`() throws {
    let own = "{\"mcpServers\": {\"cairn\": {\"command\": \"cairn\", \"args\": [\"mcp\", \"--root\", \"/x\"]}}}"
    try cairn.home.write(".cursor/mcp.json", own)
    let installed = try cairn.run("agents", "install", "--yes", "cursor")
    #expect(installed.code == 0 && installed.outputText.contains("you wrote"), "\(installed.outputText)")
    let removed = try cairn.run("agents", "uninstall", "--yes")
    #expect(removed.code == 1 && removed.errorText.contains("you wrote"), "\(removed.errorText)")
    #expect(try text(".cursor/mcp.json") == own)
  }

  @Test func `runs at the same time lose nothing of each other's, and all is taken back`() throws {
    let before = TreeRecord(home, withTimesOfDirectories: false)
    try cairn.home.write(".claude/x", "")
    let installs = ["claude-code", "cursor", "codex"].map { "{ $CAIRN agents install --yes -q \($0) || echo bad; } & " }
    let result = try cairn.shell((installs + installs + installs).joined() + "wait")
    #expect(result.outputText == "" && result.errorText == "", "\(result.outputText)\(result.errorText)")
    #expect(try cairn.run("agents", "uninstall", "--yes", "-q").code == 0)
    _ = try cairn.shell("rm -r \(home)/.local \(home)/.claude")
    let after = TreeRecord(home, withTimesOfDirectories: false)
    #expect(Set(after.entries.keys) == Set(before.entries.keys))
    #expect(try text(".codex/config.toml") == "model = \"o\" # the best")
    #expect(try text(".cursor/mcp.json") == "{\n\t// mine\n\t\"mcpServers\": {\n\t\t\"a\": {},\n\t},\n}\n")
  }

  @Test mutating func `neither a home directory nor that of a client that is not there is made`() throws {
    let zed = try cairn.run("agents", "install", "--yes", "zed")
    #expect(zed.code == 2 && zed.errorText.contains("Zed is not found here"), "\(zed.errorText)")
    #expect(!fileExists(home.appending(".config")))
    cairn.environment["HOME"] = home.appending("none").description
    for verb in ["install", "uninstall", "status"] {
      let result = try cairn.run("agents", verb, "--yes", "claude-code")
      #expect(result.code == 2 && result.errorText.contains("not there"), "\(result.errorText)")
    }
    #expect(!fileExists(home.appending("none")))
  }

  @Test func `a mistake on the command line says what there is`() throws {
    #expect(try cairn.run("agents", "instal").errorText.contains("did you mean \"install\"?"))
    #expect(try cairn.run("agents", "install", "--yes", "cursr").errorText.contains("did you mean \"cursor\"?"))
    #expect(try cairn.run("agents", "install", "--yes", "--project", "pi").errorText.contains("no file of a project"))
    #expect(try cairn.run("agents").code == 2)
  }
}
