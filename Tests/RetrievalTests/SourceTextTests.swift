import Retrieval
import Testing

@Suite struct SourceTextTests {
  @Test func `lines are split, trimmed and repaired`() {
    let text = SourceText(Array("one\r\ntwo\n".utf8) + [0xFF, 0x41, 0x1B, 0x0A] + Array("last".utf8))
    #expect(text.lineCount == 4)
    #expect(text.line(1) == "one")
    #expect(text.line(3) == "\u{FFFD}A\u{FFFD}")
    #expect(text.line(4) == "last")
    #expect(text.line(0) == "" && text.line(5) == "")
    #expect(SourceText([]).lineCount == 0)
    #expect(SourceText([0x0A]).lineCount == 1)
  }

  @Test func `a long line is cut`() {
    let text = SourceText(Array(String(repeating: "é", count: 100_000).utf8))
    #expect(text.line(1, limit: 10) == String(repeating: "é", count: 10) + " …")
  }
}
