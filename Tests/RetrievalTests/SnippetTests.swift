import Primitives
import Retrieval
import Segments
import Testing

@Suite struct SnippetTests {
  private struct Chosen: Equatable {
    var firstLine: Int
    var answerLine: Int
  }

  /// The line that answers and the window around it that holds the most, computed with sets of `String`s.
  private func slow(
    _ text: SourceText, _ chunk: ClosedRange<Int>, context: Int, words: [String: Float], _ marks: Snippet.Marks
  ) -> Chosen {
    let lines = Array(chunk)
    let count = min(lines.count, 2 * min(context, text.lineCount) + 1)
    let hits = lines.map { line in Set(Analyzer().words(of: text.line(line)).filter { words[$0] != nil }) }
    func worth(_ hits: Set<String>) -> Float { hits.sorted().reduce(Float(0)) { $0 + (words[$1] ?? 0) } }
    let most = hits.map(worth).max() ?? 0
    let matches = Set(marks.matches + (marks.place.map { [$0] } ?? []))
    func definition(_ line: Int) -> Float {
      matches.contains(line) ? 1 : marks.definitions.contains(line) ? 0.05 : 0
    }
    var answer = 0
    var answerValue: Float = -1
    for (i, line) in lines.enumerated() {
      var value = worth(hits[i]) + 0.1 * definition(line)
      if matches.contains(line) {
        let whole: Float = worth(hits[i]) >= most && !marks.isQuoted ? 2.1 : 0
        let asked: Float = marks.isName ? 1 : marks.isQuoted || marks.isCopied ? 0.5 : 1.05
        value += most * max(whole, asked)
      }
      for written in marks.written where written.line == line { value += 2 * max(most, 0.1) * written.share }
      if line == marks.place { value = 1000 }
      if value > answerValue { (answer, answerValue) = (i, value) }
    }
    var best = 0
    var bestValue: Float = -1
    for start in 0...(lines.count - count) where start <= answer && answer < start + count {
      let window = start..<(start + count)
      var value = worth(window.reduce(into: Set<String>()) { $0.formUnion(hits[$1]) })
      value += 0.1 * worth(hits[start + count / 2])
      for i in window { value += definition(lines[i]) }
      if matches.contains(lines[start + count / 2]) { value += 0.5 }
      if value > bestValue { (best, bestValue) = (start, value) }
    }
    let center = lines[best] + count / 2
    return Chosen(firstLine: max(1, center - min(context, text.lineCount)), answerLine: lines[answer])
  }

  @Test func `the lines that answer best are found over bytes as over strings, and hold the line that answers`() {
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
      var marks = Snippet.Marks()
      marks.matches = round % 2 == 0 ? [Int.random(in: chunk, using: &random)] : []
      marks.definitions = [Int.random(in: chunk, using: &random)] + marks.matches
      marks.isName = round % 4 == 0
      marks.isQuoted = round % 3 == 0
      if round % 5 == 0 { marks.written = [(Int.random(in: chunk, using: &random), 0.75)] }
      if round % 11 == 0 { marks.place = Int.random(in: chunk, using: &random) }
      var answers: Set<Int> = []
      for context in [0, 1, 2, 3, 200] {
        let snippet = Snippet(
          of: chunk, in: text, contextLineCount: context, words: SnippetWords(words), marks: marks)
        #expect(
          Chosen(firstLine: snippet.firstLine, answerLine: snippet.answerLine)
            == slow(text, chunk, context: context, words: words, marks))
        answers.insert(snippet.answerLine)
        #expect((snippet.firstLine..<(snippet.firstLine + snippet.lines.count)).contains(snippet.answerLine))
      }
      let whole = Snippet(of: chunk, in: text, contextLineCount: nil, words: SnippetWords(words), marks: marks)
      #expect(answers == [whole.answerLine])
    }
  }

  private static let source = SourceText(
    Array(
      """
      class ParseError(Exception):
          pass

      def parse_header(text):
          # The header of a message.
          name = split(text)
          if not name:
              raise ParseError("header has no name: %s" % text)
          return name

      """.utf8))

  private func answer(_ words: [String: Float], matches: [Int], isName: Bool = false, isCopied: Bool = false) -> Int {
    var marks = Snippet.Marks()
    marks.definitions = [1, 4]
    marks.matches = matches
    marks.isName = isName
    marks.isCopied = isCopied
    return Snippet(
      of: 1...9, in: Self.source, contextLineCount: 0, words: SnippetWords(words), marks: marks
    ).answerLine
  }

  @Test func `a line with the words of a copied text comes before a definition that holds few of them`() {
    let message: [String: Float] = ["parseerror": 0.2, "header": 0.3, "no": 0.1, "name": 0.4]
    #expect(answer(message, matches: [1], isCopied: true) == 8)
    #expect(answer(message, matches: [4], isCopied: true) == 8)
  }

  @Test func `the definition that a question in words asks for comes before a comment with its words`() {
    #expect(answer(["header": 0.4, "message": 0.6], matches: [4]) == 4)
    #expect(answer(["header": 0.4, "message": 0.6], matches: []) == 5)
  }

  @Test func `a definition comes before a line that holds as much or little more`() {
    #expect(answer(["parseerror": 1], matches: [1]) == 1)
    #expect(answer(["parse": 0.5, "header": 0.5, "message": 0.2], matches: [4]) == 4)
    #expect(answer(["parseerror": 0.5, "header": 0.3], matches: [1], isName: true) == 1)
  }

  @Test func `what stands nowhere is answered by the first definition`() { #expect(answer([:], matches: []) == 1) }
}
