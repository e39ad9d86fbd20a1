package import Segments

/// The lines that are shown of a result.
package struct Snippet: Hashable, Sendable {
  package var firstLine: Int
  package var lines: [String]

  /// The lines of a chunk that stands on `chunk` in `text`.
  /// - Parameters:
  ///   - contextLineCount: nil for the whole chunk; else the lines shown above and below the line that answers best.
  ///   - definitionLines: lines on which symbols are defined; `matched` are those that answer the question.
  ///   - words: the question's words in all their forms, with what each is worth.
  package init(
    of chunk: ClosedRange<Int>, in text: SourceText, contextLineCount: Int?, words: [String: Float],
    matchedLines: Set<Int>, definitionLines: Set<Int>, analyzer: Analyzer
  ) {
    var range = chunk.clamped(to: 1...max(1, text.lineCount))
    if let contextLineCount {
      // More context than a file can have lines is all of it.
      let context = min(max(0, contextLineCount), text.lineCount)
      let best = Self.bestWindow(
        of: range, count: min(range.count, 2 * context + 1), in: text, words: words, matchedLines: matchedLines,
        definitionLines: definitionLines, analyzer: analyzer)
      let center = best.lowerBound + best.count / 2
      range = max(1, center - context)...min(max(1, text.lineCount), center + context)
    }
    firstLine = range.lowerBound
    lines = range.map { text.line($0) }
  }

  /// The run of `count` lines that holds the most of the question; the first of equals. Each word counts once in a run,
  /// so that a run with two words is better than one that says the same word twice.
  private static func bestWindow(
    of chunk: ClosedRange<Int>, count: Int, in text: SourceText, words: [String: Float], matchedLines: Set<Int>,
    definitionLines: Set<Int>, analyzer: Analyzer
  ) -> ClosedRange<Int> {
    let lines = Array(chunk)
    let hits = lines.map { line in Set(analyzer.words(of: text.line(line)).filter { words[$0] != nil }) }
    var best = chunk.lowerBound...(chunk.lowerBound + count - 1)
    var bestValue: Float = -1
    for start in 0...(lines.count - count) {
      let window = start..<(start + count)
      // Sorted, so that the sum is the same on every run.
      var value = window.reduce(into: Set<String>()) { $0.formUnion(hits[$1]) }.sorted().reduce(Float(0)) {
        $0 + (words[$1] ?? 0)
      }
      let center = lines[start + count / 2]
      value += 0.1 * (words.isEmpty ? 0 : hits[start + count / 2].sorted().reduce(0) { $0 + (words[$1] ?? 0) })
      for i in window {
        if matchedLines.contains(lines[i]) { value += 1 } else if definitionLines.contains(lines[i]) { value += 0.05 }
      }
      if matchedLines.contains(center) { value += 0.5 }
      if value > bestValue {
        bestValue = value
        best = lines[start]...lines[start + count - 1]
      }
    }
    return best
  }
}
