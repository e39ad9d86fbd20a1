import Cairn
import Foundation
import JSON
import Primitives
import Rendering
import Testing

@Suite struct JSONTests {
  @Test func `members keep their order and every kind of value is written`() {
    let value = JSONValue.object([
      ("b", .integer(-3)), ("a", .array([.null, .boolean(true), .number(0.5)])), ("c", .string("x")),
      ("d", .object([JSONValue.Member]())),
    ])
    #expect(value.line == #"{"b":-3,"a":[null,true,0.5],"c":"x","d":{}}"#)
  }

  @Test func `quotes, control characters and line separators are escaped`() {
    #expect(
      JSONValue.string("a\"\\\n\r\t\u{1B}\u{7F}\u{9B}\u{2028}é😀").line
        == #""a\"\\\n\r\t\u001b\u007f\u009b\u2028é😀""#)
  }

  @Test func `what is invisible or reorders what is seen is escaped, and means the same`() throws {
    let hidden: [ClosedRange<UInt32>] = [
      0x7F...0x9F, 0xAD...0xAD, 0x61C...0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF...0xFEFF,
      0xFFF9...0xFFFB, 0xE0000...0xE007F,
    ]
    for scalar in hidden.joined().compactMap(Unicode.Scalar.init) {
      let string = "a\(scalar)b"
      let line = JSONValue.object([(string, .string(string))]).line
      #expect(line.utf8.allSatisfy { $0 < 0x7F }, "U+\(String(scalar.value, radix: 16)) is not escaped")
      let read = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
      #expect(read?[string].map { Array($0.unicodeScalars) } == Array(string.unicodeScalars))
    }
    // What is seen stays as it is.
    #expect(JSONValue.string("é ü 日本 😀 \u{300}").line == "\"é ü 日本 😀 \u{300}\"")
  }

  @Test func `numbers that JSON lacks are null`() {
    #expect(
      JSONValue.array([.number(.nan), .number(.infinity), .number(1e-7), .number(1e300)]).line
        == "[null,null,1e-07,1e+300]")
  }

  @Test func `any string comes back from another reader as it was`() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<500 {
      let scalars = (0..<Int.random(in: 0...20, using: &random)).compactMap { _ in
        Unicode.Scalar(UInt32.random(in: 0...(Bool.random(using: &random) ? 0x100 : 0x1_0FFF), using: &random))
      }
      let string = String(String.UnicodeScalarView(scalars))
      let line = JSONValue.array([.string(string)]).line
      let read = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String]
      #expect(read?.first.map { Array($0.unicodeScalars) } == Array(string.unicodeScalars))
    }
  }

  @Test func `base64 agrees with another writer`() {
    var random = SeededRandom(seed: 12)
    for count in 0..<64 {
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      #expect(base64(bytes) == Data(bytes).base64EncodedString())
    }
  }

  @Test func `a path that is not UTF-8 has its bytes beside it`() {
    let members = JSONValue.members("path", Path(bytes: [0x61, 0xFF]))
    #expect(JSONValue.object(members).line == "{\"path\":\"a\u{FFFD}\",\"path_base64\":\"Yf8=\"}")
    #expect(JSONValue.object(JSONValue.members("path", "a")).line == #"{"path":"a"}"#)
  }
}
