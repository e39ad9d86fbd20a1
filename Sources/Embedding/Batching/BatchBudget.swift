/// How many padded tokens go to a model at once: learnt from how fast batches were, halved when memory runs out. A
/// value; its owner feeds it one measurement for each batch.
///
/// It begins at a size that is never far off, then climbs: the budget is doubled for a few batches, and the doubling is
/// kept only if tokens a second rise by more than noise. Once a doubling did not pay or memory ran out, it stays where
/// it is.
package struct BatchBudget: Hashable, Sendable {
  package struct Limits: Hashable, Sendable {
    package var start: Int
    package var largest: Int
    package init(start: Int, largest: Int) {
      self.largest = max(1, largest)
      self.start = min(max(1, start), self.largest)
    }
  }

  /// Padded tokens of the next batch.
  package private(set) var tokenCount: Int
  /// Whether larger batches are still tried.
  package private(set) var isGrowing: Bool

  private var largest: Int
  /// What the budget before the last doubling gave, in tokens a second.
  private var settledRate: Double?
  private var tokens = 0
  private var seconds = 0.0
  private var batchCount = 0

  /// Batches measured at each size: the first of a size pays for memory that later ones have.
  private static let batchesPerSize = 4
  /// A doubling is kept if it is faster by this factor: less is noise, and memory is worth something.
  private static let worthwhileGain = 1.04

  package init(_ limits: Limits) {
    tokenCount = limits.start
    largest = limits.largest
    isGrowing = limits.start < limits.largest
  }

  /// A batch of `paddedTokenCount` took so long. One much smaller than the budget says nothing of the budget.
  package mutating func measured(paddedTokenCount: Int, seconds elapsed: Double) {
    guard isGrowing, paddedTokenCount * 2 > tokenCount, elapsed > 0 else { return }
    batchCount += 1
    if batchCount == 1 { return }
    tokens += paddedTokenCount
    seconds += elapsed
    guard batchCount > Self.batchesPerSize else { return }
    let rate = Double(tokens) / seconds
    if let settledRate, rate < settledRate * Self.worthwhileGain {
      tokenCount /= 2
      isGrowing = false
    } else {
      settledRate = rate
      if tokenCount * 2 <= largest { tokenCount *= 2 } else { isGrowing = false }
    }
    (tokens, seconds, batchCount) = (0, 0, 0)
  }

  /// A batch of `paddedTokenCount` did not fit into memory: no later one will be more than half of it.
  package mutating func ranOutOfMemory(paddedTokenCount: Int) {
    largest = max(1, min(largest, paddedTokenCount / 2))
    tokenCount = min(tokenCount, largest)
    isGrowing = false
  }
}
