package import Primitives

/// One event of a stream that a server sends (`text/event-stream`).
package struct ServerSentEvent: Hashable, Sendable {
  /// Empty where the server names none.
  package var name: String
  package var data: String

  package init(name: String, data: String) {
    self.name = name
    self.data = data
  }
}

/// Takes a stream of events apart, however it is split: lines that end in LF, CR or CRLF, comments, several `data`
/// lines. Source: the WHATWG HTML standard, "Server-sent events".
package struct ServerSentEventParser: Sendable {
  /// An event with more bytes is refused.
  private static let limit = 16 << 20

  private var line: [UInt8] = []
  private var lastWasCarriageReturn = false
  private var isFirstLine = true
  private var name = ""
  private var data: [UInt8] = []
  private var hasData = false

  package init() {}

  /// Whether `bytes` begin as a stream of events does, and as no JSON document and no page does: with a field's name or
  /// a comment, blank lines before it.
  static func isBeginning(_ bytes: Span<UInt8>) -> Bool {
    var start = 0
    while start < bytes.count, [0x0A, 0x0D].contains(bytes[start]) { start += 1 }
    return [":", "data:", "event:", "id:", "retry:"].contains { (field: String) in
      let name = Array(field.utf8)
      return bytes.count - start >= name.count && name.indices.allSatisfy { bytes[start + $0] == name[$0] }
    }
  }

  /// The events that `bytes` complete.
  package mutating func parse(_ bytes: Span<UInt8>) throws(Failure) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    for index in bytes.indices {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\n") where lastWasCarriageReturn: lastWasCarriageReturn = false
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        lastWasCarriageReturn = byte == UInt8(ascii: "\r")
        if let event = endLine() { events.append(event) }
      default:
        lastWasCarriageReturn = false
        line.append(byte)
        guard line.count + data.count <= Self.limit else {
          throw Failure(.badAnswer, "the server sends an event without an end")
        }
      }
    }
    return events
  }

  private mutating func endLine() -> ServerSentEvent? {
    defer { line.removeAll(keepingCapacity: true) }
    if isFirstLine {
      isFirstLine = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    guard !line.isEmpty else {
      defer {
        name = ""
        data = []
        hasData = false
      }
      return hasData ? ServerSentEvent(name: name, data: String(decoding: data, as: UTF8.self)) : nil
    }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[min(colon + 1, line.endIndex)...]
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "data":
      if hasData { data.append(UInt8(ascii: "\n")) }
      hasData = true
      data += value
    case "event": name = String(decoding: value, as: UTF8.self)
    default: break
    }
    return nil
  }
}
