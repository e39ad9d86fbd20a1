import Chunking
import Segments

/// Prefers chunks whose symbols are named with the question's words.
package enum SymbolWordsStep: RankingStep {
  package static let signal = Signal.symbolWords
  /// Symbols beyond these of one chunk are not looked at.
  private static let symbolLimit = 32

  package static func apply(to pool: inout CandidatePool) {
    var matcher = pool.question.wordMatcher
    var words = WordList()
    for i in pool.candidates.indices {
      var best: Float = 0
      let entry = pool.chunks.entries[pool.candidates[i].chunk]
      for position in entry.symbols.prefix(symbolLimit) where pool.chunks.symbols[position].kind != .section {
        best = max(best, value(of: pool.chunks.symbols[position], in: pool.chunks, &matcher, &words))
      }
      if best > 0 { pool.candidates[i].parts.add(pool.weights.symbolWords * best, for: signal) }
    }
  }

  /// How much of the question is in a symbol's name and the two names around it, less where the name says other things.
  private static func value(
    of symbol: ChunkList.Symbol, in chunks: borrowing ChunkList, _ matcher: inout WordMatcher, _ words: inout WordList
  ) -> Float {
    let bytes = chunks.bytes.span
    if !matcher.mayFind(in: bytes.extracting(symbol.name.range)) { return 0 }
    words.removeAll()
    words.append(partsOfName: bytes.extracting(symbol.name.range))
    let own = matcher.overlap(with: words)
    guard own.ofQuestion > 0 else { return 0 }
    var whole = own.ofQuestion
    if !symbol.enclosing.isEmpty {
      words.removeAll()
      for i in symbol.enclosing.suffix(2) { words.append(partsOfName: bytes.extracting(chunks.enclosing[i].range)) }
      words.append(partsOfName: bytes.extracting(symbol.name.range))
      whole = matcher.overlap(with: words).ofQuestion
    }
    return whole * (0.5 + 0.5 * own.ofName)
  }
}
