import Foundation
import JSON
import Primitives
import TestSupport
import Testing

/// The MCP SDK for Python.
private enum PythonSDK {
  /// Where line `number` of the SDK is; nil where it is not installed.
  static func path(_ number: Int) -> String? {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let path = folder.appendingPathComponent(".deps/tools/mcp-\(number)").path
    return FileManager.default.fileExists(atPath: path + "/pins") ? path : nil
  }
}

/// `cairn mcp` driven by the SDKs that clients are made of: both lines of the one for Python, which
/// `Scripts/setup --checks` installs where there is a Python for them.
@Suite(.enabled(if: PythonSDK.path(1) != nil && PythonSDK.path(2) != nil))
struct MCPClientTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  private func run(_ number: Int, _ script: String, limit: Duration = .seconds(120)) throws -> JSONValue {
    var environment = cairn.environment
    environment["PYTHONPATH"] = PythonSDK.path(number)
    environment["PATH"] = ProcessInfo.processInfo.environment["PATH"]
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    let result = try Program(
      "/usr/bin/env",
      ["python3", "-c", script, try CairnProgram.binary().description, cairn.tree.root.description]
        .map { Array($0.utf8) }, in: cairn.tree.root, environment: environment
    ).wait(limit: limit)
    try #require(result.code == 0, "\(result.outputText)\n\(result.errorText)")
    return try JSONValue(parsing: Array((result.outputLines.last ?? "").utf8))
  }

  private static let legacy = """
    import asyncio, json, os, sys
    from datetime import timedelta
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    def parameters():
        return StdioServerParameters(command=sys.argv[1], args=["mcp"], cwd=sys.argv[2], env=dict(os.environ))

    async def ready(session):
        for _ in range(500):
            result = await session.call_tool("search", {"query": "sessions"})
            if " complete, " in result.content[0].text:
                return result
        raise SystemExit("the index is not complete: " + result.content[0].text)

    """

  @Test func `the SDK of 2025 lists the tools, searches a tree without an index, and hears of bad arguments`() throws {
    let found = try run(
      1,
      Self.legacy + """
        async def main():
            async with stdio_client(parameters()) as (read, write):
                async with ClientSession(read, write) as session:
                    hello = await session.initialize()
                    tools = (await session.list_tools()).tools
                    first = await session.call_tool("search", {"query": "when do sessions expire"})
                    await ready(session)
                    seen = []
                    async def progress(done, total, message):
                        seen.append(done)
                    good = await session.call_tool("search", {"query": "expireSessions"}, progress_callback=progress)
                    bad = await session.call_tool("search", {"qery": 1})
                    try:
                        await session.call_tool("nothing", {})
                        unknown = ""
                    except Exception as error:
                        unknown = str(error)
                    await session.send_ping()
                    print(json.dumps({
                        "version": hello.protocolVersion, "tools": [t.name for t in tools],
                        "first": first.content[0].text, "good": good.content[0].text, "bad": bad.isError,
                        "why": bad.content[0].text, "unknown": unknown}))

        asyncio.run(main())
        """)
    #expect(found["version"]?.string == "2025-11-25")
    #expect(found["tools"]?.array?.compactMap(\.string) == ["search", "read", "outline", "history"])
    #expect(found["first"]?.string?.hasPrefix("searched ") == true)
    #expect(found["good"]?.string?.contains("src/server.js:") == true, "\(found)")
    #expect(found["bad"]?.boolean == true && found["why"]?.string?.contains("did you mean") == true)
    #expect(found["unknown"]?.string?.contains("there is no tool") == true, "\(found)")
  }

  @Test func `ten clients at once on one tree that changes`() throws {
    let found = try run(
      1,
      Self.legacy + """
        async def client(number, ready_count, go, done):
            async with stdio_client(parameters()) as (read, write):
                async with ClientSession(read, write) as session:
                    await session.initialize()
                    await ready(session)
                    wrong = []
                    for turn in range(5):
                        name = f"landmark_{number}_{turn}"
                        with open(os.path.join(sys.argv[2], f"c{number}.py"), "w") as file:
                            file.write(f"def {name}():\\n    return {turn}\\n")
                        result = await session.call_tool("search", {"query": name})
                        text = result.content[0].text
                        if f"c{number}.py:1" not in text:
                            wrong.append(text)
                    ready_count.append(number)
                    if len(ready_count) == 10:
                        go.set()
                    await go.wait()
                    if number == 0:
                        await asyncio.sleep(0.5)
                        own = 0
                        servers = 0
                        for entry in os.listdir("/proc"):
                            if not entry.isdigit():
                                continue
                            try:
                                with open(f"/proc/{entry}/cmdline", "rb") as file:
                                    words = file.read().split(b"\\0")
                                if words[:2] != [sys.argv[1].encode(), b"mcp"]:
                                    continue
                                if os.readlink(f"/proc/{entry}/cwd") != os.path.realpath(sys.argv[2]):
                                    continue
                                servers += 1
                                with open(f"/proc/{entry}/smaps_rollup") as file:
                                    for line in file:
                                        if line.startswith(("Private_Clean:", "Private_Dirty:")):
                                            own += int(line.split()[1])
                            except OSError:
                                pass
                        measured.update(servers=servers, own=own)
                        done.set()
                    await done.wait()
                    return wrong

        measured = {}

        async def main():
            go, done = asyncio.Event(), asyncio.Event()
            ready_count = []
            wrong = await asyncio.gather(*(client(n, ready_count, go, done) for n in range(10)))
            print(json.dumps({"wrong": [w for one in wrong for w in one], **measured}))

        asyncio.run(main())
        """)
    #expect(found["wrong"]?.array?.isEmpty == true, "\(found)")
    #expect(found["servers"]?.integer == 10, "\(found)")
    #expect((found["own"]?.integer ?? .max) < 100 << 10, "kilobytes of their own: \(found)")
  }

  @Test func `the SDK of 2026 finds out what is spoken, and calls the tools`() throws {
    let found = try run(
      2,
      """
      import asyncio, json, os, sys
      from mcp import StdioServerParameters
      from mcp.client.client import Client
      from mcp.client.stdio import stdio_client

      def parameters():
          return StdioServerParameters(command=sys.argv[1], args=["mcp"], cwd=sys.argv[2], env=dict(os.environ))

      async def main():
          out = {}
          for mode in ("auto", "2026-07-28", "legacy"):
              async with Client(stdio_client(parameters()), mode=mode) as client:
                  tools = (await client.list_tools()).tools
                  for _ in range(500):
                      result = await client.call_tool("search", {"query": "expireSessions"})
                      if " complete, " in result.content[0].text:
                          break
                  bad = await client.call_tool("read", {"path": "../../etc/passwd"})
                  out[mode] = {
                      "version": client.protocol_version, "tools": [t.name for t in tools],
                      "text": result.content[0].text, "bad": bad.is_error}
          print(json.dumps(out))

      asyncio.run(main())
      """)
    for (mode, version) in [("auto", "2026-07-28"), ("2026-07-28", "2026-07-28"), ("legacy", "2025-11-25")] {
      let one = try #require(found[mode])
      #expect(one["version"]?.string == version, "\(mode): \(one)")
      #expect(one["tools"]?.array?.compactMap(\.string) == ["search", "read", "outline", "history"])
      #expect(one["text"]?.string?.contains("src/server.js:") == true && one["bad"]?.boolean == true, "\(one)")
    }
  }

  @Test(arguments: [1, 2])
  func `a call that the SDK gives up is cancelled, and the next one answered`(number: Int) throws {
    // Somebody holds the index, so that a search waits for a second.
    try #require(try cairn.run("index", "-q").code == 0)
    let holder = try Program(
      "/usr/bin/flock", ["-x", ".cairn/writer.lock", "/bin/sleep", "120"].map { Array($0.utf8) }, in: cairn.tree.root,
      environment: cairn.environment)
    holder.run(until: .now + .milliseconds(300))
    try cairn.write("src/new.py", "def waits_for_the_writer():\n    return 1\n")
    let open =
      number == 1
      ? """
      async with stdio_client(parameters()) as (read, write):
              async with ClientSession(read, write) as session:
                  await session.initialize()
      """
      : """
      async with Client(stdio_client(parameters())) as session:
              if True:
      """
    let found = try run(
      number,
      """
      import asyncio, json, os, sys, time
      from mcp import StdioServerParameters
      from mcp.client.stdio import stdio_client
      \(number == 1 ? "from mcp import ClientSession" : "from mcp.client.client import Client")

      def parameters():
          return StdioServerParameters(command=sys.argv[1], args=["mcp"], cwd=sys.argv[2], env=dict(os.environ))

      async def main():
          \(open)
                  await session.list_tools()
                  task = asyncio.create_task(session.call_tool("search", {"query": "waits_for_the_writer"}))
                  await asyncio.sleep(0.2)
                  began = time.monotonic()
                  task.cancel()
                  try:
                      await task
                      cancelled = False
                  except asyncio.CancelledError:
                      cancelled = True
                  tools = await session.list_tools()
                  took = time.monotonic() - began
                  after = await session.call_tool("search", {"query": "leap_year"})
                  print(json.dumps({"cancelled": cancelled, "took": took, "text": after.content[0].text}))

      asyncio.run(main())
      """)
    #expect(found["cancelled"]?.boolean == true && (found["took"]?.number ?? 9) < 0.5, "\(found)")
    #expect(found["text"]?.string?.contains("src/dates.py:") == true, "\(found)")
  }
}
