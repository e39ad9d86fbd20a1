import JSON
import JSONRPC
import Primitives
import Testing

@Suite struct MessageTests {
  private func parse(_ text: String) throws(MessageError) -> Message { try Message(parsing: Array(text.utf8)) }

  private func error(_ text: String) -> MessageError? {
    do throws(MessageError) {
      _ = try parse(text)
      return nil
    } catch { return error }
  }

  @Test func `a request has an identifier, which is a number or a text`() throws {
    #expect(
      try parse(#"{"jsonrpc":"2.0","id":1,"method":"a","params":{"b":2}}"#)
        == .request(Request(id: .number(1), method: "a", params: ["b": 2])))
    #expect(
      try parse(#"{"method":"a","id":"x","jsonrpc":"2.0","params":null}"#)
        == .request(Request(id: .text("x"), method: "a")))
  }

  @Test func `what has no identifier is a notification, and what has a result is an answer`() throws {
    #expect(
      try parse(#"{"jsonrpc":"2.0","method":"n/c","params":{"requestId":4}}"#)
        == .notification(method: "n/c", params: ["requestId": 4]))
    #expect(try parse(#"{"jsonrpc":"2.0","id":9,"result":{}}"#) == .response)
    #expect(try parse(#"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":""}}"#) == .response)
  }

  @Test(arguments: [
    ("", -32700), ("{", -32700), ("nonsense", -32700), ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\u{0}", -32700),
    ("[]", -32600), (#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, -32600), ("1", -32600), ("null", -32600),
    (#""text""#, -32600), ("{}", -32600), (#"{"jsonrpc":"1.0","id":1,"method":"a"}"#, -32600),
    (#"{"jsonrpc":2.0,"id":1,"method":"a"}"#, -32600), (#"{"jsonrpc":"2.0","id":1}"#, -32600),
    (#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600), (#"{"jsonrpc":"2.0","id":null,"method":"a"}"#, -32600),
    (#"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#, -32600), (#"{"jsonrpc":"2.0","id":{},"method":"a"}"#, -32600),
    (#"{"jsonrpc":"2.0","id":1,"method":"a","params":[1]}"#, -32602),
    (#"{"jsonrpc":"2.0","id":1,"method":"a","params":"x"}"#, -32602),
  ])
  func `what is no message is told by its code`(text: String, code: Int) {
    #expect(error(text)?.code == code, "\(text): \(String(describing: error(text)))")
  }

  @Test func `an error names the request that it answers, where that is known`() {
    #expect(error(#"{"jsonrpc":"2.0","id":7,"method":1}"#)?.id == .number(7))
    #expect(error(#"{"jsonrpc":"2.0","id":"q","method":"a","params":3}"#)?.id == .text("q"))
    #expect(error("[]")?.id == nil)
    #expect(
      JSONValue.response(MessageError(-32600, "no")).description
        == #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no"}}"#)
  }

  @Test func `half a character in a text is a character that says so, and in an identifier a mistake`() throws {
    let whole =
      #"{"jsonrpc":"2.0","id":"a\ud83d\ude00","method":"m","params":{"q":"\ud83d x \\ud83d \udc00\ud83d\ude00"}}"#
    guard case .request(let request) = try Message(parsing: Array(whole.utf8)) else {
      Issue.record("no request")
      return
    }
    #expect(request.id == .text("a\u{1F600}"))
    #expect(request.params?["q"]?.string == "\u{FFFD} x \\ud83d \u{FFFD}\u{1F600}")
    let half = error(#"{"jsonrpc":"2.0","id":"\ud800","method":"m"}"#)
    #expect(half?.code == -32600 && half?.id == nil && half?.message.contains("surrogate") == true)
    #expect(error(#"{"jsonrpc":"2.0","id":1,"method":"\ud80"}"#)?.code == -32700)
  }

  @Test func `bytes that are not UTF-8, and nesting without an end, are errors`() throws {
    #expect(throws: MessageError.self) { try Message(parsing: [0x7B, 0xFF, 0xFE, 0x7D]) }
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(error(deep)?.code == -32700)
    let objects = #"{"jsonrpc":"2.0","id":1,"method":"a","params":"# + String(repeating: #"{"a":"#, count: 100_000)
    #expect(error(objects)?.code == -32700)
  }

  @Test func `an answer is one line, whatever its texts hold`() {
    let text = JSONValue.response(to: .text("a\nb"), ["text": "x\ny\u{2028}\u{7}"]).description
    #expect(!text.contains("\n") && !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x2028 })
  }
}
