import Answering
import Primitives
import Testing

@Suite struct ContextPackingTests {
  func passage(_ path: String, _ lines: ClosedRange<Int>, _ text: String = "line") -> Passage {
    Passage(path: path, language: "c", firstLine: lines.lowerBound, lines: lines.map { "\(text) \($0)" })
  }

  @Test func `the limit holds, whatever is packed`() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<200 {
      let passages = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        let first = Int.random(in: 1...80, using: &random)
        return passage(
          "f\(Int.random(in: 0...3, using: &random)).c", first...(first + Int.random(in: 0...40, using: &random)))
      }
      let limit = Int.random(in: 100...3000, using: &random)
      let packed = ContextPacking.pack(passages, tokenLimit: limit)
      #expect(!packed.isEmpty)
      #expect(packed.reduce(0) { $0 + $1.tokenCount } <= limit || packed.count == 1)
      // No line twice, and none that was not retrieved.
      var seen: Set<String> = []
      for part in packed {
        for (offset, line) in part.lines.enumerated() {
          #expect(seen.insert("\(part.path) \(part.firstLine + offset)").inserted)
          #expect(line == "line \(part.firstLine + offset)")
          #expect(passages.contains { $0.path == part.path && $0.lineRange.contains(part.firstLine + offset) })
        }
      }
      if limit > 100_000 { #expect(packed.count == passages.count) }
    }
  }

  @Test func `with room for all, every line that was retrieved is there, the best first`() {
    let packed = ContextPacking.pack(
      [
        passage("a.c", 10...20), passage("b.c", 1...3), passage("a.c", 15...30), passage("a.c", 1...9),
        passage("b.c", 5...6),
      ],
      tokenLimit: 100_000)
    #expect(packed.map(\.place) == ["a.c:1-30", "b.c:1-3", "b.c:5-6"])
    #expect(packed[0].lines == (1...30).map { "line \($0)" })
  }

  @Test func `a passage between two others joins them`() {
    let packed = ContextPacking.pack(
      [passage("a.c", 1...5), passage("b.c", 1...1), passage("a.c", 11...15), passage("a.c", 6...10)],
      tokenLimit: 10_000)
    #expect(packed.map(\.place) == ["a.c:1-15", "b.c:1-1"])
  }

  @Test func `what does not fit whole is cut, and a few lines behind it may still fit`() {
    let small = passage("small.c", 1...6)
    let packed = ContextPacking.pack(
      [passage("a.c", 1...1000), passage("b.c", 1...1000), small], tokenLimit: passage("a.c", 1...1000).tokenCount + 60)
    #expect(packed.map(\.path) == ["a.c", "b.c"] || packed.map(\.path) == ["a.c", "small.c"])
    #expect(packed[1].lines.count >= 6)
    let tiny = ContextPacking.pack([passage("a.c", 1...1000)], tokenLimit: 1)
    #expect(tiny.map(\.place) == ["a.c:1-1"])
  }

  @Test func `a line without an end is shortened`() {
    let packed = ContextPacking.pack(
      [
        Passage(
          path: "a.js", language: "javascript", firstLine: 1, lines: [String(repeating: "x", count: 1 << 20), "y"])
      ],
      tokenLimit: 2000)
    #expect(packed.first?.lines.map(\.count) == [252, 1])
  }
}
