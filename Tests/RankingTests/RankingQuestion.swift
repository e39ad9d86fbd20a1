import Cairn
import Disk
import Measuring
import Primitives

/// A query of our own with the files that are relevant to it.
struct RankingQuestion {
  /// `words`, `identifier`, `mixed`, `path` or `architecture`.
  var kind: String
  var text: String
  /// 2 for a file that a person would open first, 1 for one that helps as well.
  var grades: [String: Int]
  /// Every other query of a file is of the development split, which weights were set by; the rest are held out.
  var isForTuning: Bool
  var places: [JudgedQuery.Place] { grades.map { JudgedQuery.Place(path: Path($0.key), grade: $0.value) } }

  /// Reads `questions/NAME.tsv`: kind, query, main files, further files, separated by tabs; `#` begins a comment.
  static func read(_ path: FilePath) throws(Failure) -> [RankingQuestion] {
    let text = String(decoding: try readFile(path).bytes, as: UTF8.self)
    var questions: [RankingQuestion] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 4 else {
        throw Failure(.invalidArgument, "a line has \(fields.count) fields and not 4: \(line)", path: path)
      }
      var grades: [String: Int] = [:]
      for file in fields[3].split(separator: " ") { grades[String(file)] = 1 }
      for file in fields[2].split(separator: " ") { grades[String(file)] = 2 }
      questions.append(
        RankingQuestion(
          kind: fields[0], text: fields[1], grades: grades, isForTuning: questions.count.isMultiple(of: 2)))
    }
    return questions
  }
}
