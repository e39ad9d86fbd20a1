/// Runs the steps in their order. Pure: the same pool gives the same order.
package struct Ranker: Sendable {
  /// In the order of `Signal`; fusion comes before them and diversification after.
  static let steps: [any RankingStep.Type] = [
    CoverageStep.self, DefinitionStep.self, SymbolWordsStep.self, NameMeaningStep.self,
    PathWordsStep.self, PathStep.self, PhraseStep.self,
    CoherenceStep.self, FileKindStep.self,
  ]

  package init() {}

  /// Scores the candidates and puts them in the order of results. A retriever alone is shown as it is, without steps.
  package func rank(_ pool: inout CandidatePool) {
    Fusion.apply(to: &pool)
    if pool.retrievers == .fused {
      for step in Self.steps where !pool.weights.disabled.contains(step.signal) { step.apply(to: &pool) }
    }
    Diversification.apply(to: &pool)
  }
}
