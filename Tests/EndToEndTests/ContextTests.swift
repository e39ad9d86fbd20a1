import Foundation
import JSON
import Primitives
import TestSupport
import Testing

/// `cairn context` and `cairn savings` through the real program.
@Suite struct ContextTests {
  let cairn: CairnProgram

  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
    try cairn.write(
      "src/server_test.js",
      """
      const { expireSessions } = require("./server")

      function testThatSessionsExpire() {
        return expireSessions([], 0).length === 0;
      }

      """)
  }

  @Test func `a task gives the pieces that answer, in Markdown and within its tokens`() throws {
    let found = try cairn.run("context", "--tokens", "400", "when", "do", "sessions", "expire")
    #expect(found.code == 0, "\(found.errorText)")
    #expect(found.outputText.hasPrefix("# when do sessions expire\n"), "\(found.outputText)")
    #expect(found.outputText.contains("### src/server.js:"), "\(found.outputText)")
    #expect(found.outputText.contains("```javascript\n"), "\(found.outputText)")
    #expect(found.outputText.utf8.count < 400 * 5)
    let object = try #require(try cairn.run("context", "--json", "when do sessions expire").objects("context").first)
    let pieces = try #require(object["pieces"] as? [[String: Any]])
    #expect(pieces.first?["path"] as? String == "src/server.js", "\(object)")
    #expect(pieces.first?["part"] as? String == "found")
    #expect(try #require(object["tokens"] as? Int) <= 4_000)
    #expect(object["of_file"] as? Bool == false)
  }

  @Test func `a file gives its outline and what it uses`() throws {
    let found = try cairn.run("context", "src/server_test.js")
    #expect(found.code == 0, "\(found.errorText)")
    #expect(found.outputText.hasPrefix("# src/server_test.js\njavascript, 5 lines\n"), "\(found.outputText)")
    #expect(found.outputText.contains("- function `testThatSessionsExpire` 3-5"), "\(found.outputText)")
    let used = try #require(found.outputText.range(of: "## What it uses"))
    #expect(found.outputText[used.upperBound...].contains("function expireSessions"), "\(found.outputText)")
  }

  @Test func `what is nowhere gives 1, and a mistake says what to do`() throws {
    #expect(try cairn.run("index", "-q").code == 0)
    let nothing = try cairn.run("context", "--path", "nowhere/**", "sessions")
    #expect(nothing.code == 1)
    let hidden = try cairn.run("context", "--lang", "python", "expireSessions")
    #expect(
      hidden.outputText.contains("Not here: name expireSessions (but outside of the filters, in src/server"),
      "\(hidden.outputText)")
    let wrong = try cairn.run("context", "--tokens", "7", "sessions")
    #expect(wrong.code == 2 && wrong.errorText.contains("200"), "\(wrong.errorText)")
  }

  @Test func `answers are added up until that is switched off`() throws {
    let none = try cairn.run("savings")
    #expect(none.code == 1 && none.outputText.contains("no answers are counted yet"), "\(none.outputText)")
    #expect(try cairn.run("context", "when do sessions expire").code == 0)
    let mcp = try MCPProcess(cairn)
    #expect(mcp.waitForIndex())
    #expect(mcp.text("search", ["query": "expireSessions"]).contains("src/server.js:"))
    #expect(mcp.text("read", ["path": "src/server.js"]).contains("function listenOnPort"))
    mcp.closeInput()
    #expect(mcp.exitCode() == 0)
    let object = try #require(try cairn.run("savings", "--json").objects("savings").first)
    let tools = try #require(object["tools"] as? [[String: Any]])
    let calls = Dictionary(uniqueKeysWithValues: tools.map { ($0["tool"] as? String ?? "", $0["calls"] as? Int ?? 0) })
    #expect(calls["search"] == 1 && calls["read"] == 1 && calls["context"] == 1, "\(object)")
    let read = try #require(tools.first { $0["tool"] as? String == "read" })
    // All of src/server.js.
    #expect(read["files"] as? Int == 1)
    #expect(try #require(read["file_tokens"] as? Int) > 40)
    // Numbers alone.
    let kept = try String(contentsOfFile: try #require(object["file"] as? String), encoding: .utf8)
    #expect(!kept.contains("server") && !kept.contains("expire"), "\(kept)")

    #expect(try cairn.run("savings", "clear").code == 0)
    let off = try cairn.run("context", "--no-savings", "when do sessions expire")
    #expect(off.code == 0)
    #expect(try cairn.run("savings").code == 1)
  }
}
