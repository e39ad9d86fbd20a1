import Primitives
import Segments

/// A plan's clauses over one snapshot: looked up once in every segment, and scored with the statistics of all together,
/// so that a chunk scores the same wherever it lies.
struct CollectionScorer {
  /// For each segment.
  let prepared: [PreparedQuery]
  let statistics: CollectionStatistics
  let bm25: BM25
  /// For each clause in how many live chunks its term stands, before forms of a word are levelled.
  let frequencies: [Int]
  /// For each clause the number of its group, where it has one below `groupLimit`; `groupLimit` more for the word as it
  /// was typed.
  let groups: [UInt8?]

  /// A candidate has a bit for each group and one for the word as it was typed.
  static let groupLimit = 32

  /// - Parameter context: where it is over, the numbers mean nothing.
  init(_ plan: LexicalPlan, in snapshot: IndexSnapshot, context: SearchContext? = nil) {
    prepared = snapshot.segments.map { $0.prepare(plan.query, context: context) }
    var sum = CollectionStatistics(
      chunkCount: 0, totalLength: 0, documentFrequencies: Array(repeating: 0, count: plan.query.clauses.count))
    for (live, query) in zip(snapshot.segments, prepared) {
      sum.chunkCount += live.liveChunkCount
      sum.totalLength += live.liveTotalLength
      for (i, frequency) in query.documentFrequencies.enumerated() { sum.documentFrequencies[i] += frequency }
    }
    frequencies = sum.documentFrequencies
    statistics = plan.levelled(sum)
    bm25 = BM25(plan.query, statistics: statistics)
    var groups = [UInt8?](repeating: nil, count: plan.query.clauses.count)
    for (number, group) in plan.groups.prefix(Self.groupLimit).enumerated() {
      for clause in group.clauses { groups[clause] = UInt8(number) }
      groups[group.clauses.lowerBound] = UInt8(Self.groupLimit + number)
    }
    self.groups = groups
  }

  /// The inverse document frequency of BM25 in steps of a binary logarithm: exact on every machine, and close enough
  /// for a share.
  static func rarity(_ frequency: Int, of count: Int) -> Float {
    let ratio = Float(max(count, frequency) + 1) / Float(frequency)
    return 1 + Float(ratio.exponent) + (ratio.significand - 1)
  }
}
