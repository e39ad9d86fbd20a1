import Cairn
import Commands
import Foundation
import JSONDocuments
import Primitives
import Testing

@Suite struct JSONTests {
  @Test func `members keep their order and every kind of value is written`() {
    let value = JSON.object([
      ("b", .integer(-3)), ("a", .array([.null, .boolean(true), .number(0.5)])), ("c", .string("x")),
      ("d", .object([JSON.Member]())),
    ])
    #expect(value.line == #"{"b":-3,"a":[null,true,0.5],"c":"x","d":{}}"#)
  }

  @Test func `quotes, control characters and line separators are escaped`() {
    #expect(
      JSON.string("a\"\\\n\r\t\u{1B}\u{7F}\u{9B}\u{2028}é😀").line
        == #""a\"\\\n\r\t\u001b\u007f\u009b\u2028é😀""#)
  }

  @Test func `numbers that JSON lacks are null`() {
    #expect(
      JSON.array([.number(.nan), .number(.infinity), .number(1e-7), .number(1e300)]).line == "[null,null,1e-07,1e+300]")
  }

  @Test func `any string comes back from another reader as it was`() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<500 {
      let scalars = (0..<Int.random(in: 0...20, using: &random)).compactMap { _ in
        Unicode.Scalar(UInt32.random(in: 0...(Bool.random(using: &random) ? 0x100 : 0x1_0FFF), using: &random))
      }
      let string = String(String.UnicodeScalarView(scalars))
      let line = JSON.array([.string(string)]).line
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
    let members = JSON.members("path", Path(bytes: [0x61, 0xFF]))
    #expect(JSON.object(members).line == "{\"path\":\"a\u{FFFD}\",\"path_base64\":\"Yf8=\"}")
    #expect(JSON.object(JSON.members("path", "a")).line == #"{"path":"a"}"#)
  }
}
