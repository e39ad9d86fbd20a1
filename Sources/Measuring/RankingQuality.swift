package import Cairn
import Glibc

/// How well answers were ranked, as means over questions, each from 0 to 1.
///
/// A place is answered by the first result that is of its file and, where it has a line, holds that line; a result answers
/// at most one place.
package struct RankingQuality: Hashable, Sendable {
  package let questionCount: Int
  /// Normalised discounted cumulative gain of the first ten results; every expected place is worth the same
  /// (Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002).
  package let ndcgAt10: Double
  /// One over the rank of the first result that answers, 0 where none of the results does.
  package let meanReciprocalRank: Double
  /// The share of the expected places among the first results.
  package let recallAt1: Double
  package let recallAt5: Double
  package let recallAt10: Double

  /// - Parameter answers: for each question, the ranks (from 1) at which its expected places were answered, and how many
  ///   places were expected.
  package init(_ answers: [(ranks: [Int], expected: Int)]) {
    questionCount = answers.count
    func mean(_ value: ((ranks: [Int], expected: Int)) -> Double) -> Double {
      answers.isEmpty ? 0 : answers.reduce(0) { $0 + value($1) } / Double(answers.count)
    }
    func recall(_ limit: Int) -> Double {
      mean { Double($0.ranks.count { $0 <= limit }) / Double(max(1, $0.expected)) }
    }
    func gain(_ rank: Int) -> Double { 1 / log2(Double(rank) + 1) }
    ndcgAt10 = mean { answer in
      let ideal = (1...max(1, min(10, answer.expected))).reduce(0) { $0 + gain($1) }
      return answer.ranks.reduce(0) { $0 + ($1 <= 10 ? gain($1) : 0) } / ideal
    }
    meanReciprocalRank = mean { $0.ranks.min().map { 1 / Double($0) } ?? 0 }
    recallAt1 = recall(1)
    recallAt5 = recall(5)
    recallAt10 = recall(10)
  }

  /// The ranks at which `expected` places are answered by results, best first.
  package static func ranks(
    of expected: [BenchmarkQuestion.Place], in results: [(path: Path, lines: ClosedRange<Int>)]
  ) -> [Int] {
    var open = expected
    var ranks: [Int] = []
    for (index, result) in results.enumerated() {
      let answered = open.firstIndex { $0.path == result.path && ($0.line.map(result.lines.contains) ?? true) }
      guard let answered else { continue }
      open.remove(at: answered)
      ranks.append(index + 1)
    }
    return ranks
  }
}
