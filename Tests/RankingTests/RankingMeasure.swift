import Foundation

/// How well a list of files answers a question. All at file level: the first result of a file counts, later ones are skipped.
struct RankingMeasure {
  var ndcg = 0.0
  var reciprocalRank = 0.0
  var recallAt5 = 0.0
  /// How many of the first 10 results lie in a main file: the places of it that a page shows.
  var placeCount = 0
  /// Of the first main file, from 1; nil when none is among the first 10.
  var rank: Int?

  /// - Parameter files: the files of the first 10 results, in their order, repetitions included.
  init(files: [String], grades: [String: Int]) {
    placeCount = files.prefix(10).count { grades[$0] == 2 }
    var seen: Set<String> = []
    let distinct = files.filter { seen.insert($0).inserted }.prefix(10)
    func gain(_ grade: Int, _ position: Int) -> Double { (pow(2, Double(grade)) - 1) / log2(Double(position) + 2) }
    var sum = 0.0
    for (i, file) in distinct.enumerated() { sum += gain(grades[file] ?? 0, i) }
    let ideal = grades.values.sorted(by: >).prefix(10).enumerated().reduce(0) { $0 + gain($1.element, $1.offset) }
    ndcg = ideal > 0 ? sum / ideal : 0
    rank = distinct.firstIndex { grades[$0] == 2 }.map { $0 + 1 }
    reciprocalRank = rank.map { 1 / Double($0) } ?? 0
    let main = grades.filter { $0.value == 2 }.keys
    recallAt5 = Double(distinct.prefix(5).count { main.contains($0) }) / Double(min(5, main.count))
  }
}

/// Means over questions.
struct RankingSummary {
  private(set) var count = 0
  private var ndcgSum = 0.0
  private var reciprocalRankSum = 0.0
  private var recallSum = 0.0
  private var placeSum = 0

  mutating func add(_ measure: RankingMeasure) {
    count += 1
    ndcgSum += measure.ndcg
    reciprocalRankSum += measure.reciprocalRank
    recallSum += measure.recallAt5
    placeSum += measure.placeCount
  }
  var ndcg: Double { ndcgSum / Double(max(1, count)) }
  var reciprocalRank: Double { reciprocalRankSum / Double(max(1, count)) }
  var recallAt5: Double { recallSum / Double(max(1, count)) }

  var places: Double { Double(placeSum) / Double(max(1, count)) }

  var line: String {
    String(
      format: "%4d questions   NDCG@10 %.3f   MRR %.3f   recall@5 %.3f   places %.2f", count, ndcg, reciprocalRank,
      recallAt5, places)
  }
}
