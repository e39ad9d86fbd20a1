/// Runs the steps in their order on the pools of a query, each by itself. Pure: the same pools give the same scores.
struct Ranker: Sendable {
  /// In the order of `Signal`; fusion comes before them.
  static let steps: [any RankingStep.Type] = [CoverageStep.self, DefinitionStep.self, SymbolWordsStep.self]
  /// Those that need `bestNameSimilarity`, and all that come after; diversification is the last.
  static let laterSteps: [any RankingStep.Type] = [
    NameMeaningStep.self, PathWordsStep.self, PathStep.self, CoherenceStep.self, FileKindStep.self, WrittenStep.self,
    PhraseStep.self,
  ]

  /// Scores the candidates as far as that can be done before all of the other pools are known. A retriever alone is
  /// shown as it is, without steps.
  func begin(_ pool: inout CandidatePool, usesSteps: Bool = true) {
    pool.ranking.fusion.apply(to: &pool)
    if usesSteps { apply(Self.steps, to: &pool) }
  }

  /// The rest.
  func finish(_ pool: inout CandidatePool) {
    apply(Self.laterSteps, to: &pool)
    if pool.ranking.retrievers != .fused { return }
    Diversification.apply(to: &pool)
    demoteNear(in: &pool)
  }

  /// Puts what holds no form of the one word of a query behind all that holds it, be it only as a part of a name.
  private func demoteNear(in pool: inout CandidatePool) {
    guard pool.ranking.written.isOneWord, pool.ranking.wordFrequency > 0,
      !pool.ranking.weights.disabled.contains(.written)
    else { return }
    for i in pool.candidates.indices where pool.candidates[i].heldWords == 0 && !pool.candidates[i].isBeginning {
      pool.candidates[i].parts.add(-pool.ranking.weights.nearOfOneWord, for: .written)
    }
  }

  private func apply(_ steps: [any RankingStep.Type], to pool: inout CandidatePool) {
    if pool.ranking.retrievers != .fused { return }
    for step in steps where !pool.ranking.weights.disabled.contains(step.signal) { step.apply(to: &pool) }
  }
}
