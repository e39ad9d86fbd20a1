/// Prefers chunks and files that hold many of the query's words over those that hold one of them often.
enum CoverageStep: RankingStep {
  static let signal = Signal.coverage

  static func apply(to pool: inout CandidatePool) {
    guard pool.ranking.words.weights.count > 1 else { return }
    var heldByFile = [UInt64](repeating: 0, count: pool.files.count)
    for candidate in pool.candidates { heldByFile[candidate.file] |= candidate.heldWords }
    for i in pool.candidates.indices {
      let candidate = pool.candidates[i]
      let own = pool.ranking.weight(ofWords: candidate.heldWords)
      let ofFile = pool.ranking.weight(ofWords: heldByFile[candidate.file])
      pool.candidates[i].parts.add(
        pool.ranking.weights.coverage * own * own + pool.ranking.weights.fileCoverage * ofFile * ofFile, for: signal)
    }
  }
}
