import QueryLanguage

/// Prefers chunks that hold the query, or a run of its words, as it was written; and among them the one that defines
/// the name that was asked for. The last step that adds: what a file is, and how many of its chunks stand above, is not
/// held against this part.
enum WrittenStep: RankingStep {
  static let signal = Signal.written

  static func apply(to pool: inout CandidatePool) {
    let weights = pool.ranking.weights
    let place =
      pool.ranking.isOnlyPlace
      ? weights.onlyPlace : pool.ranking.query.hasPlaceBeside ? weights.placeBeside : weights.place
    for i in pool.candidates.indices {
      let candidate = pool.candidates[i]
      var value = weights.written * candidate.written * pool.wordCertainty
      value += weights.writtenDefinition * candidate.askedDefinition
      value += place * candidate.placeGrade
      if value > 0 { pool.candidates[i].parts.add(value, for: signal) }
    }
  }
}
