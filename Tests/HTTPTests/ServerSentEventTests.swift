import HTTP
import Primitives
import Testing

@Suite struct ServerSentEventTests {
  static let text = """
    : keep-alive

    data: {"a": 1}

    event: ping
    data

    id: 7
    data:first
    data:  second
    unknown: x

    data: é ☃
    \r
    : the end without an empty line
    data: lost
    """

  func events(_ text: String, partSize: Int) throws(Failure) -> [ServerSentEvent] {
    var parser = ServerSentEventParser()
    var events: [ServerSentEvent] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: partSize) {
      events += try parser.parse(Array(bytes[start..<min(start + partSize, bytes.count)]).span)
    }
    return events
  }

  @Test func `events are the same however the bytes are split and the lines end`() throws {
    let wanted = [
      ServerSentEvent(name: "", data: "{\"a\": 1}"), ServerSentEvent(name: "ping", data: ""),
      ServerSentEvent(name: "", data: "first\n second"), ServerSentEvent(name: "", data: "é ☃"),
    ]
    for partSize in [1, 2, 3, 7, 1000] {
      #expect(try events(Self.text, partSize: partSize) == wanted)
      let unix = Self.text.replacing("\r", with: "")
      for end in ["\r\n", "\r"] {
        #expect(try events("\u{FEFF}" + unix.replacing("\n", with: end), partSize: partSize) == wanted)
      }
    }
  }

  @Test func `an event without an end is refused`() throws {
    var parser = ServerSentEventParser()
    let part = [UInt8](repeating: 65, count: 1 << 20)
    var failure: Failure?
    for _ in 0..<20 where failure == nil {
      do throws(Failure) { _ = try parser.parse(part.span) } catch { failure = error }
    }
    #expect(failure?.code == .badAnswer)
  }
}
