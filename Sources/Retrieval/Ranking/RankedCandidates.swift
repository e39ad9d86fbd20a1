/// The candidates of all pools of a question in the order of results.
package struct RankedCandidates: Sendable {
  package struct Position: Sendable {
    package var pool: Int
    package var candidate: Int
  }

  package var pools: [CandidatePool]
  /// What the reranker is called that was asked.
  package var rerankerName = ""
  /// Best first.
  package private(set) var order: [Position] = []

  /// Of pools that the ranker has finished.
  package init(_ pools: [CandidatePool]) {
    self.pools = pools
    order = pools.indices.flatMap { pool in
      pools[pool].candidates.indices.map { Position(pool: pool, candidate: $0) }
    }
    sort()
  }

  package subscript(_ position: Position) -> Candidate {
    _read { yield pools[position.pool].candidates[position.candidate] }
    _modify { yield &pools[position.pool].candidates[position.candidate] }
  }
  package func file(of position: Position) -> CandidateFile { pools[position.pool].files[self[position].file] }

  /// Puts the candidates in the order of their scores: descending, where they are equal by path, then by line.
  package mutating func sort() {
    let scored = order.map { (score: self[$0].score, position: $0) }.sorted { a, b in
      if a.score != b.score { return a.score > b.score }
      let (pathA, pathB) = (file(of: a.position).path, file(of: b.position).path)
      return pathA != pathB ? pathA < pathB : self[a.position].firstLine < self[b.position].firstLine
    }
    order = scored.map(\.position)
  }
}
