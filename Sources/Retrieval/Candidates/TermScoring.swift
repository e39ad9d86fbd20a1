import Segments

/// A plan's clauses over one snapshot: looked up once in every segment, and scored with the statistics of all together, so
/// that a chunk scores the same wherever it lies.
struct TermScoring {
  /// For each segment.
  let prepared: [PreparedQuery]
  let statistics: CollectionStatistics
  let bm25: BM25
  /// For each clause the number of its group, where it has one below 64.
  let groups: [UInt8?]

  init(_ plan: LexicalPlan, in snapshot: IndexSnapshot) {
    prepared = snapshot.segments.map { $0.prepare(plan.query) }
    var sum = CollectionStatistics(
      chunkCount: 0, totalLength: 0, documentFrequencies: Array(repeating: 0, count: plan.query.clauses.count))
    for (live, query) in zip(snapshot.segments, prepared) {
      sum.chunkCount += live.liveChunkCount
      sum.totalLength += live.liveTotalLength
      for (i, frequency) in query.documentFrequencies.enumerated() { sum.documentFrequencies[i] += frequency }
    }
    statistics = plan.levelled(sum)
    bm25 = BM25(plan.query, statistics: statistics)
    var groups = [UInt8?](repeating: nil, count: plan.query.clauses.count)
    for (number, group) in plan.groups.prefix(64).enumerated() {
      for clause in group.clauses { groups[clause] = UInt8(number) }
    }
    self.groups = groups
  }
}
