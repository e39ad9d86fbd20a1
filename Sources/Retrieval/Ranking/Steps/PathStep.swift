import Inspection
import Primitives
import QueryLanguage

/// Prefers the files whose paths the query names, and of such a file the beginning.
enum PathStep: RankingStep {
  static let signal = Signal.path

  static func apply(to pool: inout CandidatePool) {
    let ranking = pool.ranking
    if let module = ranking.query.module { apply(module, to: &pool) }
    if ranking.query.pathFragments.isEmpty { return }
    // `read/write` in a query is a path only where there is such a path.
    let least: Float = ranking.query.shape == .path ? 0 : 0.5
    let grades = pool.files.map { file -> Float in
      let path = file.path.description.lowercased()
      let grade = PathMatch.grade(of: path, for: ranking.query)
      return grade >= least ? grade : 0
    }
    let weight =
      ranking.query.isCopied
      ? ranking.weights.copiedPath : ranking.query.shape == .path ? ranking.weights.onlyPath : ranking.weights.pathMatch
    for i in pool.candidates.indices where grades[pool.candidates[i].file] > 0 {
      pool.candidates[i].parts.add(weight * grades[pool.candidates[i].file], for: signal)
    }
    // Who names a file and no line goes to where it begins.
    if ranking.query.shape != .path || !ranking.query.places.isEmpty { return }
    for i in firstCandidates(of: pool) where grades[pool.candidates[i].file] >= leastOfFile {
      pool.candidates[i].isBeginning = true
      pool.candidates[i].parts.add(ranking.weights.pathBeginning, for: signal)
    }
  }

  /// The file of a module that is called as the query is: by its first chunk.
  private static func apply(_ module: ModuleName, to pool: inout CandidatePool) {
    for i in firstCandidates(of: pool) {
      let file = pool.files[pool.candidates[i].file]
      if !module.isOfModules(in: file.language) { continue }
      let grade = module.grade(of: file.path.description.lowercased())
      if grade == 0 { continue }
      pool.candidates[i].isBeginning = true
      pool.candidates[i].parts.add(pool.ranking.weights.moduleFile * grade, for: signal)
    }
  }

  /// Of each file the candidate that stands first in it: of a file that was found by its path it is the first chunk.
  private static func firstCandidates(of pool: borrowing CandidatePool) -> [Int] {
    var first = [Int?](repeating: nil, count: pool.files.count)
    for (i, candidate) in pool.candidates.enumerated() {
      guard let known = first[candidate.file], pool.candidates[known].firstLine <= candidate.firstLine else {
        first[candidate.file] = i
        continue
      }
    }
    return first.compactMap { $0 }
  }

  /// Of `PathMatch`: the name of a file, with or without its extension.
  private static let leastOfFile: Float = 0.7
}
