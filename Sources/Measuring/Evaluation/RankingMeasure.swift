package import Cairn
import Glibc

/// How well the results of one query are ranked, by its judged places. Each figure is from 0 to 1.
package struct RankingMeasure: Hashable, Sendable {
  /// What is judged.
  package enum Unit: String, Hashable, Sendable, CaseIterable {
    /// Files: the first result of a file counts, later ones are skipped. A file is worth the best of its places.
    case file
    /// Places: a result is relevant where it holds a line of a place that no result before it held, and answers one
    /// place at most.
    case lines
  }
  /// One result: its file, relative to the root, and its lines from 1.
  package typealias Result = (path: Path, lines: ClosedRange<Int>)

  /// Normalised discounted cumulative gain of the first ten, with gains of 2^grade - 1 over log2(rank + 1)
  /// (Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002; the gain of Burges et al.,
  /// 2005).
  package let ndcgAt10: Double
  /// The rank, from 1, of the first place or file of the best grade that the query has; nil if none was found.
  package let rank: Int?
  /// Shares of the places or files of the best grade among the first results.
  package let recallAt1: Double
  package let recallAt5: Double
  package let recallAt10: Double

  /// 1 over `rank`, 0 without one.
  package var reciprocalRank: Double { rank.map { 1 / Double($0) } ?? 0 }

  /// - Parameters:
  ///   - results: best first.
  ///   - places: at least one; without any, everything is 0.
  package init(of results: [Result], places: [JudgedQuery.Place], by unit: Unit) {
    let (found, wanted) =
      switch unit {
      case .file: Self.gradesOfFiles(results, places)
      case .lines: Self.gradesOfPlaces(results, places)
      }
    func gain(_ grade: Int, at index: Int) -> Double { (exp2(Double(grade)) - 1) / log2(Double(index) + 2) }
    func sum(_ grades: ArraySlice<Int>) -> Double {
      grades.enumerated().reduce(0) { $0 + gain($1.element, at: $1.offset) }
    }
    let ideal = sum(wanted.sorted(by: >).prefix(10))
    ndcgAt10 = ideal > 0 ? sum(found.prefix(10)) / ideal : 0
    let best = wanted.max() ?? 1
    rank = found.firstIndex(of: best).map { $0 + 1 }
    let bestCount = Double(max(1, wanted.count { $0 == best }))
    func recall(_ limit: Int) -> Double { Double(found.prefix(limit).count { $0 == best }) / bestCount }
    recallAt1 = recall(1)
    recallAt5 = recall(5)
    recallAt10 = recall(10)
  }

  /// The grade of each different file in the order of the results, 0 for one that is not judged; and those of all
  /// judged files.
  private static func gradesOfFiles(
    _ results: [Result], _ places: [JudgedQuery.Place]
  ) -> (found: [Int], wanted: [Int]) {
    let grades = Dictionary(places.map { ($0.path, $0.grade) }, uniquingKeysWith: max)
    var seen: Set<Path> = []
    let files = results.map(\.path).filter { seen.insert($0).inserted }
    return (files.map { grades[$0] ?? 0 }, Array(grades.values))
  }

  /// The grade of the place that each result matches, the best that is left, 0 if it matches none; and those of all
  /// places.
  private static func gradesOfPlaces(
    _ results: [Result], _ places: [JudgedQuery.Place]
  ) -> (found: [Int], wanted: [Int]) {
    // In a stable order, so that of places of one grade the first is taken.
    let sorted = places.enumerated().sorted { ($1.element.grade, $0.offset) < ($0.element.grade, $1.offset) }
    var open = sorted.map(\.element)
    let found = results.map { result in
      let answered = open.firstIndex { $0.path == result.path && ($0.lines?.overlaps(result.lines) ?? true) }
      return answered.map { open.remove(at: $0).grade } ?? 0
    }
    return (found, places.map(\.grade))
  }
}

/// How well results are ranked: means of `RankingMeasure` over queries, each from 0 to 1.
package struct RankingQuality: Hashable, Sendable {
  package private(set) var queryCount = 0
  private var sums = [Double](repeating: 0, count: 5)

  package init() {}
  package init(_ measures: [RankingMeasure]) { for measure in measures { add(measure) } }

  package mutating func add(_ measure: RankingMeasure) {
    queryCount += 1
    let figures = [
      measure.ndcgAt10, measure.reciprocalRank, measure.recallAt1, measure.recallAt5, measure.recallAt10,
    ]
    for (i, figure) in figures.enumerated() { sums[i] += figure }
  }

  package var ndcgAt10: Double { mean(0) }
  /// One over the rank of the first result that is right, 0 for a query without one.
  package var meanReciprocalRank: Double { mean(1) }
  package var recallAt1: Double { mean(2) }
  package var recallAt5: Double { mean(3) }
  package var recallAt10: Double { mean(4) }

  private func mean(_ figure: Int) -> Double { sums[figure] / Double(max(1, queryCount)) }
}
