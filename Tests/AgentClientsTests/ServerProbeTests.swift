import AgentClients
import Disk
import Glibc
import Primitives
import Settings
import TestSupport
import Testing

/// A server is started as its client would, and what does not work is said.
@Suite struct ServerProbeTests {
  let world: AgentWorld
  init() throws { world = try AgentWorld(path: "/usr/bin:/bin") }

  static let answer =
    #"{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","serverInfo":{"name":"cairn","version":"9"}}}"#

  /// Makes the program a script and asks it through the entry that was installed for the client.
  func probe(_ script: String, _ name: String = "cursor") throws -> Result<ServerProbe.Answer, Failure> {
    try world.tree.write("opt/cairn", "#!/bin/sh\n" + script)
    #expect(unsafe chmod(world.program.description, 0o755) == 0)
    try world.install(client(name))
    let installer = try world.installer()
    let place = try installer.serverPlace(client(name))
    let entry = try #require(try installer.entry(at: place))
    #expect(entry.isOurs && entry.isCurrent)
    return Result { () throws(Failure) in try installer.probe(entry.entry, at: place) }
  }

  @Test func `a server that answers is said to work, whatever the client's file is like`() throws {
    for client in AgentClient.all {
      let answer = try probe("read line; echo '\(Self.answer)'", client.name).get()
      #expect(answer.name == "cairn" && answer.version == "9" && answer.protocolVersion == "2025-06-18")
    }
  }

  @Test func `it gets the first line of the protocol and few variables`() throws {
    let seen = world.tree.root.appending("seen")
    _ = try probe("read line; { echo \"$line\"; env; pwd; echo \"$@\"; } > \(seen); echo '\(Self.answer)'").get()
    let text = String(decoding: try readFileBytes(seen), as: UTF8.self)
    #expect(text.contains("\"method\":\"initialize\"") && text.contains("HOME=\(world.home)"))
    #expect(text.contains("PATH=/usr/local/bin:/usr/bin:/bin") && text.hasSuffix("\(world.home)\nmcp\n"))
    #expect(!text.contains("CAIRN_") && !text.contains("XDG_"))
  }

  @Test func `what does not work is told with its reason`() throws {
    func problem(_ script: String) throws -> Failure? {
      if case .failure(let failure) = try probe(script) { failure } else { nil }
    }
    let ended = try problem("echo 'GLIBC_2.38 not found' >&2; exit 3")
    #expect(ended?.message.contains("exit code 3") == true && ended?.cause?.contains("GLIBC_2.38") == true)
    #expect(try problem("echo hello; cat > /dev/null")?.message.contains("none of the protocol") == true)
    #expect(try problem("exec sleep 20")?.message.contains("5 seconds") == true)
    try removeFile(world.program)
    try world.tree.write("opt/cairn", "no program")
    let installer = try world.installer()
    let place = try installer.serverPlace(client("cursor"))
    let entry = try #require(try installer.entry(at: place))
    #expect(failure { () throws(Failure) in try installer.probe(entry.entry, at: place) }?.code == .permissionDenied)
  }

  @Test func `nothing that a repository names is started`() throws {
    let mark = world.tree.root.appending("started")
    try world.tree.write("project/evil/cairn", "#!/bin/sh\ntouch \(mark)\n")
    #expect(unsafe chmod(world.project.appending("evil/cairn").description, 0o755) == 0)
    let evil = world.project.appending("evil/cairn").description
    for entry in [
      #"{"command": "\#(evil)", "args": ["mcp"]}"#, #"{"command": "./evil/cairn", "args": ["mcp"]}"#,
      #"{"command": "cairn", "args": ["mcp"], "env": {"LD_PRELOAD": "\#(evil)"}}"#,
      #"{"command": "cairn", "args": ["mcp", "--model", "x"]}"#,
    ] {
      try world.tree.write("project/.mcp.json", #"{"mcpServers": {"cairn": \#(entry)}}"#)
      let installer = try world.installer(inProject: true)
      let place = try installer.serverPlace(client("claude-code"))
      let found = try #require(try installer.entry(at: place))
      #expect(failure { () throws(Failure) in try installer.probe(found.entry, at: place) }?.code == .permissionDenied)
    }
    #expect(!fileExists(mark))
  }
}
