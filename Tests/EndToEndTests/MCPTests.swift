import Foundation
import Glibc
import JSON
import Primitives
import TestSupport
import Testing

/// `cairn mcp` as clients drive it: by lines that are written down here.
@Suite struct MCPTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  private static let hello: JSONValue = [
    "protocolVersion": "2025-11-25", "capabilities": [:], "clientInfo": ["name": "test", "version": "1"],
  ]
  private static let envelope: JSONValue = [
    "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
  ]

  @Test func `a session of 2025, on a tree without an index`() throws {
    let mcp = try MCPProcess(cairn)
    mcp.request(0, "initialize", Self.hello)
    #expect(mcp.receive(id: 0)?["result"]?["protocolVersion"]?.string == "2025-11-25")
    mcp.send(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
    mcp.request(1, "tools/list")
    #expect(mcp.receive(id: 1)?["result"]?["tools"]?.array?.count == 4)
    let began = ContinuousClock.now
    let first = mcp.text("search", ["query": "when do sessions expire"])
    #expect(began.duration(to: .now) < .seconds(2))
    #expect(first.hasPrefix("searched "), "\(first)")
    #expect(mcp.waitForIndex())
    let text = mcp.text("search", ["query": "expireSessions"])
    #expect(text.hasPrefix("searched 4 of 4 files, complete") && text.contains("src/server.js:"), "\(text)")
    #expect(mcp.text("read", ["symbol": "leap_year"]).contains("year % 4 == 0"))
    #expect(mcp.text("outline", ["path": "src"]).contains("src/dates.py: parse_email_date, Calendar"))
    try cairn.write("src/new.py", "def brand_new_landmark():\n    return 1\n")
    #expect(mcp.text("search", ["query": "brand_new_landmark"]).contains("src/new.py:"))
    mcp.closeInput()
    #expect(mcp.exitCode() == 0)
    #expect(mcp.stray.isEmpty, "\(mcp.stray)")
  }

  @Test func `a session of 2026`() throws {
    let mcp = try MCPProcess(cairn)
    mcp.request(0, "server/discover", ["_meta": Self.envelope])
    let found = try #require(mcp.receive(id: 0)?["result"])
    #expect(found["supportedVersions"]?.array?.first?.string == "2026-07-28")
    mcp.request(1, "tools/list", ["_meta": Self.envelope])
    #expect(mcp.receive(id: 1)?["result"]?["cacheScope"]?.string == "public")
    #expect(mcp.waitForIndex())
    mcp.request(2, "tools/call", ["name": "search", "arguments": ["query": "matrices"], "_meta": Self.envelope])
    let answer = try #require(mcp.receive(id: 2)?["result"])
    #expect(answer["resultType"]?.string == "complete")
    #expect(answer["content"]?[0]?["text"]?.string?.contains("lib/matrix.c:") == true, "\(answer)")
    mcp.closeInput()
    #expect(mcp.exitCode() == 0 && mcp.stray.isEmpty)
  }

  @Test func `a call that is cancelled ends within moments, and is not answered`() throws {
    // Somebody holds the index and does nothing, so that a call waits.
    try #require(try cairn.run("index", "-q").code == 0)
    let holder = try Program(
      "/usr/bin/flock", ["-x", ".cairn/writer.lock", "/bin/sleep", "120"].map { Array($0.utf8) }, in: cairn.tree.root,
      environment: cairn.environment)
    holder.run(until: .now + .milliseconds(300))
    try cairn.write("src/new.py", "def waits_for_the_writer():\n    return 1\n")
    let mcp = try MCPProcess(cairn)
    mcp.request(1, "tools/call", ["name": "search", "arguments": ["query": "waits_for_the_writer"]])
    usleep(200_000)
    mcp.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
    // The thread that reads never works: the next one is answered at once.
    let began = ContinuousClock.now
    mcp.request(2, "ping")
    #expect(mcp.receive(id: 2) != nil && began.duration(to: .now) < .milliseconds(500))
    #expect(mcp.receive(id: 1, within: .seconds(2)) == nil)
    // Its identifier is free again.
    #expect(mcp.text("search", ["query": "leap_year"]).contains("src/dates.py:"))
    mcp.closeInput()
    #expect(mcp.exitCode() == 0)
  }

  @Test func `closing standard input ends it with 0, also in the middle of a call`() throws {
    for index in 0..<400 {
      try cairn.write(FilePath("many/f\(index).py"), "def function_\(index)(a):\n    return a + \(index)\n")
    }
    let mcp = try MCPProcess(cairn)
    for id in 1...20 { mcp.request(id, "tools/call", ["name": "search", "arguments": ["query": "function"]]) }
    usleep(50_000)
    let began = ContinuousClock.now
    mcp.closeInput()
    #expect(mcp.exitCode() == 0)
    #expect(began.duration(to: .now) < .seconds(3))
    // The index is whole, as far as it goes.
    #expect(try cairn.run("search", "-q", "-l", "function_7").outputText.contains("many/f7.py"))
    #expect(try cairn.run("verify").code == 0)
  }

  @Test func `what was asked before the end of standard input is answered`() throws {
    #expect(try cairn.run("index", "-q").code == 0)
    let ask =
      #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search","arguments":{"query":"sessions"}}}"#
    let result = try cairn.shell("printf '%s\\n' '\(ask)' | \"$CAIRN\" mcp")
    #expect(result.code == 0 && result.outputText.contains("\"id\":7"), "\(result)")
  }

  @Test func `a client that is killed leaves no process behind`() throws {
    try cairn.write(
      "client.py",
      """
      import json, subprocess, sys, time
      server = subprocess.Popen([sys.argv[1], "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
      call = {"name": "search", "arguments": {"query": "sessions"}}
      line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call})
      server.stdin.write(line.encode() + b"\\n")
      server.stdin.flush()
      print(server.pid, flush=True)
      time.sleep(60)
      """)
    let client = try Program(
      "/usr/bin/env", ["python3", "client.py", try CairnProgram.binary().description].map { Array($0.utf8) },
      in: cairn.tree.root, environment: ProcessInfo.processInfo.environment)
    let end = ContinuousClock.now + .seconds(20)
    while client.outputSoFar.isEmpty, ContinuousClock.now < end { usleep(5_000) }
    let server = try #require(pid_t(client.outputSoFar.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(kill(server, 0) == 0)
    kill(pid_t(client.processID), SIGKILL)
    _ = client.wait()
    let deadline = ContinuousClock.now + .seconds(5)
    // A process that has ended and waits for its parent's heir to notice is gone too.
    while !Self.isGone(server), ContinuousClock.now < deadline { usleep(5_000) }
    #expect(Self.isGone(server))
  }

  private static func isGone(_ process: pid_t) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
    return text.contains(") Z ")
  }

  @Test func `an answer says how many files differ from the commit`() throws {
    let git = "git -c user.name=a -c user.email=a@example.org"
    let made = try cairn.shell("git init -q -b main . && \(git) add -A && \(git) commit -q -m first")
    try #require(made.code == 0, "\(made.errorText)")
    let mcp = try MCPProcess(cairn)
    #expect(mcp.waitForIndex())
    func facts(until isMeant: (JSONValue) -> Bool) -> JSONValue? {
      let end = ContinuousClock.now + .seconds(60)
      while ContinuousClock.now < end {
        let facts = mcp.call("search", ["query": "sessions"])?["_meta"]?["cairn/answer"]
        if let asOf = facts?["as_of"], isMeant(asOf) { return asOf }
      }
      return nil
    }
    // A count that takes longer than an answer is in one of the next.
    let first = try #require(facts { $0["edited"] != nil })
    #expect(first["edited"]?.integer == 0 && first["staged"]?.boolean == false, "\(first)")
    #expect(first["commit"]?.string?.count == 40)
    #expect(mcp.text("search", ["query": "sessions"]).contains(" unedited "))
    try cairn.write("src/new.py", "def new_landmark():\n    return 1\n")
    try cairn.write("src/dates.py", "def changed_landmark():\n    return 1\n")
    #expect(mcp.text("search", ["query": "new_landmark"]).contains("src/new.py:1"))
    #expect(facts { $0["edited"]?.integer == 2 } != nil)
    #expect(try cairn.shell("git add src/new.py").code == 0)
    #expect(facts { $0["staged"]?.boolean == true } != nil)
    mcp.closeInput()
    #expect(mcp.exitCode() == 0)
  }

  @Test func `a client that closes standard output ends it`() throws {
    let ask = #"printf '{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n'; sleep 5"#
    let result = try cairn.shell(
      "(\(ask); \(ask)) | { timeout 30 \"$CAIRN\" mcp; echo \"code $?\" >&2; } | head -c 10")
    #expect(result.outputText.count == 10 && result.errorText.contains("code 0"), "\(result)")
  }

  @Test(arguments: [
    ("</dev/null >/dev/null", 0, ""), ("</ >/dev/null", 2, "standard input could not be read (Is a directory)"),
    ("<&- >/dev/null", 2, "standard input could not be read (it is closed)"),
    ("<ask >/dev/full", 2, "standard output could not be written (No space left on device)"),
    ("<ask >&-", 2, "standard output could not be written (it is closed)"),
  ])
  func `streams that no client holds are told in a line`(_ streams: String, _ code: Int, _ message: String) throws {
    try cairn.write("ask", #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"# + "\n")
    let result = try cairn.shell("timeout 30 \"$CAIRN\" mcp \(streams)")
    #expect(Int(result.code) == code && result.errorText.contains(message), "\(result)")
    #expect(result.errorText.count { $0 == "\n" } == (code == 0 ? 0 : 1))
  }

  @Test func `the tree is watched by one of the servers, and by another when that is gone`() throws {
    try #require(try cairn.run("index", "-q").code == 0)
    let first = try MCPProcess(cairn)
    #expect(first.waitForIndex())
    func watcher() throws -> Int? {
      try JSONValue(parsing: cairn.run("status", "--json").output)["watcher"]?["process"]?.integer
    }
    func waitForWatcher(_ process: Int) throws -> Bool {
      let end = ContinuousClock.now + .seconds(15)
      while ContinuousClock.now < end {
        if try watcher() == process { return true }
        usleep(50_000)
      }
      return false
    }
    #expect(try waitForWatcher(first.processID))
    let second = try MCPProcess(cairn)
    #expect(second.waitForIndex())
    try cairn.write("src/late.py", "def seen_by_the_watcher():\n    return 1\n")
    #expect(second.text("search", ["query": "seen_by_the_watcher"]).contains("src/late.py:"))
    first.kill()
    #expect(try waitForWatcher(second.processID))
    try cairn.write("src/later.py", "def seen_by_the_heir():\n    return 1\n")
    #expect(second.text("search", ["query": "seen_by_the_heir"]).contains("src/later.py:"))
    second.closeInput()
    #expect(second.exitCode() == 0)
    #expect(try watcher() == nil)
  }

  @Test func `settings that change are taken up, and another tree is searched by its root`() throws {
    let other = try TemporaryTree()
    try other.write("other.rb", "def only_elsewhere\n  1\nend\n")
    let mcp = try MCPProcess(cairn)
    #expect(mcp.waitForIndex())
    let root: JSONValue = .string(other.root.description)
    let end = ContinuousClock.now + .seconds(20)
    var text = ""
    while ContinuousClock.now < end, !text.contains("other.rb:") {
      text = mcp.text("search", ["query": "only_elsewhere", "root": root])
    }
    #expect(text.contains("other.rb:"), "\(text)")
    #expect(mcp.text("search", ["query": "only_elsewhere"]).contains("not here"))
    #expect(mcp.text("search", ["query": "x", "root": "/"]).hasPrefix("error: "))
    #expect(mcp.text("search", ["query": "x", "root": "~"]).hasPrefix("error: "))
    try cairn.write(".hidden/lib.py", "def hidden_landmark():\n    return 1\n")
    #expect(mcp.text("search", ["query": "hidden_landmark"]).contains("not here"))
    try cairn.write("cairn.toml", "include_hidden = true\n")
    text = ""
    let later = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < later, !text.contains(".hidden/lib.py:") {
      text = mcp.text("search", ["query": "hidden_landmark"])
    }
    #expect(text.contains(".hidden/lib.py:"), "\(text)")
  }

  @Test func `code that is gone is found with its commit`() throws {
    let git = """
      git init -q -b main . && git config user.email a@b.c && git config user.name Ann && git add -A && \
      git commit -qm 'First' && rm src/server.js && git add -A && git commit -qm 'Sessions live elsewhere now'
      """
    try #require(try cairn.shell(git).code == 0)
    let mcp = try MCPProcess(cairn)
    #expect(mcp.waitForIndex())
    let text = mcp.text("history", ["query": "expire sessions"])
    #expect(text.contains("src/server.js:") && text.contains("Sessions live elsewhere now"), "\(text)")
    #expect(text.contains("removed by ") && text.contains("Ann"), "\(text)")
    #expect(mcp.text("history", ["query": "sessions", "path": "lib/**"]).contains("src/server.js:") == false)
    let now = mcp.text("search", ["query": "leap_year", "at": "HEAD~1"])
    #expect(now.contains("src/dates.py:"), "\(now)")
    let head = try cairn.shell("git rev-parse HEAD").outputText.prefix(8)
    #expect(mcp.text("search", ["query": "leap_year"]).contains("as of \(head)"))
  }
}
