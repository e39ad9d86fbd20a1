import QueryLanguage
import Segments
import Synchronization

/// Candidates of one query, whole files of them. A query has several pools, on which several threads work.
struct CandidatePool: Sendable {
  /// Its query and weights are read where they lie: a copy of either costs dozens of atomic operations.
  let ranking: RankingContext
  var files: [CandidateFile] = []
  /// Those of a file are contiguous.
  var candidates: [Candidate] = []
  /// What the segments keep of the candidates.
  var chunks = ChunkList()
  /// The best `nameSimilarity` of all pools of the query.
  var bestNameSimilarity: Float = 0

  /// How surely the word of a query of one word tells one chunk from all others, 0...1; 1 for any other query.
  var wordCertainty: Float = 1

  init(_ ranking: RankingContext) { self.ranking = ranking }

  /// Calls `body` with the positions of the candidates of each file that has more than one, best first.
  mutating func forEachFileWithSeveral(_ body: (inout Self, [Int]) -> Void) {
    var order: [Int] = []
    var start = 0
    while start < candidates.count {
      order.removeAll(keepingCapacity: true)
      order.append(start)
      var next = start + 1
      while next < candidates.count, candidates[next].file == candidates[start].file {
        var index = order.count
        while index > 0, candidates[next].score > candidates[order[index - 1]].score { index -= 1 }
        order.insert(next, at: index)
        next += 1
      }
      if order.count > 1 { body(&self, order) }
      start = next
    }
  }
}

/// A pool on which one thread behind the other works in place: a pool that is handed on as a value is copied where it
/// is changed.
final class PoolInWork: Sendable {
  private let pool: Mutex<CandidatePool>

  init(_ ranking: RankingContext) { pool = Mutex(CandidatePool(ranking)) }

  func update<Result: Sendable>(_ body: (inout CandidatePool) -> Result) -> Result {
    pool.withLock { pool in body(&pool) }
  }

  /// The pool; an empty one is left.
  func taken() -> CandidatePool {
    pool.withLock { pool in
      let taken = pool
      pool = CandidatePool(taken.ranking)
      return taken
    }
  }
}
