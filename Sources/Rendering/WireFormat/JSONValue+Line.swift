package import JSON

// What the doors print for programs: one document on a line, by one function for each kind.

extension JSONValue {
  /// One line of JSON, without the newline.
  package var line: String { description }

  package static func number(_ value: Double) -> JSONValue { .real(value) }

  package static func object(_ members: [(name: String, value: JSONValue)]) -> JSONValue {
    .object(members.map { Member($0.name, $0.value) })
  }
}

/// Base64 with padding, for paths that are not UTF-8.
package func base64(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    var bits: UInt32 = 0
    for i in 0..<3 { bits = bits << 8 | (i < group.count ? UInt32(group[start + i]) : 0) }
    for i in 0..<4 {
      text.append(i <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * i) & 63)] : UInt8(ascii: "="))
    }
  }
  return String(decoding: text, as: UTF8.self)
}
