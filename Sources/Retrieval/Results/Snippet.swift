import Segments

/// The lines that are shown of a result.
package struct Snippet: Hashable, Sendable {
  package var firstLine: Int
  package var lines: [String]

  /// The lines of a chunk that stands on `chunk` in `text`.
  /// - Parameters:
  ///   - contextLineCount: nil for the whole chunk; else the lines shown above and below the line that answers best.
  ///   - definitionLines: lines on which symbols are defined; `matchedLines` are those of the symbol that answers the question.
  ///   - words: the question's words in all their forms, with what each is worth.
  package init(
    of chunk: ClosedRange<Int>, in text: SourceText, contextLineCount: Int?, words: SnippetWords,
    matchedLines: [Int], definitionLines: [Int]
  ) {
    var range = chunk.clamped(to: 1...max(1, text.lineCount))
    if let contextLineCount {
      // More context than a file can have lines is all of it.
      let context = min(max(0, contextLineCount), text.lineCount)
      let best = Self.bestWindow(
        of: range, count: min(range.count, 2 * context + 1), in: text, words: words, matchedLines: matchedLines,
        definitionLines: definitionLines)
      let center = best.lowerBound + best.count / 2
      range = max(1, center - context)...min(max(1, text.lineCount), center + context)
    }
    firstLine = range.lowerBound
    lines = range.map { text.line($0) }
  }

  /// The run of `count` lines that holds the most of the question; the first of equals. Each word counts once in a run,
  /// so that a run with two words is better than one that says the same word twice.
  private static func bestWindow(
    of chunk: ClosedRange<Int>, count: Int, in text: SourceText, words: SnippetWords, matchedLines: [Int],
    definitionLines: [Int]
  ) -> ClosedRange<Int> {
    let first = chunk.lowerBound
    if chunk.count == count, !words.isEmpty { return chunk }
    var list = WordList()
    let hits = chunk.map { words.found(in: text, line: $0, &list) }
    // What a line adds by the symbols that are defined on it.
    var definitions = [Float](repeating: 0, count: chunk.count)
    for line in definitionLines where chunk.contains(line) { definitions[line - first] = 0.05 }
    var isMatched = [Bool](repeating: false, count: chunk.count)
    for line in matchedLines where chunk.contains(line) {
      isMatched[line - first] = true
      definitions[line - first] = 1
    }
    var best = first...(first + count - 1)
    var bestValue: Float = -1
    var window: [UInt16] = []
    for start in 0...(chunk.count - count) {
      window.removeAll(keepingCapacity: true)
      for line in start..<(start + count) where !hits[line].isEmpty {
        for form in hits[line] where !window.contains(form) { window.append(form) }
      }
      window.sort()
      var value = window.reduce(Float(0)) { $0 + words.weights[Int($1)] }
      let center = start + count / 2
      value += 0.1 * hits[center].reduce(Float(0)) { $0 + words.weights[Int($1)] }
      for line in start..<(start + count) { value += definitions[line] }
      if isMatched[center] { value += 0.5 }
      if value > bestValue {
        bestValue = value
        best = (first + start)...(first + start + count - 1)
      }
    }
    return best
  }
}

extension SnippetWords {
  /// The forms on line `number`, as much of it as is shown.
  fileprivate func found(in text: SourceText, line number: Int, _ list: inout WordList) -> [UInt16] {
    let range = text.range(ofLine: number)
    if range.count <= 500 { return found(in: text.bytes.span.extracting(range), &list) }
    let shown = Array(text.line(number).utf8)
    return found(in: shown.span, &list)
  }
}
