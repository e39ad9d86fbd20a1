import Chunking
import Segments

/// Prefers chunks whose symbols are named with the query's words.
enum SymbolWordsStep: RankingStep {
  static let signal = Signal.symbolWords
  /// Symbols beyond these of one chunk are not scored.
  private static let symbolLimit = 32

  static func apply(to pool: inout CandidatePool) {
    let matcher = pool.ranking.words.matcher
    var scratch = WordMatcher.Scratch()
    for i in pool.candidates.indices {
      var best: Float = 0
      for position in pool.chunks.entries[pool.candidates[i].chunk].symbols.prefix(symbolLimit)
      where pool.chunks.symbols[position].kind != .section {
        best = max(best, value(of: pool.chunks.symbols[position], in: pool.chunks, matcher, &scratch))
      }
      if best > 0 { pool.candidates[i].parts.add(pool.ranking.weights.symbolWords * best, for: signal) }
    }
  }

  /// How much of the query is in a symbol's name and the two names around it, less where the name says other things.
  private static func value(
    of symbol: ChunkList.Symbol, in chunks: borrowing ChunkList, _ matcher: WordMatcher,
    _ scratch: inout WordMatcher.Scratch
  ) -> Float {
    let bytes = chunks.bytes.span
    let name = bytes.extracting(symbol.name.range)
    if !matcher.mayFind(in: name) { return 0 }
    scratch.words.removeAll()
    scratch.words.append(partsOfName: name)
    let own = matcher.overlap(&scratch)
    guard own.ofQuery > 0 else { return 0 }
    var whole = own.ofQuery
    if !symbol.enclosing.isEmpty {
      scratch.words.removeAll()
      for i in symbol.enclosing.suffix(2) {
        scratch.words.append(partsOfName: bytes.extracting(chunks.enclosing[i].range))
      }
      scratch.words.append(partsOfName: name)
      whole = matcher.overlap(&scratch).ofQuery
    }
    return whole * (0.5 + 0.5 * own.ofName)
  }
}
