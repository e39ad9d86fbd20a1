import AgentClients
import Disk
import Primitives
import Settings
import TestSupport
import Testing

/// Installing and uninstalling gives every file back byte for byte, and what is installed is what others read.
@Suite struct ReversibilityTests {
  /// Installs into `text`, checks that a second time does nothing, edits, uninstalls; returns the installed bytes.
  func roundTrip(_ world: AgentWorld, _ client: AgentClient, _ text: [UInt8], _ label: String) throws -> [UInt8]? {
    let path = try world.file(client)
    try world.write(text, path)
    guard failure({ () throws(Failure) in try world.install(client) }) == nil else {
      Issue.record("\(label): not understood: \(String(decoding: text, as: UTF8.self).debugDescription)")
      return nil
    }
    let installed = try readFileBytes(path)
    #expect(installed != text, "\(label)")
    #expect(try world.install(client) == nil, "\(label): a second time")
    try world.uninstall(client)
    #expect(try readFileBytes(path) == text, "\(label): \(String(decoding: installed, as: UTF8.self).debugDescription)")
    // The same with the user at work in between, elsewhere in the file.
    try world.write(text, path)
    try world.install(client)
    try world.write(try readFileBytes(path).edited, path)
    #expect(try world.install(client) == nil, "\(label): after an edit")
    try world.uninstall(client)
    #expect(try readFileBytes(path) == text.edited, "\(label): with an edit")
    return installed
  }

  func judge(_ files: [(label: String, client: AgentClient, bytes: [UInt8])], _ world: AgentWorld) throws {
    let words = try Judge.words(
      files.map { file in
        let (kind, container) = Judge.kind(file.client)
        return Judge.File(kind: kind, container: container, bytes: file.bytes)
      })
    #expect(words.count == files.count)
    for (file, words) in zip(files, words) where words != "/unread/cairn mcp" {
      #expect(
        words == "\(world.program) mcp",
        "\(file.label): \(String(decoding: file.bytes, as: UTF8.self).debugDescription)")
    }
  }

  @Test(arguments: 0..<8) func `every generated file of every client comes back byte for byte`(_ part: Int) throws {
    let world = try AgentWorld()
    var installed: [(label: String, client: AgentClient, bytes: [UInt8])] = []
    for (number, client) in AgentClient.all.enumerated() where client.name != "continue" {
      // Most are JSON of the same kind.
      let isCommon = Judge.kind(client).kind == "json"
      for seed in 0..<(isCommon ? 12 : 60) {
        var sample = SampleFile(seed: UInt64(part * 100_000 + number * 1000 + seed))
        let label = "part \(part), \(client.name), seed \(seed)"
        let text = sample.bytes(client)
        if let bytes = try roundTrip(world, client, text, label) { installed.append((label, client, bytes)) }
      }
    }
    try judge(installed, world)
  }

  static let written: [(String, String)] = [
    ("claude-code", "{}"), ("claude-code", "{\n}\n"), ("claude-code", "{\"mcpServers\":{}}"), ("claude-code", ""),
    ("claude-code", "\u{FEFF}"), ("claude-code", " \n\t\n"), ("claude-code", "{ \"mcpServers\": { } }"),
    ("claude-code", "{\n  \"mcpServers\": {\n  }\n}\n"), ("claude-code", "{\"a\":1}"),
    ("claude-code", "{ \"a\" : 1 }\n"),
    (
      "claude-code",
      "{\n  \"numStartups\": 3,\n  \"projects\": {\n    \"/x\": {\"mcpServers\": {}}\n  },\n  \"mcpServers\": {\n    \"x\": {\n      \"command\": \"MARK\"\n    }\n  }\n}"
    ),
    ("cursor", "{\r\n\t\"mcpServers\": {\r\n\t\t\"a\": {\"url\": \"http://MARK\"}\r\n\t}\r\n}\r\n"),
    ("cursor", "{\"mcpServers\":{\"a\":{\"command\":\"b\"}}}"),
    (
      "vscode",
      "// MARK\n{\n\t// the servers\n\t\"servers\": { // here\n\t\t\"a\": {}, // MARK\n\t},\n\t\"inputs\": [],\n}\n"
    ),
    ("zed", "// Zed settings\n//\n{\n  \"theme\": \"MARK\", /* x */\n  \"vim_mode\": true, // last\n}\n"),
    ("zed", "{ // all\n  /* of it */ \"a\": 1\n  // MARK\n}"),
    ("zed", "{ /* nothing */ }"), ("zed", "{ // nothing\n}"), ("zed", "{\n  // nothing\n}\n"),
    ("zed", "{\"a\": 1,}"), ("zed", "{\"context_servers\": {\"x\": {},},}"),
    ("zed", "{\"context_servers\": { // none\n }, \"b\": 2 /* end */ }"),
    ("opencode", "{\n  \"$schema\": \"https://opencode.ai/config.json\",\n  // MARK\n  \"mcp\": {}\n}\n"),
    ("kilo", "{\"mcp\"\n:\n{\n}\n}"), ("gemini", "{\"mcp\\u0053ervers\": {\"a\\n\": {}}}"),
    ("codex", "model = \"MARK\""), ("codex", "model = \"o\"\n"), ("codex", "model = \"o\"\r\n\r\n# MARK\r\n"),
    ("codex", "[mcp_servers.a]\ncommand = \"x\"\n\n\n"), ("codex", "[mcp_servers]\n"), ("codex", "[mcp_servers]"),
    ("codex", "mcp_servers = {}"), ("codex", "mcp_servers = { a = { command = \"MARK\" } } # c\n"),
    ("codex", "x = '''\n[mcp_servers.cairn]\n'''\n"), ("codex", "# only a comment"), ("codex", "\u{FEFF}a = 1\n"),
    ("codex", "[mcp_servers.a.env]\nX = \"[\"\n[[profiles]]\nname = 'MARK'  \n"), ("codex", "\n"),
    ("codex", "a = \"\"\"x\"\"\"\"\nb = ''''y'''\n"), ("codex", "a.b.\"c d\" = 1_000\n[x.'y z'] # MARK"),
    ("goose", "extensions:\n"), ("goose", "extensions:"), ("goose", "extensions: # MARK\n\n"), ("goose", "A: 1\n"),
    ("goose", "extensions:\n    a:\n        enabled: true\nGOOSE_MODEL: MARK\n"), ("goose", "# MARK\n"),
    ("goose", "X: |\n  extensions:\n    cairn:\nextensions:\n  developer:\n    enabled: true"),
  ]

  @Test func `every file that somebody wrote comes back byte for byte`() throws {
    let world = try AgentWorld()
    var installed: [(label: String, client: AgentClient, bytes: [UInt8])] = []
    for (number, (name, text)) in Self.written.enumerated() {
      let client = client(name)
      if let bytes = try roundTrip(world, client, Array(text.utf8), "\(number) \(name)") {
        installed.append(("\(number) \(name)", client, bytes))
      }
    }
    try judge(installed, world)
  }

  @Test func `what is made where nothing was is read by others, and goes with all its directories`() throws {
    let world = try AgentWorld()
    var installed: [(label: String, client: AgentClient, bytes: [UInt8])] = []
    for client in AgentClient.all {
      try world.install(client)
      installed.append((client.name, client, try readFileBytes(try world.file(client))))
    }
    try judge(installed, world)
    for client in AgentClient.all { try world.uninstall(client) }
    // The user's state directory is what is left, without the notes.
    removeTree(world.home.appending(".local"))
    #expect(try listDirectory(world.home).map(\.name) == [])
  }

  static let notUnderstood: [(String, String)] = [
    ("claude-code", "{\"a\": 1"), ("claude-code", "[]"), ("claude-code", "{\"a\": 1} x"), ("claude-code", "{'a': 1}"),
    ("claude-code", "{\"mcpServers\": []}"), ("claude-code", "{\"mcpServers\": null}"), ("claude-code", "// nothing\n"),
    ("claude-code", "{\"mcpServers\": {}, \"mcpServers\": {}}"), ("claude-code", "{\"a\": 1, \"a\": 2}"),
    ("claude-code", "{\"mcpServers\": {\"x\": 1, \"x\": 2}}"), ("claude-code", "{\"a\": 01}"), ("claude-code", "{,}"),
    ("claude-code", "{\"a\": \"\u{1}\"}"), ("claude-code", "{\"a\": /* 1}"), ("claude-code", "{\"a\" 1}"),
    ("claude-code", "{\"a\": 1 \"b\": 2}"), ("claude-code", "{\"a\": 1}\r{}"), ("claude-code", "{\"a\": [1 2]}"),
    ("claude-code", "<<<<<<< HEAD\n{}\n"), ("claude-code", "{\"mcpServers\": {\"cairn\": 1}}"),
    ("claude-code", "{\"mcpServers\": {\"cairn\": {\"command\": \"other\", \"args\": [\"mcp\"]}}}"),
    ("claude-code", "{\"mcpServers\": {\"cairn\": {\"command\": \"cairn\", \"args\": [\"serve\"]}}}"),
    ("claude-code", "{\"mcpServers\": {\"cairn\": {\"url\": \"http://x\"}}}"),
    ("codex", "a = "), ("codex", "a 1\n"), ("codex", "[mcp_servers\n"), ("codex", "mcp_servers = 1\n"),
    ("codex", "mcp_servers.a.command = 1\n"), ("codex", "[[mcp_servers]]\n"), ("codex", "a = \"x\nb = 1\n"),
    ("codex", "[mcp_servers.a]\n[mcp_servers.a]\n"), ("codex", "[mcp_servers]\ncairn.command = \"cairn\"\n"),
    ("codex", "mcp_servers = {}\n[mcp_servers.a]\n"), ("codex", "[mcp_servers.cairn.env]\nA = \"1\"\n"),
    ("codex", "[mcp_servers.cairn]\ncommand = \"other\"\n"),
    ("codex", "[mcp_servers.cairn]\n[a]\n[mcp_servers.cairn.env]\n"),
    ("codex", "a = [1,\n"), ("codex", "a = '''x\n"), ("codex", "a = 1 b = 2\n"),
    ("goose", "extensions: {}\n"), ("goose", "extensions: &a\n  x:\n    b: 1\n"), ("goose", "---\na: 1\n"),
    ("goose", "extensions:\n- a\n"), ("goose", "extensions:\n  <<: *x\n"), ("goose", "\"extensions\":\n  a:\n"),
    ("goose", "extensions:\n  a:\nextensions:\n  b:\n"), ("goose", "- a\n"), ("goose", "a: |+\n  x\n\n"),
    ("goose", "extensions:\n  cairn:\n    cmd: other\n"), ("goose", "extensions:\n  a: {}\n"),
    ("continue", "name: Mine\n"),
  ]

  @Test func `a file that is not understood is left alone, and its failure names it`() throws {
    let world = try AgentWorld()
    for (name, text) in Self.notUnderstood {
      let client = client(name)
      let path = try world.file(client)
      try world.write(Array(text.utf8), path)
      let problem = failure { () throws(Failure) in try world.install(client) }
      #expect([.notUnderstood, .foreignEntry].contains(problem?.code), "\(name): \(text.debugDescription)")
      #expect(problem?.path == path)
      _ = failure { () throws(Failure) in try world.uninstall(client) }
      #expect(try readFileBytes(path) == Array(text.utf8), "\(name): \(text.debugDescription)")
    }
    let path = try world.file(client("cursor"))
    let texts: [[UInt8]] = [
      [0xFF, 0xFE, 0x7B, 0x00], Array("{\"a\": \"\0\"}".utf8), Array("{\"".utf8) + [0xE9] + Array("\": 1}".utf8),
    ]
    for bytes in texts {
      try world.write(bytes, path)
      #expect(failure { () throws(Failure) in try world.install(client("cursor")) }?.code == .notUnderstood)
      #expect(try readFileBytes(path) == bytes)
    }
  }

  @Test func `an entry stays ours wherever a client that rewrites its file puts it`() throws {
    let world = try AgentWorld()
    let cases: [(String, String, String)] = [
      (
        "claude-code",
        "{\n  \"mcpServers\": {\n    \"a\": {},\n    \"cairn\": {\n      \"command\": \"/old/cairn\",\n      \"args\": [\n        \"mcp\"\n      ]\n    }\n  }\n}",
        "{\n  \"mcpServers\": {\n    \"a\": {}\n  }\n}"
      ),
      (
        "claude-code", "{\"mcpServers\":{\"cairn\":{\"command\":\"cairn\",\"args\":[\"mcp\"],\"env\":{}},\"b\":{}}}",
        "{\"mcpServers\":{\"b\":{}}}"
      ),
      (
        "zed",
        "{\"context_servers\": {\"a\": {}, // a\n \"cairn\": {\"command\": \"cairn\", \"args\": [\"mcp\"]} /* c */, }}",
        "{\"context_servers\": {\"a\": {}, // a /* c */ }}"
      ),
      (
        "codex",
        "a = 1\n[mcp_servers.cairn]\ncommand = \"cairn\" # mine\nargs = [\"mcp\"]\n[mcp_servers.cairn.env]\nA = \"b\"\n[b]\n",
        "a = 1\n[b]\n"
      ),
      (
        "codex", "[mcp_servers]\ncairn = { command = \"cairn\", args = [\"mcp\"] }\na = {}\n", "[mcp_servers]\na = {}\n"
      ),
      (
        "codex", "mcp_servers = { a = {}, cairn = { command = \"cairn\", args = [\"mcp\"] } }\n",
        "mcp_servers = { a = {} }\n"
      ),
      (
        "goose", "extensions:\n  a:\n    x: 1\n  cairn:\n    args:\n    - mcp\n    cmd: cairn\n  b:\n    x: 1\n",
        "extensions:\n  a:\n    x: 1\n  b:\n    x: 1\n"
      ),
    ]
    for (name, text, expected) in cases {
      let path = try world.file(client(name))
      try removeFile(path)
      try world.install(client(name))
      try world.write(Array(text.utf8), path)
      let problem = failure { () throws(Failure) in try world.uninstall(client(name)) }
      let found = String(decoding: try readFileBytes(path), as: UTF8.self)
      // A comment that would swallow what follows is a reason to leave the file alone.
      #expect(
        found == expected || problem?.code == .notUnderstood && found == text, "\(name): \(found.debugDescription)")
    }
  }

  @Test func `an entry of a program that has moved is brought up to date where it stands`() throws {
    let world = try AgentWorld()
    for client in AgentClient.all {
      try world.install(client)
      let path = try world.file(client)
      let now = String(decoding: try readFileBytes(path), as: UTF8.self)
      let old = now.split(separator: world.program.description, omittingEmptySubsequences: false)
      #expect(old.count == 2, "\(client.name)")
      try world.write(Array(old.joined(separator: "/before/it/moved/cairn").utf8), path)
      #expect(try world.install(client) != nil)
      #expect(String(decoding: try readFileBytes(path), as: UTF8.self) == now, "\(client.name)")
    }
  }
}
