import Primitives
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

  @Test func `the lines around a chunk are those of the whole text`() {
    var random = SeededRandom(seed: 6)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 1...80, using: &random)).map { _ in
        Int.random(in: 0..<5, using: &random) == 0 ? UInt8(ascii: "\n") : UInt8.random(in: 97...99, using: &random)
      }
      let whole = SourceText(bytes)
      let first = Int.random(in: 1...whole.lineCount, using: &random)
      let last = Int.random(in: first...whole.lineCount, using: &random)
      let context = Int.random(in: 0...4, using: &random)
      let chunk = whole.start(ofLine: first)..<whole.start(ofLine: last + 1)
      guard let part = SourceText(bytes, around: chunk, firstLine: first, context: context) else {
        Issue.record("lines that are there were not found")
        continue
      }
      #expect(part.lineCount >= min(whole.lineCount, last + context))
      for line in max(1, first - context)...min(whole.lineCount, last + context) {
        #expect(part.range(ofLine: line) == whole.range(ofLine: line))
        #expect(part.line(line) == whole.line(line))
      }
      #expect(part.start(ofLine: first) == chunk.lowerBound && part.start(ofLine: last + 1) == chunk.upperBound)
      #expect(SourceText(bytes, around: chunk, firstLine: first + 1, context: context).map { _ in true } == nil)
    }
  }
}
