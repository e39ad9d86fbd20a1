import Chunking
import Segments

/// Prefers chunks whose symbols are named with the question's words.
package enum SymbolWordsStep: RankingStep {
  package static let signal = Signal.symbolWords

  package static func apply(to pool: inout CandidatePool) {
    var matcher = WordMatcher(pool)
    let analyzer = Analyzer()
    var known: [String: [String]] = [:]
    var values: [String: Float] = [:]
    func words(_ name: String) -> [String] {
      if let words = known[name] { return words }
      let words = nameWords(analyzer.words(of: name))
      known[name] = words
      return words
    }
    for i in pool.candidates.indices {
      var best: Float = 0
      for symbol in pool.candidates[i].stored.chunk.symbols.prefix(32) where symbol.kind != .section {
        let key = symbol.enclosing.suffix(2).joined(separator: ".") + "." + symbol.name
        if let value = values[key] {
          best = max(best, value)
          continue
        }
        let name = words(symbol.name)
        let own = matcher.overlap(with: name)
        guard own.ofQuestion > 0 else {
          values[key] = 0
          continue
        }
        let whole =
          symbol.enclosing.isEmpty
          ? own.ofQuestion : matcher.overlap(with: symbol.enclosing.suffix(2).flatMap(words) + name).ofQuestion
        let value = whole * (0.5 + 0.5 * own.ofName)
        values[key] = value
        best = max(best, value)
      }
      if best > 0 { pool.candidates[i].parts.add(pool.weights.symbolWords * best, for: signal) }
    }
  }
}

/// The parts of a name, or the name itself where it has none: `words` is a whole followed by its parts.
func nameWords(_ words: [String]) -> [String] { words.count > 1 ? Array(words.dropFirst()) : words }
