import QueryLanguage
import Segments

/// The lines that are shown of a result.
package struct Snippet: Hashable, Sendable {
  /// What is known of a chunk's lines beside the words that stand on them.
  package struct Marks: Sendable {
    /// Lines on which symbols are defined.
    package var definitions: [Int] = []
    /// Those of them that define the symbol that matches the query.
    package var matches: [Int] = []
    /// Whether the query is the name of that symbol and nothing else.
    package var isName = false
    /// Whether the query quotes, and so asks for what is written.
    package var isQuoted = false
    /// Whether the query is a copied text, and so asks for what is written too.
    package var isCopied = false
    /// Whether all of the query stands as written in one run.
    var isWhole = false
    /// How much of the query stands as written on a line, where some does: 0...1.
    package var written: [(line: Int, share: Float)] = []
    /// The line that the query names with its file.
    package var place: Int?
    /// The query as a whole, as it was written.
    package var text = ""
    /// What is quoted, and the query as a whole, folded (`FoldedText`).
    package var phrases: [String] = []
    var wholeQuery = ""
    var patterns: [TextPattern] = []

    package init() {}
  }

  package var firstLine: Int
  package var lines: [String]
  /// The number of the line of the chunk that matches best: the one that the query names, else the one on which most of
  /// it stands, for which it counts to define what was asked for. The same however many lines are shown.
  package var answerLine: Int
  /// Where on that line what was asked for begins, in bytes from 0.
  package var answerOffset: Int
  /// As `SearchResult.matches`.
  package var matches: [Match] = []

  /// The lines of a chunk that stands on `chunk` in `text`.
  /// - Parameters:
  ///   - contextLineCount: nil for the whole chunk; else the lines shown above and below the middle of what is shown,
  ///     which holds the line that matches best.
  ///   - words: the query's words in all their forms, with what each is worth.
  ///   - findsMatches: whether matches on the lines are searched for.
  package init(
    of chunk: ClosedRange<Int>, in text: SourceText, contextLineCount: Int?, words: SnippetWords, marks: Marks,
    findsMatches: Bool = false
  ) {
    var range = chunk.clamped(to: 1...max(1, text.lineCount))
    let sight = Sight(of: range, in: text, words: words, marks: marks)
    answerLine = sight.answerLine
    if let contextLineCount {
      // More context than a file can have lines is all of it.
      let context = min(max(0, contextLineCount), text.lineCount)
      let cell = text.cell(around: answerLine)
      let near = range.clamped(to: cell)
      let seen = near == range ? sight : Sight(of: near, in: text, words: words, marks: marks)
      let best = seen.bestWindow(count: min(near.count, 2 * context + 1), words)
      let center = best.lowerBound + best.count / 2
      range = (max(1, center - context)...min(max(1, text.lineCount), center + context)).clamped(to: cell)
    }
    firstLine = range.lowerBound
    let finder = LineFinder(
      words: words, phrases: marks.phrases, written: marks.text, wholeQuery: marks.wholeQuery, patterns: marks.patterns)
    answerOffset = finder.offset(in: text.bytes.span.extracting(text.range(ofLine: answerLine))) ?? 0
    var lines: [String] = []
    lines.reserveCapacity(range.count)
    for number in range {
      let bytes = text.range(ofLine: number)
      let isLong = bytes.count > SourceText.shownCount
      let offset =
        number == answerLine
        ? answerOffset : isLong ? finder.offset(in: text.bytes.span.extracting(bytes)) ?? 0 : 0
      lines.append(text.line(number, around: offset))
      if findsMatches, !isLong {
        for columns in finder.matches(in: text.bytes.span.extracting(bytes)) {
          matches.append(Match(line: number, columns: columns))
        }
      }
    }
    self.lines = lines
  }

  /// A chunk's lines as the query sees them.
  private struct Sight {
    /// What is known of a line of the chunk.
    struct Line {
      /// Its forms among all that were found.
      var hits = 0..<0
      /// What they are worth by themselves.
      var worth: Float = 0
      /// What it adds to a window by the symbols that are defined on it.
      var definition: Float = 0
      /// Whether it defines the symbol that matches the query.
      var isMatched = false
    }

    let chunk: ClosedRange<Int>
    let hits: [SnippetWords.Hit]
    let lines: [Line]
    let answerLine: Int

    init(of chunk: ClosedRange<Int>, in text: SourceText, words: SnippetWords, marks: Marks) {
      let first = chunk.lowerBound
      var lines = [Line](repeating: Line(), count: chunk.count)
      for line in marks.definitions where chunk.contains(line) { lines[line - first].definition = 0.05 }
      for line in marks.matches + (marks.place.map { [$0] } ?? []) where chunk.contains(line) {
        lines[line - first].isMatched = true
        lines[line - first].definition = 1
      }
      let hits = words.found(in: text, lines: chunk)
      for (number, hit) in hits.enumerated() {
        let line = hit.line - first
        if lines[line].hits.isEmpty { lines[line].hits = number..<number }
        lines[line].hits = lines[line].hits.lowerBound..<(number + 1)
        lines[line].worth += words.weights[hit.form]
      }
      self.chunk = chunk
      self.hits = hits
      self.lines = lines
      answerLine = Self.answer(in: lines, of: chunk, marks)
    }

    /// The line that is worth most; the first of equals. What a line defines and what stands on it as written count in
    /// parts of the most that the words of a line are worth: to define what was asked for as a little more than all of
    /// it, so that no comment that holds some of a query's words comes before, but as half of it where the query was
    /// quoted or copied; the query as written as twice that. A definition whose line holds as much of the query as any
    /// comes before a comment that says it in a sentence, unless that was quoted.
    private static func answer(in lines: [Line], of chunk: ClosedRange<Int>, _ marks: Marks) -> Int {
      if let place = marks.place, chunk.contains(place) { return place }
      let most = lines.reduce(0) { max($0, $1.worth) }
      let asked: Float = marks.isName ? 1 : marks.isQuoted || marks.isCopied ? 0.5 : 1.05
      var values = lines.map { line in
        let whole: Float = line.worth >= most && !marks.isQuoted ? 2.1 : 0
        return line.worth + 0.1 * line.definition + (line.isMatched ? most * max(whole, asked) : 0)
      }
      let longest = marks.isWhole ? marks.written.reduce(0) { max($0, $1.share) } : 1
      for (line, share) in marks.written where chunk.contains(line) && longest > 0 {
        values[line - chunk.lowerBound] += 2 * max(most, 0.1) * share / longest
      }
      var answer = 0
      for line in values.indices where values[line] > values[answer] { answer = line }
      return chunk.lowerBound + answer
    }

    /// The run of `count` lines around the matched line that holds the most of the query; the first of equals. Each
    /// word counts once in a run, so that a run with two words is better than one that says the same word twice.
    func bestWindow(count: Int, _ words: SnippetWords) -> ClosedRange<Int> {
      let answer = answerLine - chunk.lowerBound
      let starts = max(0, answer - count + 1)...min(answer, lines.count - count)
      // The forms that are found at all, ascending: what a window is worth is a sum in their order.
      let near = around(starts.lowerBound..<(starts.upperBound + count))
      // On how many lines of the window each form of the query stands.
      var counts = [Int](repeating: 0, count: near.isEmpty ? 0 : words.weights.count)
      for number in near { counts[hits[number].form] = 1 }
      let forms = counts.indices.filter { counts[$0] > 0 }
      for form in forms { counts[form] = 0 }
      for line in starts.lowerBound..<(starts.lowerBound + count - 1) {
        for hit in hits[lines[line].hits] { counts[hit.form] += 1 }
      }
      var best = starts.lowerBound
      var bestValue: Float = -1
      var worth: Float = 0
      for start in starts {
        let last = start + count - 1
        for hit in hits[lines[last].hits] { counts[hit.form] += 1 }
        if start == starts.lowerBound || !lines[start - 1].hits.isEmpty || !lines[last].hits.isEmpty {
          worth = 0
          for form in forms where counts[form] > 0 { worth += words.weights[form] }
        }
        let center = start + count / 2
        var value = worth + 0.1 * lines[center].worth
        for line in start...last { value += lines[line].definition }
        if lines[center].isMatched { value += 0.5 }
        if value > bestValue {
          bestValue = value
          best = start
        }
        for hit in hits[lines[start].hits] { counts[hit.form] -= 1 }
      }
      return (chunk.lowerBound + best)...(chunk.lowerBound + best + count - 1)
    }

    /// The hits on a range of the chunk's lines, counted from 0.
    private func around(_ range: Range<Int>) -> Range<Int> {
      guard let first = range.first(where: { !lines[$0].hits.isEmpty }),
        let last = range.last(where: { !lines[$0].hits.isEmpty })
      else { return 0..<0 }
      return lines[first].hits.lowerBound..<lines[last].hits.upperBound
    }
  }
}
