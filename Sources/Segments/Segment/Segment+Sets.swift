package import Primitives

// The chunks of a segment that one leaf of a condition is true of: whole sets, whatever their scores are.
extension Segment {
  /// The chunks that hold `term`: about a nanosecond each.
  ///
  /// - Parameter context: where it is over, some are missing.
  package func chunks(holding term: Term, context: SearchContext? = nil) -> BitSet {
    var chunks = BitSet(capacity: chunkCount)
    let found = dictionary.lists(of: term.bytes)
    guard let list = term.field == .word ? found.words : found.definitions else { return chunks }
    let terms = bytes(of: .terms)
    var block = PostingBlock()
    var cursor = PostingCursor(list, in: terms, &block)
    while !cursor.isAtEnd {
      if let context, context.isOver { break }
      cursor.decode(in: terms, &block)
      // A damaged list may name chunks that there are not.
      for i in 0..<cursor.count where Int(block.chunks[i]) < chunkCount { chunks.insert(Int(block.chunks[i])) }
      cursor.nextBlock(in: terms, &block)
    }
    return chunks
  }

  /// The chunks whose symbols pass `filter`. Reads every block of chunks once.
  ///
  /// - Parameter context: where it is over, some are missing.
  package func chunks(passing filter: SymbolKindFilter, context: SearchContext? = nil) -> BitSet {
    var chunks = BitSet(capacity: chunkCount)
    let memo = KindMemo(self, filter)
    for chunk in 0..<chunkCount {
      if chunk & 4095 == 0, let context, context.isOver { break }
      if memo.passes(chunk) { chunks.insert(chunk) }
    }
    return chunks
  }
}
