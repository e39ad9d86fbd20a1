import JSON
import MCP
import Primitives
import TestSupport
import Testing

/// What is said before any tool: both eras, errors, and a client that does what it should not.
@Suite struct ProtocolTests {
  private static let envelope =
    #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#

  @Test(arguments: ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"])
  func `a client that says hello is answered in its version`(version: String) async throws {
    let client = try TestClient()
    let about = #""capabilities":{},"clientInfo":{"name":"t","version":"1"}"#
    client.send(
      #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\#(version)",\#(about)}}"#)
    let hello = try #require(await client.receive(id: 0)?["result"])
    #expect(hello["protocolVersion"]?.string == version)
    #expect(hello["serverInfo"]?["name"]?.string == "cairn" && hello["capabilities"]?["tools"] == .object([]))
    #expect(hello["instructions"]?.string == ToolList.instructions)
    client.send(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
    client.send(#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#)
    #expect(await client.receive(id: "p")?["result"] == .object([]))
    client.send(#"{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}"#)
    let list = try #require(await client.receive(id: 2)?["result"])
    #expect(list["tools"]?.array?.compactMap { $0["name"]?.string } == ["search", "read", "outline", "history"])
    #expect(list["resultType"] == nil && list["ttlMs"] == nil && list["_meta"] == nil)
    #expect(await client.end())
  }

  @Test func `a version that is not spoken is answered with the newest that says hello`() async throws {
    let client = try TestClient()
    client.send(#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2031-01-01"}}"#)
    #expect(await client.receive(id: 0)?["result"]?["protocolVersion"]?.string == "2025-11-25")
    client.send(#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":1}}"#)
    #expect(await client.receive(id: 1)?["error"]?["code"]?.integer == -32602)
  }

  @Test func `a client without a hello is answered statelessly`() async throws {
    let client = try TestClient()
    client.send(#"{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{\#(Self.envelope)}}"#)
    let found = try #require(await client.receive(id: 1)?["result"])
    #expect(found["resultType"]?.string == "complete" && found["ttlMs"]?.integer ?? 0 > 0)
    #expect(found["cacheScope"]?.string == "public")
    #expect(found["supportedVersions"]?.array?.first?.string == "2026-07-28")
    #expect(found["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"]?.string == "cairn")
    client.send(#"{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{\#(Self.envelope)}}"#)
    let list = try #require(await client.receive(id: 2)?["result"])
    #expect(list["resultType"]?.string == "complete" && list["ttlMs"] != nil && list["cacheScope"] != nil)
    #expect(list["tools"] == .array(ToolList.tools))
    client.send(
      #"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"outline","arguments":{},\#(Self.envelope)}}"#)
    let answer = try #require(await client.receive(id: 3)?["result"])
    #expect(answer["resultType"]?.string == "complete" && answer["content"]?[0]?["type"]?.string == "text")
    // What the handshake alone has is not there.
    client.send(#"{"jsonrpc":"2.0","id":4,"method":"ping","params":{\#(Self.envelope)}}"#)
    #expect(await client.receive(id: 4)?["error"]?["code"]?.integer == -32601)
  }

  @Test func `an envelope that is wrong is an error that says what is missing`() async throws {
    let client = try TestClient()
    let version = "io.modelcontextprotocol/protocolVersion"
    let capabilities = "io.modelcontextprotocol/clientCapabilities"
    let future = #"{"\#(version)":"2099-01-01","\#(capabilities)":{}}"#
    client.send(#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":\#(future)}}"#)
    let unsupported = try #require(await client.receive(id: 1)?["error"])
    #expect(unsupported["code"]?.integer == -32022 && unsupported["data"]?["requested"]?.string == "2099-01-01")
    #expect(
      unsupported["data"]?["supported"]?.array?.compactMap(\.string)
        == ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"])
    for (id, meta) in [
      (2, #"{"\#(version)":"2026-07-28"}"#), (3, #"{"\#(version)":5,"\#(capabilities)":{}}"#),
      (4, #"{"\#(version)":"2026-07-28","\#(capabilities)":"none"}"#),
    ] {
      client.send(#"{"jsonrpc":"2.0","id":\#(id),"method":"tools/list","params":{"_meta":\#(meta)}}"#)
      #expect(await client.receive(id: .integer(id))?["error"]?["code"]?.integer == -32602)
    }
    client.send(#"{"jsonrpc":"2.0","id":5,"method":"server/discover"}"#)
    #expect(await client.receive(id: 5)?["error"]?["code"]?.integer == -32602)
  }

  @Test(arguments: [
    (#"{"jsonrpc":"2.0","id":1,"method":"resources/list"}"#, -32601),
    (#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, -32602),
    (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5}}"#, -32602),
    (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"grep"}}"#, -32602),
    (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":[]}}"#, -32602),
    (#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}"#, -32602),
    (#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}"#, -32602),
  ])
  func `what cannot be done is an error of the protocol`(line: String, code: Int) async throws {
    let client = try TestClient()
    client.send(line)
    #expect(await client.receive(id: 1)?["error"]?["code"]?.integer == code)
  }

  @Test func `lines that are no messages are answered, and the next one is read`() async throws {
    let client = try TestClient()
    client.send([0xFF, 0xFE, 0x0A])
    #expect(await client.receive(id: .null)?["error"]?["code"]?.integer == -32700)
    client.send([UInt8](repeating: UInt8(ascii: "x"), count: Server.lineLimit + 1) + [0x0A])
    #expect(await client.receive(id: .null)?["error"]?["code"]?.integer == -32600)
    client.send(String(repeating: "[", count: 100_000))
    #expect(await client.receive(id: .null)?["error"]?["code"]?.integer == -32700)
    client.send(#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#)
    #expect(await client.receive(id: .null)?["error"]?["code"]?.integer == -32600)
    client.send(#"{"jsonrpc":"2.0","id":7,"result":{}}"#)
    client.send(#"{"jsonrpc":"2.0","method":"notifications/anything","params":7}"#)
    client.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":[]}}"#)
    client.send(#"{"jsonrpc":"2.0","id":8,"method":"ping"}"#)
    #expect(await client.receive(id: 8)?["result"] != nil && client.pending.isEmpty)
    #expect(await client.end())
  }

  @Test(arguments: 0..<20)
  func `no line ends the server`(seed: Int) async throws {
    var random = SeededRandom(seed: UInt64(seed) &+ 77)
    let client = try TestClient()
    let parts = [
      "{", "}", "[", "]", ":", ",", "\"jsonrpc\":\"2.0\"", "\"id\":1", "\"id\":\"a\"", "\"method\":\"tools/call\"",
      "\"params\":{}", "\"params\":", "null", "1e999", "99999999999999999999", "\"\\ud800\"", "\u{0}", "\u{FEFF}",
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"search\",",
      "\"arguments\":{\"query\":",
      "\"_meta\":{}", "}}}",
    ]
    for _ in 0..<60 {
      var line = ""
      for _ in 0..<Int(random.next() % 8 + 1) { line += parts[Int(random.next() % UInt64(parts.count))] }
      client.send(line)
    }
    client.send(#"{"jsonrpc":"2.0","id":"last","method":"ping"}"#)
    #expect(await client.receive(id: "last")?["result"] != nil)
    #expect(await client.end())
  }

  @Test func `a client that reads no more ends the server`() async throws {
    let client = try TestClient()
    client.close()
    client.send(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)
    #expect(await client.isServerOver())
  }
}
