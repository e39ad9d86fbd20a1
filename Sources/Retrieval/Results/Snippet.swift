import Segments

/// The lines that are shown of a result.
package struct Snippet: Hashable, Sendable {
  package var firstLine: Int
  package var lines: [String]
  /// The number of the line of the chunk that answers best: where its symbol is defined, else where most of the question stands.
  package var answerLine: Int

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
    // More context than a file can have lines is all of it.
    let context = contextLineCount.map { min(max(0, $0), text.lineCount) }
    let best: ClosedRange<Int>
    (best, answerLine) = Self.bestWindow(
      of: range, count: context.map { min(range.count, 2 * $0 + 1) } ?? range.count, in: text, words: words,
      matchedLines: matchedLines, definitionLines: definitionLines)
    if let context {
      let center = best.lowerBound + best.count / 2
      range = max(1, center - context)...min(max(1, text.lineCount), center + context)
    }
    firstLine = range.lowerBound
    lines = range.map { text.line($0) }
  }

  /// The run of `count` lines that holds the most of the question; the first of equals. Each word counts once in a run,
  /// so that a run with two words is better than one that says the same word twice. And the line of it that answers best.
  private static func bestWindow(
    of chunk: ClosedRange<Int>, count: Int, in text: SourceText, words: SnippetWords, matchedLines: [Int],
    definitionLines: [Int]
  ) -> (window: ClosedRange<Int>, answer: Int) {
    let first = chunk.lowerBound
    var lines = [Line](repeating: Line(), count: chunk.count)
    for line in definitionLines where chunk.contains(line) { lines[line - first].definition = 0.05 }
    for line in matchedLines where chunk.contains(line) {
      lines[line - first].isMatched = true
      lines[line - first].definition = 1
    }
    let hits = words.found(in: text, lines: chunk)
    // The forms that are found at all, ascending: what a window is worth is a sum in their order.
    var forms: [Int] = []
    for (number, hit) in hits.enumerated() {
      let line = hit.line - first
      if lines[line].hits.isEmpty { lines[line].hits = number..<number }
      lines[line].hits = lines[line].hits.lowerBound..<(number + 1)
      lines[line].worth += words.weights[hit.form]
      if let place = forms.firstIndex(where: { $0 >= hit.form }) {
        if forms[place] != hit.form { forms.insert(hit.form, at: place) }
      } else {
        forms.append(hit.form)
      }
    }
    // On how many lines of the window each form of the question stands.
    var counts = [Int](repeating: 0, count: hits.isEmpty ? 0 : words.weights.count)
    for line in 0..<(count - 1) { for hit in hits[lines[line].hits] { counts[hit.form] += 1 } }
    var best = first...(first + count - 1)
    var bestValue: Float = -1
    var worth: Float = 0
    for start in 0...(chunk.count - count) {
      let last = start + count - 1
      for hit in hits[lines[last].hits] { counts[hit.form] += 1 }
      if start == 0 || !lines[start - 1].hits.isEmpty || !lines[last].hits.isEmpty {
        worth = 0
        for form in forms where counts[form] > 0 { worth += words.weights[form] }
      }
      let center = start + count / 2
      var value = worth + 0.1 * lines[center].worth
      for line in start...last { value += lines[line].definition }
      if lines[center].isMatched { value += 0.5 }
      if value > bestValue {
        bestValue = value
        best = (first + start)...(first + last)
      }
      for hit in hits[lines[start].hits] { counts[hit.form] -= 1 }
    }
    var answer = best.lowerBound
    for line in best where lines[line - first].value > lines[answer - first].value { answer = line }
    return (best, answer)
  }

  /// What is known of a line of the chunk.
  private struct Line {
    /// Its forms among all that were found.
    var hits = 0..<0
    /// What they are worth by themselves.
    var worth: Float = 0
    /// What it adds by the symbols that are defined on it.
    var definition: Float = 0
    /// Whether it defines the symbol that answers the question.
    var isMatched = false
    /// What it is worth by itself: the definition that was asked for above all words.
    var value: Float { (isMatched ? 1000 : 0) + worth + definition }
  }
}
