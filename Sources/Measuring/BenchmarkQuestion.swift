package import Cairn
import Disk
import Primitives

/// A question, and where a person would look for its answer.
///
///     let questions = try BenchmarkQuestion.parse(bytes, of: "questions.tsv")
package struct BenchmarkQuestion: Hashable, Sendable {
  /// A place that answers: a file, or a line of it.
  package struct Place: Hashable, Sendable {
    /// Relative to the root.
    package var path: Path
    /// From 1; nothing where any part of the file will do.
    package var line: Int?
    package init(path: Path, line: Int? = nil) {
      self.path = path
      self.line = line
    }
  }

  package var text: String
  /// Empty for a question that is only timed.
  package var expected: [Place]

  package init(_ text: String, expected: [Place] = []) {
    self.text = text
    self.expected = expected
  }

  /// Reads a file of questions, as `parse` takes it.
  package static func read(_ path: Path) throws(CairnError) -> [BenchmarkQuestion] {
    try parse(try asCairnError { () throws(Failure) in try readFile(path.filePath, limit: 1 << 26).bytes }, of: path)
  }

  /// Takes lines of the form `QUESTION<tab>PATH` or `QUESTION<tab>PATH:LINE`. A question that stands on several lines has
  /// several answers, each as good as the others. Empty lines and lines that begin with `#` are passed over.
  ///
  /// Throws `invalidArgument` with the number of the first line that is not so. `path` is for that message alone.
  package static func parse(_ bytes: [UInt8], of path: Path) throws(CairnError) -> [BenchmarkQuestion] {
    var questions: [BenchmarkQuestion] = []
    var numbers: [String: Int] = [:]
    for (index, raw) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let line = raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      guard let tab = line.firstIndex(of: UInt8(ascii: "\t")), tab > line.startIndex, tab + 1 < line.endIndex else {
        throw CairnError(
          .invalidArgument, "line \(index + 1) is not a question, a tab and the path of its answer", path: path)
      }
      let text = String(decoding: line[..<tab], as: UTF8.self)
      let place = place(line[(tab + 1)...])
      if let known = numbers[text] {
        questions[known].expected.append(place)
      } else {
        numbers[text] = questions.count
        questions.append(BenchmarkQuestion(text, expected: [place]))
      }
    }
    guard !questions.isEmpty else {
      throw CairnError(.invalidArgument, "there is no question in it; write lines of QUESTION, a tab, PATH", path: path)
    }
    return questions
  }

  /// `path` or `path:line`; what follows a colon and is no number belongs to the path.
  private static func place(_ text: ArraySlice<UInt8>) -> Place {
    if let colon = text.lastIndex(of: UInt8(ascii: ":")),
      let line = Int(String(decoding: text[(colon + 1)...], as: UTF8.self)), line > 0
    {
      return Place(path: Path(bytes: Array(text[..<colon])), line: line)
    }
    return Place(path: Path(bytes: Array(text)))
  }
}
