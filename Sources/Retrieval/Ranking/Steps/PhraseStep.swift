import QueryLanguage

/// Prefers chunks that hold what stood in quotation marks, or a run of a script without spaces, as it was written but
/// for case and form, or a line that a pattern matches.
enum PhraseStep: RankingStep {
  static let signal = Signal.phrase

  static func apply(to pool: inout CandidatePool) {
    let count = pool.ranking.written.phraseCount + pool.ranking.query.runs.count + pool.ranking.patterns.count
    if count == 0 { return }
    for i in pool.candidates.indices where pool.candidates[i].heldPhrases > 0 {
      let share = pool.candidates[i].heldPhrases / Float(count)
      let weight = pool.ranking.query.isCopied ? pool.ranking.weights.copiedPhrase : pool.ranking.weights.phrase
      pool.candidates[i].parts.add(weight * share, for: signal)
    }
  }
}
