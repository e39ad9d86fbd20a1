import Foundation
import Measuring

/// How well the first ten results of one query are ranked, by file.
struct RankedQuery {
  var measure: RankingMeasure
  /// How many of the results lie in a main file: the places of it that a page shows.
  var placeCount: Int
  /// The results as paths with lines, best first.
  var places: [String] = []
}

/// Means over queries.
struct RankingSummary {
  private var quality = RankingQuality()
  private var placeSum = 0

  mutating func add(_ query: RankedQuery) {
    quality.add(query.measure)
    placeSum += query.placeCount
  }
  var count: Int { quality.queryCount }
  var ndcg: Double { quality.ndcgAt10 }

  var line: String {
    String(
      format: "%4d questions   NDCG@10 %.3f   MRR %.3f   recall@5 %.3f   places %.2f", count, ndcg,
      quality.meanReciprocalRank, quality.recallAt5, Double(placeSum) / Double(max(1, count)))
  }
}
