import AgentClients
import Disk
import Glibc
import Primitives
import Settings
import TestSupport
import Testing

/// What is written where, and what is not written.
@Suite struct ClientFileTests {
  let world: AgentWorld
  let cursor = client("cursor")
  init() throws { world = try AgentWorld() }

  func mode(_ path: FilePath) throws -> UInt32 { try FileStatus(of: path).permissions }
  func text(_ path: FilePath) throws -> String { String(decoding: try readFileBytes(path), as: UTF8.self) }

  @Test func `mode and owner stay, and nothing is left beside the file`() throws {
    let path = try world.file(cursor)
    try world.write(Array("{\"secret\": 1}".utf8), path)
    #expect(unsafe chmod(path.description, 0o640) == 0)
    try world.install(cursor)
    #expect(try mode(path) == 0o640)
    #expect(try listDirectory(path.parent).map(\.name) == ["mcp.json"])
    try world.uninstall(cursor)
    #expect(try mode(path) == 0o640 && text(path) == "{\"secret\": 1}")
  }

  @Test func `a link to a file in the home directory stays a link, and the file behind it is written`() throws {
    let path = try world.file(cursor)
    let real = world.home.appending("dotfiles/mcp.json")
    try world.write(Array("{}\n".utf8), real)
    try makeDirectory(path.parent)
    makeLink(path, to: "../dotfiles/mcp.json")
    try world.install(cursor)
    #expect(try FileStatus(of: path, followsLinks: false).kind == .symbolicLink)
    #expect(try text(real).contains("cairn"))
    try world.uninstall(cursor)
    #expect(try text(real) == "{}\n" && FileStatus(of: path, followsLinks: false).kind == .symbolicLink)
  }

  @Test func `a directory that is a link to one in the home directory is followed`() throws {
    try makeDirectory(world.home.appending("dotfiles/cursor"))
    makeLink(world.home.appending(".cursor"), to: "dotfiles/cursor")
    try world.install(cursor)
    #expect(try text(world.home.appending("dotfiles/cursor/mcp.json")).contains("cairn"))
    try world.uninstall(cursor)
    #expect(try listDirectory(world.home.appending("dotfiles/cursor")).isEmpty)
  }

  @Test func `links that lead out of the home directory, or nowhere, are not followed`() throws {
    let path = try world.file(cursor)
    let outside = world.tree.root.appending("outside.json")
    try world.write(Array("{}".utf8), outside)
    try makeDirectory(path.parent)
    for target in [outside, "nowhere.json"] {
      makeLink(path, to: target)
      let problem = failure { () throws(Failure) in try world.install(cursor) }
      #expect(problem != nil && problem?.path == path)
      #expect(try text(outside) == "{}" && !fileExists(path.parent.appending("nowhere.json")))
      try removeFile(path)
    }
    // The same for a directory on the way.
    try removeDirectory(path.parent)
    makeLink(path.parent, to: world.tree.root)
    #expect(failure { () throws(Failure) in try world.install(cursor) }?.code == .permissionDenied)
  }

  @Test func `what a repository brings along leads out of it nowhere`() throws {
    let path = world.project.appending(".cursor/mcp.json")
    let own = world.home.appending("own.json")
    try world.write(Array("{}".utf8), own)
    try makeDirectory(path.parent)
    makeLink(path, to: own)
    #expect(failure { () throws(Failure) in try world.install(cursor, inProject: true) }?.code == .permissionDenied)
    #expect(try text(own) == "{}")
    try removeFile(path)
    try world.install(cursor, inProject: true)
    #expect(try text(path).contains("\"command\": \"cairn\""), "a path of this machine is nothing for others")
    try world.uninstall(cursor, inProject: true)
    #expect(!fileExists(path) && fileExists(path.parent), "the directory was there before")
  }

  @Test func `what cannot be written is refused with what to do`() throws {
    let path = try world.file(cursor)
    try world.write(Array("{}".utf8), path)
    #expect(unsafe chmod(path.description, 0o444) == 0)
    let readOnly = failure { () throws(Failure) in try world.install(cursor) }
    #expect(readOnly?.code == .permissionDenied && readOnly?.message.contains("chmod u+w") == true)
    #expect(unsafe chmod(path.description, 0o644) == 0)
    #expect(unsafe link(path.description, path.description + ".other") == 0)
    #expect(failure { () throws(Failure) in try world.install(cursor) }?.message.contains("other names") == true)
    #expect(unsafe unlink(path.description + ".other") == 0)
    if effectiveUser == 0 {
      #expect(unsafe chown(path.description, 12345, 12345) == 0)
      #expect(failure { () throws(Failure) in try world.install(cursor) }?.message.contains("another user") == true)
    }
    try removeFile(path)
    try makeDirectory(path)
    #expect(failure { () throws(Failure) in try world.install(cursor) } != nil)
  }

  @Test func `a file that changes between the look and the edit is left as it is`() throws {
    let path = try world.file(cursor)
    try world.write(Array("{}".utf8), path)
    let installer = try world.installer()
    let change = try #require(try installer.installation(at: try installer.serverPlace(cursor)))
    try world.write(Array("{\"new\": 1}".utf8), path)
    #expect(failure { () throws(Failure) in try installer.make(change) }?.code == .changedMeanwhile)
    #expect(try text(path) == "{\"new\": 1}")
    try removeFile(path)
    #expect(failure { () throws(Failure) in try installer.make(change) }?.code == .changedMeanwhile)
    #expect(!fileExists(path))
  }

  @Test func `a file that was made and that others have written into stays with what they wrote`() throws {
    let path = try world.file(cursor)
    try world.install(cursor)
    let made = try text(path)
    let other = "\n    \"mine\": {},"
    try world.write(Array(made.replacing("\"mcpServers\": {", with: "\"mcpServers\": {\(other)").utf8), path)
    try world.uninstall(cursor)
    #expect(try text(path) == "{\n  \"mcpServers\": {\(other.dropLast())\n  }\n}\n")
  }

  @Test func `without the notes of what was made a file is emptied and not removed`() throws {
    let path = try world.file(cursor)
    try world.install(cursor)
    try removeFile(world.home.appending(".local/state/cairn/agents"))
    try world.uninstall(cursor)
    #expect(try text(path) == "{\n}\n")
  }

  /// Starts a Cairn, and is not what an installation writes.
  static let own: [(String, String)] = [
    ("claude-code", "{\"mcpServers\": {\"cairn\": {\"command\": \"cairn\", \"args\": [\"mcp\"]}}}"),
    ("cursor", "{\"mcpServers\": {\"cairn\": {\"command\": \"cairn\", \"args\": [\"mcp\", \"/x\"]}}}"),
    ("cursor", "{\"mcpServers\": {\"cairn\": {\"command\": \"cairn\", \"args\": [\"mcp\"], \"env\": {\"A\": \"b\"}}}}"),
    ("codex", "[mcp_servers.cairn]\ncommand = \"cairn\"\nargs = [\"mcp\"]\n[mcp_servers.cairn.env]\nA = \"b\"\n"),
    ("codex", "[mcp_servers]\ncairn = { command = \"cairn\", args = [\"mcp\", \"/x\"] }\n"),
    ("goose", "extensions:\n  cairn:\n    cmd: cairn\n    args:\n      - mcp\n"),
  ]

  @Test(arguments: own) func `an entry that the user wrote stays byte for byte`(_ name: String, _ old: String) throws {
    let client = client(name)
    let path = try world.file(client)
    try world.write(Array(old.utf8), path)
    #expect(try world.install(client) == nil)
    let installer = try world.installer()
    #expect(try installer.hasUsersEntry(at: try installer.serverPlace(client)))
    #expect(failure { () throws(Failure) in try world.uninstall(client) }?.code == .foreignEntry)
    #expect(try text(path) == old)
  }

  @Test func `an entry that starts another Cairn that is there is the user's`() throws {
    let path = try world.file(cursor)
    try world.install(cursor)
    let made = try text(path)
    try world.write(Array("{}".utf8), path)
    let installer = try world.installer()
    try installer.forgetEntry(at: try installer.serverPlace(cursor))
    try world.tree.write("other/cairn", "")
    let other = world.tree.root.appending("other/cairn")
    let own = made.replacing(world.program.description, with: other.description)
    try world.write(Array(own.utf8), path)
    #expect(try world.install(cursor) == nil)
    #expect(failure { () throws(Failure) in try world.uninstall(cursor) }?.code == .foreignEntry)
    try removeFile(other)
    #expect(try world.install(cursor) != nil, "the one that it starts has gone")
    #expect(try text(path) == made)
  }

  @Test func `what its user adds to an entry goes with it`() throws {
    let path = try world.file(cursor)
    try world.write(Array("{\"a\": 1}".utf8), path)
    try world.install(cursor)
    let edited = try text(path).replacing("\"args\"", with: "\"disabled\": false, \"args\"")
    try world.write(Array(edited.utf8), path)
    try world.uninstall(cursor)
    #expect(try text(path) == "{\"a\": 1}")
  }

  @Test func `installations at the same time note all that they make`() throws {
    let clients = AgentClient.all
    let threads = clients.map { [world] client in BlockingThread { _ = try? world.install(client) } }
    for thread in threads { thread?.join() }
    for client in clients { try world.uninstall(client) }
    removeTree(world.home.appending(".local"))
    #expect(try listDirectory(world.home).map(\.name) == [])
  }

  @Test func `the directory of a client that is not there is not made`() throws {
    let installer = try world.installer()
    let absent = failure { () throws(Failure) in
      try installer.checkPresence(at: try installer.serverPlace(cursor))
    }
    #expect(absent?.code == .notFound && absent?.message.contains("Cursor") == true)
    try installer.checkPresence(at: try installer.serverPlace(client("claude-code")))
    try makeDirectory(world.home.appending(".cursor"))
    try installer.checkPresence(at: try installer.serverPlace(cursor))
    let nowhere = EnvironmentVariables(["HOME": world.home.appending("none").description])
    #expect(failure { () throws(Failure) in _ = try UserPlaces(nowhere) }?.code == .notFound)
  }

  @Test func `a directory that was made stays while something else is in it`() throws {
    try world.install(cursor)
    try world.write([], world.home.appending(".cursor/other"))
    try world.uninstall(cursor)
    #expect(try listDirectory(world.home.appending(".cursor")).map(\.name) == ["other"])
  }

  @Test func `texts for agents come and go byte for byte`() throws {
    let claude = client("claude-code")
    let memory = world.home.appending(".claude/CLAUDE.md")
    let samples = [
      "", "\n", "# Rules\n", "# Rules", "# Rules\r\n\r\nMARK\r\n", "text  \n\n\n", "\u{FEFF}# MARK\n",
      "<!-- other:begin -->\nMARK\n<!-- other:end -->",
    ]
    for sample in samples {
      try world.write(Array(sample.utf8), memory)
      let installer = try world.installer()
      for place in installer.instructionPlaces(claude) {
        try installer.make(try #require(try installer.installation(at: place)))
        #expect(try installer.installation(at: place) == nil, "\(sample.debugDescription)")
      }
      #expect(fileExists(world.home.appending(".claude/skills/cairn/SKILL.md")))
      #expect(fileExists(world.home.appending(".claude/agents/cairn-explorer.md")))
      try world.write(try readFileBytes(memory).edited, memory)
      try world.uninstall(claude)
      #expect(try readFileBytes(memory) == Array(sample.utf8).edited, "\(sample.debugDescription)")
      #expect(try listDirectory(memory.parent).map(\.name) == ["CLAUDE.md"])
    }
    for broken in ["<!-- cairn:begin -->\n", "<!-- cairn:end -->\n<!-- cairn:begin -->\n"] {
      try world.write(Array(broken.utf8), memory)
      let installer = try world.installer()
      let place = installer.instructionPlaces(claude)[0]
      #expect(failure { () throws(Failure) in try installer.installation(at: place) }?.code == .notUnderstood)
    }
    // A skill that somebody has changed is theirs.
    let installer = try world.installer()
    let skill = installer.instructionPlaces(claude)[1]
    try installer.make(try #require(try installer.installation(at: skill)))
    try world.write(try readFileBytes(skill.path) + Array("mine".utf8), skill.path)
    #expect(failure { () throws(Failure) in try installer.removal(at: skill) }?.code == .foreignEntry)
  }

  @Test func `variables that move a client's directory are heeded`() throws {
    let elsewhere = world.tree.root.appending("elsewhere")
    let places = try UserPlaces(
      EnvironmentVariables([
        "HOME": world.home.description, "XDG_CONFIG_HOME": elsewhere.appending("config").description,
        "CODEX_HOME": elsewhere.appending("codex").description,
        "CLAUDE_CONFIG_DIR": elsewhere.appending("claude").description,
      ]))
    let installer = try AgentInstaller(places, scope: .user, executable: world.program)
    func path(_ name: String) throws -> FilePath { try installer.serverPlace(client(name)).path }
    #expect(try path("codex") == elsewhere.appending("codex/config.toml"))
    #expect(try path("claude-code") == elsewhere.appending("claude/.claude.json"))
    #expect(try path("zed") == elsewhere.appending("config/zed/settings.json"))
    #expect(installer.instructionPlaces(client("claude-code"))[0].path == elsewhere.appending("claude/CLAUDE.md"))
    #expect(try path("cursor") == world.home.appending(".cursor/mcp.json"))
  }

  @Test func `the program is named as its client finds it`() throws {
    let directory = world.tree.root.appending("bin")
    try makeDirectory(directory)
    makeLink(directory.appending("cairn"), to: world.program)
    #expect(unsafe chmod(world.program.description, 0o755) == 0)
    let places = try UserPlaces(
      EnvironmentVariables(["HOME": world.home.description, "PATH": "/nowhere:\(directory)"]))
    #expect(try places.program(world.program, for: client("codex")) == "cairn")
    #expect(
      try places.program(world.program, for: cursor) == directory.appending("cairn").description,
      "a desktop has another search path, and the link is what stays when the program is replaced")
    try world.tree.write("other/cairn", "")
    let other = world.tree.root.appending("other/cairn")
    #expect(try places.program(other, for: client("codex")) == other.description)
    #expect(failure { () throws(Failure) in try places.program("/nowhere/cairn", for: cursor) }?.code == .notFound)
  }

  @Test func `the difference is what diff prints`() throws {
    let path = try world.file(client("codex"))
    for before in ["", "a = 1\n", "a = 1", (1...9).map { "k\($0) = \($0)\n" }.joined()] {
      try world.write(Array(before.utf8), path)
      let installer = try world.installer()
      let change = try #require(try installer.installation(at: try installer.serverPlace(client("codex"))))
      let lines = change.diff
      #expect(lines.filter { if case .added = $0 { true } else { false } }.count >= 3)
      // What is same and what is removed is the old text, what is same and added the new one.
      let hunk = lines.dropFirst(3)
      #expect(hunk.count { if case .removed = $0 { true } else { false } } <= 1)
    }
  }
}
