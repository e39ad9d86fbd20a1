import JSON
import Primitives
import Testing

@Suite struct JSONValueTests {
  private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

  @Test func `every kind of value is read`() throws {
    let document = try parse(#"{"b":[true,false,null],"i":-42,"r":1.5e3,"s":"a\"\u00e9\n","o":{"z":1,"a":2}}"#)
    #expect(document["b"] == [true, false, .null])
    #expect(document["i"]?.integer == -42)
    #expect(document["r"]?.number == 1500)
    #expect(document["s"]?.string == "a\"é\n")
    #expect(document["o"]?.members?.map(\.name) == ["z", "a"])
    #expect(document["nothing"] == nil)
    #expect(document["b"]?[2]?.isNull == true)
    #expect(document["b"]?[3] == nil)
    #expect(try parse("7") == 7)
  }

  @Test func `what is no JSON is refused with the line`() {
    for text in ["", "{", "{\"a\":1,}", "[1 2]", "\"\u{1}\"", "nul", "1e999", "99999999999999999999", "{}x"] {
      #expect(throws: Failure.self, "\(text)") { try parse(text) }
    }
    let failure = #expect(throws: Failure.self) { try parse("{\n\"a\": oops}") }
    #expect(failure?.message.contains("line 2") == true)
    #expect(throws: Failure.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
  }

  @Test func `depth without end is refused and does not crash`() {
    #expect(throws: Failure.self) { try parse(String(repeating: "[", count: 1_000_000)) }
  }

  @Test func `a value written and read again is the same`() throws {
    var random = SeededRandom(seed: 7)
    for _ in 0..<500 {
      let value = Self.value(&random, depth: 4)
      #expect(try parse(value.description) == value)
    }
  }

  private static func value(_ random: inout SeededRandom, depth: Int) -> JSONValue {
    switch random.next() % (depth > 0 ? 7 : 5) {
    case 0: return .null
    case 1: return .boolean(random.next() % 2 == 0)
    case 2: return .integer(Int(truncatingIfNeeded: random.next()))
    case 3: return .real(Double(random.next() % 1_000_000) / 64 + 0.015625)
    case 4: return .string(string(&random))
    case 5: return .array((0..<random.next() % 4).map { _ in value(&random, depth: depth - 1) })
    default:
      return .object((0..<random.next() % 4).map { .init("\($0)" + string(&random), value(&random, depth: depth - 1)) })
    }
  }

  private static func string(_ random: inout SeededRandom) -> String {
    String(
      (0..<random.next() % 8).map { _ in ["a", "\"", "\\", "\n", "\t", "é", "🎈", "\u{1}", "/"][Int(random.next() % 9)] }
    )
  }
}
