import Primitives

/// The candidates of all pools of a query in the order of results.
struct RankedCandidates: Sendable {
  struct Position: Sendable {
    var pool: Int
    var candidate: Int
  }

  var pools: [CandidatePool]
  /// What the reranker is called that was asked.
  var rerankerName = ""
  /// Best first.
  private(set) var order: [Position] = []

  /// Of pools that the ranker has finished.
  init(_ pools: [CandidatePool]) {
    self.pools = pools
    order = pools.indices.flatMap { pool in
      pools[pool].candidates.indices.map { Position(pool: pool, candidate: $0) }
    }
    sort()
  }

  subscript(_ position: Position) -> Candidate {
    _read { yield pools[position.pool].candidates[position.candidate] }
    _modify { yield &pools[position.pool].candidates[position.candidate] }
  }
  func file(of position: Position) -> CandidateFile { pools[position.pool].files[self[position].file] }

  /// Puts the candidates in the order of their scores: descending, where they are equal by corpus, by path, then by
  /// line.
  mutating func sort() {
    // A score and a number in one, so that paths are compared only where scores are equal.
    var keys = order.indices.map { UInt64(~self[order[$0]].score.rank) << 32 | UInt64($0) }
    keys.sort()
    var sorted = keys.map { order[Int($0 & 0xFFFF_FFFF)] }
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end] >> 32 == keys[start] >> 32 { end += 1 }
      if end - start > 1 { sorted[start..<end].sort(by: standsBefore) }
      start = end
    }
    order = sorted
  }

  private func standsBefore(_ a: Position, _ b: Position) -> Bool {
    let (pathA, pathB) = (file(of: a).source, file(of: b).source)
    return pathA != pathB ? pathA < pathB : self[a].firstLine < self[b].firstLine
  }
}
