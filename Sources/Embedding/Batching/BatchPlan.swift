/// Texts that are given to a model at once: rows padded to the length of the longest.
package struct TextBatch: Hashable, Sendable {
  /// The numbers of the texts, longest first, ties in ascending order.
  package var texts: [Int]
  /// The length of the longest, in tokens.
  package var columnCount: Int

  package init(texts: [Int], columnCount: Int) {
    self.texts = texts
    self.columnCount = columnCount
  }

  /// Tokens that are computed, padding included.
  package var paddedTokenCount: Int { texts.count * columnCount }
}

/// Which texts go to a model together: sorted by length, so that little is padding, and packed until the padded tokens
/// of a batch reach a budget. The budget is given for each batch: it may change on the way. Pure.
package struct BatchPlan: Sendable {
  private let lengths: [Int]
  /// The numbers of the texts that wait, shortest first, so that the longest are taken from the end. The longest go
  /// first: where memory is short it shows at once, and the last batches of several threads are short ones.
  private var waiting: [Int]
  /// Batches that were given back, the last first.
  private var returned: [TextBatch] = []

  /// - Parameter lengths: of each text, in tokens.
  package init(lengths: [Int]) {
    self.lengths = lengths
    waiting = lengths.indices.sorted { (lengths[$0], $1) < (lengths[$1], $0) }
  }

  package var isEmpty: Bool { waiting.isEmpty && returned.isEmpty }

  /// The next batch: as many texts as fit into `tokenBudget` padded tokens, at least one and at most `textLimit`.
  package mutating func next(tokenBudget: Int, textLimit: Int = .max) -> TextBatch? {
    if let batch = returned.popLast() { return split(batch, tokenBudget, textLimit) }
    guard let longest = waiting.last else { return nil }
    let columnCount = max(1, lengths[longest])
    let count = min(waiting.count, max(1, min(textLimit, tokenBudget / columnCount)))
    let texts = Array(waiting.suffix(count).reversed())
    waiting.removeLast(count)
    return TextBatch(texts: texts, columnCount: columnCount)
  }

  /// Takes back a batch that could not be run; its texts come next, within the budget that holds then.
  package mutating func putBack(_ batch: TextBatch) { returned.append(batch) }

  /// The part of a batch that was put back that fits now; the rest stays.
  private mutating func split(_ batch: TextBatch, _ tokenBudget: Int, _ textLimit: Int) -> TextBatch {
    let count = min(batch.texts.count, max(1, min(textLimit, tokenBudget / batch.columnCount)))
    let rest = Array(batch.texts.dropFirst(count))
    if let first = rest.first { returned.append(TextBatch(texts: rest, columnCount: max(1, lengths[first]))) }
    return TextBatch(texts: Array(batch.texts.prefix(count)), columnCount: batch.columnCount)
  }
}
