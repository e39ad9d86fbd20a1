import Chunking
import Segments

/// Says in words what each signal added to a result's score.
enum Explanation {
  /// The parts of `candidate`, in the order of the steps; they add up to its score. Parts of nothing are left out.
  static func parts(
    of candidate: Candidate, in pool: CandidatePool, rerankerName: String
  ) -> [ExplanationPart] {
    Signal.allCases.compactMap { signal in
      let value = candidate.parts[signal]
      if value == 0 { return nil }
      return ExplanationPart(signal: signal.rawValue, value: value, note: note(signal, candidate, pool, rerankerName))
    }
  }

  private static func note(
    _ signal: Signal, _ candidate: Candidate, _ pool: CandidatePool, _ rerankerName: String
  ) -> String {
    let file = pool.files[candidate.file]
    switch signal {
    case .words: return "BM25 \(rounded(candidate.termScore))"
    case .meaning: return "similarity \(rounded(candidate.similarity))"
    case .coverage:
      let words = pool.ranking.words.words
      let held = words.indices.filter { candidate.heldWords & (1 << UInt64($0)) != 0 }.map { words[$0] }
      return "holds \(held.count) of \(words.count) words: \(held.joined(separator: ", "))"
    case .definition: return "defines \(candidate.matchedSymbol.map { pool.chunks.symbol($0).qualifiedName } ?? "it")"
    case .symbolWords: return "its symbols share words with the query"
    case .nameMeaning: return "similarity of its names \(rounded(candidate.nameSimilarity))"
    case .pathWords: return "its path shares words with the query"
    case .path: return "\(file.path) is the path asked for"
    case .depth: return "ranked by BM25 and vectors only, below the candidates that all steps scored"
    case .phrase:
      return pool.ranking.patterns.isEmpty
        ? "holds the quoted text"
        : pool.ranking.sought.isEmpty ? "a line matches the pattern" : "holds the quoted text, or matches the pattern"
    case .written:
      if candidate.placeGrade > 0 { return "holds the line that is asked for" }
      return candidate.askedDefinition > 0 ? "defines the name as it is written" : "holds the query's words as written"
    case .coherence: return "other parts of the file answer too"
    case .fileKind:
      let names = FileKindStep.rules.filter { candidate.penalised.contains($0.trait) }.map(\.name)
      return names.joined(separator: ", ")
    case .reranking: return "\(rerankerName) gives \(rounded(candidate.rerankerScore))"
    case .repetition:
      return candidate.repetitions == 1
        ? "a better result of the file stands above" : "\(candidate.repetitions) better results of the file stand above"
    }
  }

  /// With three decimals, without Foundation.
  private static func rounded(_ value: Float) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
    let thousandths = Int((abs(value) * 1000).rounded())
    let digits = String(thousandths % 1000)
    return (value < 0 ? "-" : "") + "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
