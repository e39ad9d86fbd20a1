import Answering
import HTTP
import JSON
import Primitives
import TestSupport
import Testing

@Suite struct ChatModelTests {
  let prompt = AnswerPrompt(
    question: "why?", passages: [Passage(path: "a.c", language: "c", firstLine: 1, lines: ["int a;"])])

  /// The answer that comes, the failure that ends it, and how it ended.
  func ask(
    key: String? = nil, timeLimit: Duration = .seconds(20), cancellation: Cancellation? = nil,
    _ answer: @escaping @Sendable (TestExchange) -> Void
  ) throws -> (text: String, ending: ChatModel.Ending?, failure: Failure?, requests: [TestRequest]) {
    let server = try TestServer(answer)
    let endpoint = Endpoint(
      try WebAddress(server.url("/v1")),
      key: try EndpointKey(variable: key == nil ? "" : "K", environment: ["K": Array((key ?? "").utf8)]),
      names: .init(address: "llm_endpoint", keyVariable: "llm_key_variable", model: "--llm-model"), clock: TestClock(),
      timeLimit: timeLimit)
    var text = ""
    do throws(Failure) {
      let ending = try ChatModel("m", at: endpoint).answer(prompt, cancellation: cancellation) {
        piece throws(Failure) in
        text += piece
      }
      return (text, ending, nil, server.requests)
    } catch { return (text, nil, error, server.requests) }
  }

  static func event(_ text: String) -> String {
    let data: JSONValue = ["choices": [["index": 0, "delta": ["content": .string(text)]]]]
    return "data: \(data)\n\n"
  }
  static let head = [("Content-Type", "text/event-stream; charset=utf-8")]
  static let end = #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"

  @Test func `an answer comes piece by piece, however the stream is split`() throws {
    let stream =
      ": keep-alive\n\n" + #"data: {"choices":[{"delta":{"role":"assistant","content":null}}]}"# + "\n\n"
      + Self.event("It is ") + ": keep-alive\n\n" + Self.event("é☃ ") + #"data: {"choices":[],"usage":{}}"# + "\n\n"
      + Self.event("[a.c:1]") + Self.end
    for partSize in [1, 3, 10_000] {
      let result = try ask(key: "sk-1") { exchange in
        exchange.begin(200, headers: Self.head)
        let bytes = Array(stream.utf8)
        for start in stride(from: 0, to: bytes.count, by: partSize) {
          exchange.send(Array(bytes[start..<min(start + partSize, bytes.count)]))
        }
      }
      #expect(result.text == "It is é☃ [a.c:1]" && result.ending == .complete && result.failure == nil)
      let request = try #require(result.requests.first)
      #expect(request.path == "/v1/chat/completions" && request.headers["authorization"] == "Bearer sk-1")
      let body = try JSONValue(parsing: request.body)
      #expect(body["model"] == "m" && body["stream"] == true && body["messages"] == prompt.messages)
    }
  }

  @Test func `a server that does not stream is understood too`() throws {
    let result = try ask { exchange in
      exchange.reply(
        200, #"{"choices":[{"message":{"role":"assistant","content":"All at once."},"finish_reason":"length"}]}"#,
        headers: [("Content-Type", "application/json")])
    }
    #expect(result.text == "All at once." && result.ending == .cutShort)
  }

  @Test func `a stream that is cut in the middle keeps what came and says so`() throws {
    let cut = try ask { exchange in
      exchange.begin(200, headers: Self.head)
      exchange.send(Self.event("half of"))
    }
    #expect(cut.text == "half of" && cut.failure?.code == .interrupted && cut.requests.count == 1)
    let broken = try ask { exchange in
      exchange.begin(200, headers: Self.head + [("Content-Length", "9999")])
      exchange.send(Self.event("half of"))
    }
    #expect(broken.text == "half of" && broken.failure?.code == .interrupted && broken.requests.count == 1)
  }

  @Test func `an error in the middle of the stream is told in the server's words`() throws {
    let result = try ask { exchange in
      exchange.begin(200, headers: Self.head)
      exchange.send(Self.event("so far") + #"data: {"error":{"message":"out of memory","code":500}}"# + "\n\n")
    }
    #expect(result.text == "so far" && result.failure?.code == .serverError && result.failure?.cause == "out of memory")
    #expect(result.requests.count == 1)
  }

  @Test func `silence in the middle of the stream is left after the limit`() throws {
    let result = try ask(timeLimit: .milliseconds(50)) { exchange in
      exchange.begin(200, headers: Self.head)
      exchange.send(Self.event("so far"))
      exchange.hang()
    }
    #expect(result.text == "so far" && result.failure?.code == .timedOut && result.requests.count == 1)
  }

  @Test(arguments: [
    ("text/event-stream", "\n"), ("text/event-stream", ": waiting\n\n"), ("text/event-stream", "event: ping\n"),
    ("text/event-stream", "data: {\"choices\":[]}\n\n"),
    ("text/event-stream", "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n"),
    ("application/json", " "), ("text/plain", "\n"), ("text/plain", ": waiting\n\n"),
  ])
  func `a server that sends bytes and no piece of an answer hangs`(type: String, bytes: String) throws {
    let result = try ask(timeLimit: .milliseconds(150)) { exchange in
      exchange.begin(200, headers: [("Content-Type", type)])
      while exchange.send(bytes) {}
    }
    #expect(result.failure?.code == .timedOut && result.text.isEmpty, "\(String(describing: result.failure))")
    #expect(result.failure?.message.contains("no part of an answer for 0.15 s") == true)
    #expect(result.failure?.message.contains("request_timeout_s") == true)
    let after = try ask(timeLimit: .milliseconds(150)) { exchange in
      exchange.begin(200, headers: Self.head)
      exchange.send(Self.event("so far"))
      while exchange.send(": waiting\n\n") {}
    }
    #expect(after.failure?.code == .timedOut && after.text == "so far" && after.requests.count == 1)
  }

  @Test(arguments: ["text/event-stream", "text/plain"])
  func `a server that says a word or a thought now and then may go on`(type: String) throws {
    // Longer as a whole than the limit, which is long enough for a machine that stands still for a second.
    let result = try ask(timeLimit: .seconds(2)) { exchange in
      exchange.begin(200, headers: [("Content-Type", type)])
      let begun = ContinuousClock.now
      var next = 0
      while begun.duration(to: .now) < .milliseconds(2500), exchange.send(": waiting\n\n") {
        guard begun.duration(to: .now) >= .milliseconds(50 * next) else { continue }
        let thought = #"data: {"choices":[{"delta":{"reasoning_content":"hm"}}]}"# + "\n\n"
        exchange.send(next < 25 ? thought : Self.event("w"))
        next += 1
      }
      exchange.send(Self.end)
    }
    #expect(result.failure == nil && result.text.allSatisfy { $0 == "w" } && !result.text.isEmpty)
  }

  @Test func `what is no answer is a bad answer`() throws {
    for (type, body) in [
      ("text/html", "<html>welcome</html>"), ("application/json", "{}"), ("application/json", "{\"choices\":"),
      ("text/event-stream", "data: nonsense\n\n"), ("text/event-stream", "data: [DONE]\n\n"),
      ("text/event-stream", "data: {\"choices\":[{\"delta\":{}}]}\n\ndata: [DONE]\n\n"), ("text/plain", ""),
    ] {
      let result = try ask { $0.reply(200, body, headers: [("Content-Type", type)]) }
      #expect(result.failure?.code == .badAnswer, "\(body) \(String(describing: result.failure))")
      #expect(result.text.isEmpty)
    }
  }

  @Test func `an endpoint that is busy is asked again, and one that refuses is not`() throws {
    let busy = try ask { exchange in
      if exchange.number < 3 { return exchange.reply(429, headers: [("Retry-After", "1")]) }
      exchange.reply(200, Self.event("at last") + Self.end, headers: Self.head)
    }
    #expect(busy.text == "at last" && busy.requests.count == 3)
    let unknown = try ask { $0.reply(404, #"{"error":{"message":"model 'm' not found"}}"#) }
    #expect(
      unknown.failure?.cause == "model 'm' not found" && unknown.failure?.message.contains("llm_endpoint") == true)
    #expect(unknown.requests.count == 1)
    let long = try ask { $0.reply(400, #"{"error":{"message":"the request exceeds the available context size"}}"#) }
    #expect(long.failure?.code == .requestTooLarge)
  }

  @Test func `another thread can stop an answer`() throws {
    let cancellation = Cancellation()
    let result = try ask(cancellation: cancellation) { exchange in
      exchange.begin(200, headers: Self.head)
      exchange.send(Self.event("so far"))
      cancellation.cancel()
      exchange.hang()
    }
    #expect(result.failure?.code == .cancelled)
  }
}
