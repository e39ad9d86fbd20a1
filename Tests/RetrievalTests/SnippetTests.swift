import Primitives
import Retrieval
import Segments
import Testing

@Suite struct SnippetTests {
  /// The window that holds the most, reckoned with sets of `String`s.
  private func slowFirstLine(
    _ text: SourceText, _ chunk: ClosedRange<Int>, context: Int, words: [String: Float], matched: Set<Int>,
    definitions: Set<Int>
  ) -> Int {
    let lines = Array(chunk)
    let count = min(lines.count, 2 * min(context, text.lineCount) + 1)
    let hits = lines.map { line in Set(Analyzer().words(of: text.line(line)).filter { words[$0] != nil }) }
    var best = lines[0]
    var bestValue: Float = -1
    for start in 0...(lines.count - count) {
      let window = start..<(start + count)
      var value = window.reduce(into: Set<String>()) { $0.formUnion(hits[$1]) }.sorted().reduce(Float(0)) {
        $0 + (words[$1] ?? 0)
      }
      value += 0.1 * hits[start + count / 2].sorted().reduce(Float(0)) { $0 + (words[$1] ?? 0) }
      for i in window {
        if matched.contains(lines[i]) { value += 1 } else if definitions.contains(lines[i]) { value += 0.05 }
      }
      if matched.contains(lines[start + count / 2]) { value += 0.5 }
      if value > bestValue {
        bestValue = value
        best = lines[start]
      }
    }
    let center = best + count / 2
    return max(1, center - min(context, text.lineCount))
  }

  @Test func `the lines that answer best are found over bytes as over strings`() {
    var random = SeededRandom(seed: 4)
    let pieces = [
      "parse", "Date", "parse_date", "header", "Größe", "x", "(", ") ", " ", " ", "\n", "\n", "HEADER", "é", "9",
      "read",
    ]
    for round in 0..<600 {
      let text = SourceText(
        Array(
          (0..<Int.random(in: 1...120, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined().utf8
        ))
      guard text.lineCount > 0 else { continue }
      let first = Int.random(in: 1...text.lineCount, using: &random)
      let chunk = first...Int.random(in: first...text.lineCount, using: &random)
      var words: [String: Float] = ["parse": 0.3, "date": 0.7, "parsing": 0.2, "parse_date": 0.4, "header": 0.31]
      if round % 3 == 0 { words[FoldedText.folded("größe")] = 0.9 }
      if round % 7 == 0 { words = [:] }
      let matched = round % 2 == 0 ? [Int.random(in: chunk, using: &random)] : []
      let definitions = [Int.random(in: chunk, using: &random)]
      let context = Int.random(in: 0...3, using: &random)
      let snippet = Snippet(
        of: chunk, in: text, contextLineCount: context, words: SnippetWords(words), matchedLines: matched,
        definitionLines: definitions)
      #expect(
        snippet.firstLine
          == slowFirstLine(
            text, chunk, context: context, words: words, matched: Set(matched), definitions: Set(definitions)))
    }
  }
}
