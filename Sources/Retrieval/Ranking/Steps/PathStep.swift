import Primitives
import QueryLanguage

/// Prefers the files whose paths the query names.
enum PathStep: RankingStep {
  package static let signal = Signal.path

  static func apply(to pool: inout CandidatePool) {
    let query = pool.query
    if query.pathFragments.isEmpty { return }
    // `read/write` in a query is a path only where there is such a path.
    let least: Float = query.shape == .path ? 0 : 0.5
    let grades = pool.files.map { file -> Float in
      let path = file.path.description.lowercased()
      let grade = PathMatch.grade(of: path, for: query)
      return grade >= least ? grade : 0
    }
    let weight =
      query.isCopied
      ? pool.weights.copiedPath : query.shape == .path ? pool.weights.onlyPath : pool.weights.pathMatch
    for i in pool.candidates.indices where grades[pool.candidates[i].file] > 0 {
      pool.candidates[i].parts.add(weight * grades[pool.candidates[i].file], for: signal)
    }
  }
}
