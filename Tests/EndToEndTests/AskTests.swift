import Foundation
import JSON
import Primitives
import TestSupport
import Testing

/// The real program against a chat endpoint in the test's process.
@Suite struct AskTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }
  static let question = "how is a date parsed from an email header"

  /// A stream that says `answer` word by word.
  static func say(_ answer: String, _ exchange: TestExchange) {
    let events = answer.split(separator: " ", omittingEmptySubsequences: false).map { word in
      "data: \(JSONValue.object([.init("choices", [["delta": ["content": .string(word + " ")]]])]))\n\n"
    }
    exchange.reply(
      200, ": hello\n\n" + events.joined() + "data: [DONE]\n\n", headers: [("Content-Type", "text/event-stream")])
  }

  func ask(_ server: TestServer, _ arguments: String...) throws -> ProgramResult {
    try cairn.start(
      ["ask", "--llm-endpoint", server.url("/v1"), "--llm-model", "m"] + arguments + [Self.question]
    ).wait()
  }

  @Test func `an answer is streamed, its citations are listed, and the line about what leaves comes first`() throws {
    let server = try TestServer { Self.say("It splits the header [src/dates.py:1-3].", $0) }
    let result = try ask(server)
    #expect(result.code == 0, "\(result.errorText)")
    #expect(result.outputText == "It splits the header [src/dates.py:1-3]. \n\nSources:\n  src/dates.py:1-3\n")
    #expect(
      result.errorText.hasPrefix("cairn: the question and ") && result.errorText.contains("127.0.0.1:\(server.port)"))
    let body = try JSONValue(parsing: try #require(server.requests.first).body)
    let prompt = body["messages"]?[1]?["content"]?.string ?? ""
    #expect(
      body["model"] == "m" && prompt.contains("[src/dates.py:1-") && prompt.contains("1| def parse_email_date(header):")
    )
    #expect(prompt.hasSuffix("Question: \(Self.question)"))
  }

  @Test func `what was not retrieved is marked, with an exit code of its own`() throws {
    let server = try TestServer {
      Self.say("See [src/dates.py:1-2], [src/secret.py:5] and [src/dates.py:900].\u{1B}[2J", $0)
    }
    let result = try ask(server)
    #expect(result.code == 3)
    #expect(result.outputText.contains("Sources:\n  src/dates.py:1-2\n"))
    #expect(
      result.outputText.contains("do not rely on it:\n  src/secret.py:5  (the model was shown nothing of this file)\n"))
    #expect(result.outputText.contains("  src/dates.py:900  (the model was shown other lines of this file)"))
    #expect(!result.outputText.contains("\u{1B}"))
    let objects = try ask(server, "--json").objects()
    let answer = try #require(objects.last)
    #expect(answer.text("type") == "answer" && answer["backed"] as? Bool == false)
    let verdicts = (answer["citations"] as? [[String: Any]] ?? []).map { $0.text("verdict") }
    #expect(verdicts == ["valid", "not-retrieved", "beyond-retrieved"])
    #expect(objects.count >= 2 && objects.dropLast().allSatisfy { $0.text("type") == "excerpt" })
  }

  @Test func `a file that changes while the model answers is noticed`() throws {
    let file = cairn.tree.root.appending("src/dates.py").description
    let server = try TestServer { exchange in
      try? "def other():\n    return 1\n".write(toFile: file, atomically: true, encoding: .utf8)
      Self.say("It is so [src/dates.py:1-2].", exchange)
    }
    let result = try ask(server)
    #expect(result.code == 3 && result.outputText.contains("src/dates.py:1-2  (these lines have changed since)"))
  }

  @Test func `without an endpoint the prompt is printed, ready to paste, and nothing is sent`() throws {
    let server = try TestServer { $0.reply(500) }
    let bare = try cairn.run("ask", Self.question)
    #expect(bare.code == 0 && bare.outputText.contains("1| def parse_email_date(header):"))
    #expect(bare.outputText.hasSuffix("Question: \(Self.question)\n"))
    #expect(bare.errorText.contains("--llm-endpoint") && bare.errorText.split(separator: "\n").count == 1)
    let only = try ask(server, "--context-only")
    #expect(only.code == 0 && only.output == bare.output && only.errors.isEmpty)
    #expect(server.requests.isEmpty)
    let small = try ask(server, "--context-only", "--tokens", "500")
    #expect(small.output.count < only.output.count && small.output.count / 3 < 600)
  }

  @Test func `nothing found is exit code 1, and nothing is asked`() throws {
    let server = try TestServer { $0.reply(500) }
    let result = try ask(server, "--lang", "cobol")
    #expect(result.code == 1 && result.output.isEmpty && server.requests.isEmpty)
  }

  @Test func `when the endpoint fails one line says why, and nothing else is printed`() throws {
    let server = try TestServer { $0.reply(404, #"{"error":{"message":"model 'm' not found, try pulling it"}}"#) }
    let result = try ask(server, "--quiet")
    #expect(result.code == 2 && result.output.isEmpty)
    #expect(result.errorText.split(separator: "\n").count == 1 && result.errorText.contains("try pulling it"))
    let objects = try ask(server, "--json").objects()
    #expect(objects.last?.text("type") == "error" && objects.contains { $0.text("type") == "excerpt" })
    var port = 0
    do { port = try TestServer { $0.reply(200) }.port }
    let refused = try cairn.run(
      "ask", "-q", "--llm-endpoint", "http://127.0.0.1:\(port)/v1", "--llm-model", "m", Self.question)
    #expect(refused.code == 2 && refused.errorText.contains("nothing answers at 127.0.0.1:\(port)"))
    #expect(refused.output.isEmpty)
  }

  @Test func `a stream that breaks off keeps what came`() throws {
    let server = try TestServer { exchange in
      exchange.begin(200, headers: [("Content-Type", "text/event-stream")])
      exchange.send(#"data: {"choices":[{"delta":{"content":"Half of [src/dates.py:1] "}}]}"# + "\n\n")
    }
    let result = try ask(server)
    #expect(result.code == 2 && result.outputText.hasPrefix("Half of [src/dates.py:1]"))
    #expect(result.errorText.contains("broke off in the middle of its answer"))
    #expect(!result.outputText.contains("1| def parse_email_date(header):"))
  }

  @Test func `a server that hangs is left after the time limit`() throws {
    let server = try TestServer { $0.hang() }
    var slow = cairn
    slow.environment["CAIRN_LLM_ENDPOINT"] = server.url("/v1")
    slow.environment["CAIRN_GENERAL_LLM_MODEL"] = "m"
    let result = try slow.run("ask", "--request-timeout", "1", Self.question)
    #expect(result.code == 2 && result.errorText.contains("was silent for 1.0 s"))
  }

  @Test func `the key comes from the variable that is named, and a wrong one is shown nowhere`() throws {
    let server = try TestServer { exchange in
      exchange.reply(401, #"{"error":{"message":"wrong key \#(exchange.request.headers["authorization"] ?? "none")"}}"#)
    }
    var keyed = cairn
    keyed.environment["MY_KEY"] = "sk-very-secret"
    keyed.environment["CAIRN_LLM_KEY_VARIABLE"] = "MY_KEY"
    let result = try keyed.run("ask", "--llm-endpoint", server.url("/v1"), "--llm-model", "m", Self.question)
    #expect(result.code == 2 && server.requests.first?.headers["authorization"] == "Bearer sk-very-secret")
    #expect(result.errorText.contains("MY_KEY") && !(result.errorText + result.outputText).contains("sk-very-secret"))
    keyed.environment["MY_KEY"] = nil
    let missing = try keyed.run("ask", "--llm-endpoint", server.url("/v1"), "--llm-model", "m", Self.question)
    #expect(missing.code == 2 && missing.errorText.contains("MY_KEY") && server.requests.count == 1)
  }

  @Test func `a project cannot send code to an endpoint of its choice`() throws {
    let server = try TestServer { $0.reply(200) }
    try cairn.write("cairn.toml", "llm_endpoint = \"\(server.url("/v1"))\"\n")
    let result = try cairn.run("ask", Self.question)
    #expect(result.code == 2 && result.errorText.contains("llm_endpoint") && server.requests.isEmpty)
  }

  @Test func `a proxy from the environment is used, except for this machine`() throws {
    let proxy = try TestServer { Self.say("Through the proxy.", $0) }
    var behind = cairn
    behind.environment["http_proxy"] = proxy.url()
    let result = try behind.run("ask", "--llm-endpoint", "http://models.invalid/v1", "--llm-model", "m", Self.question)
    #expect(result.code == 0 && proxy.requests.first?.path == "http://models.invalid/v1/chat/completions")
    #expect(result.errorText.contains("NOT ENCRYPTED") && result.errorText.contains("models.invalid"))
    #expect(result.errorText.contains("cites nothing"))
  }
}
