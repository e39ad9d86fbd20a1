/// Lines of a file that were retrieved for a question.
package struct Passage: Hashable, Sendable {
  /// Inside the root, as text.
  package var path: String
  /// The lower-case name of its language.
  package var language: String
  /// Whether people wrote it for people: a document, not code.
  package var isProse: Bool
  /// From 1.
  package var firstLine: Int
  /// Without their newlines; at least one.
  package var lines: [String]

  package init(path: String, language: String, isProse: Bool = false, firstLine: Int, lines: [String]) {
    self.path = path
    self.language = language
    self.isProse = isProse
    self.firstLine = firstLine
    self.lines = lines
  }

  package var lineRange: ClosedRange<Int> { firstLine...max(firstLine, firstLine + lines.count - 1) }
  /// `src/dates.py:3-9`: what an answer cites, and what a person can open.
  package var place: String { "\(path):\(lineRange.lowerBound)-\(lineRange.upperBound)" }

  /// The lines with their numbers, so that an answer can cite some of them.
  package var numberedLines: [String] {
    let width = "\(lineRange.upperBound)".count
    return lines.enumerated().map { offset, line in
      let number = "\(firstLine + offset)"
      return String(repeating: " ", count: width - number.count) + number + "| " + line
    }
  }

  /// About how many tokens it takes in a prompt. Source code has three bytes a token or more.
  package var tokenCount: Int {
    let perLine = "\(lineRange.upperBound)".utf8.count + 3
    return (lines.reduce(path.utf8.count + 24) { $0 + $1.utf8.count + perLine }) / 3 + 1
  }
}
