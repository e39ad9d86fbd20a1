import Embedding
import Testing

struct BatchBudgetTests {
  /// Feeds full batches whose rate in tokens a second follows from their size.
  private func run(_ budget: inout BatchBudget, batches: Int, rate: (Int) -> Double) {
    for _ in 0..<batches {
      budget.measured(paddedTokenCount: budget.tokenCount, seconds: Double(budget.tokenCount) / rate(budget.tokenCount))
    }
  }

  @Test func `It grows while larger batches are faster, and goes back where one was not`() {
    var budget = BatchBudget(.init(start: 1000, largest: 64_000))
    run(&budget, batches: 100) { min(Double($0), 4000) }
    #expect(budget.tokenCount == 4000)
    #expect(!budget.isGrowing)
  }

  @Test func `Where size changes nothing it stays where it began`() {
    var budget = BatchBudget(.init(start: 1000, largest: 64_000))
    run(&budget, batches: 100) { _ in 500 }
    #expect(budget.tokenCount == 1000)
  }

  @Test func `It never passes the most that memory allows`() {
    var budget = BatchBudget(.init(start: 1000, largest: 3000))
    run(&budget, batches: 100) { Double($0) }
    #expect(budget.tokenCount == 2000)
    #expect(BatchBudget(.init(start: 1000, largest: 300)).tokenCount == 300)
  }

  @Test func `Each time memory runs out it is halved, down to one token, and does not grow again`() {
    var budget = BatchBudget(.init(start: 1000, largest: 64_000))
    budget.ranOutOfMemory(paddedTokenCount: 1000)
    #expect(budget.tokenCount == 500)
    run(&budget, batches: 50) { Double($0) }
    #expect(budget.tokenCount == 500)
    for _ in 0..<20 { budget.ranOutOfMemory(paddedTokenCount: budget.tokenCount) }
    #expect(budget.tokenCount == 1)
  }

  @Test func `Batches much smaller than the budget teach it nothing`() {
    var budget = BatchBudget(.init(start: 1000, largest: 64_000))
    for _ in 0..<100 { budget.measured(paddedTokenCount: 100, seconds: 1) }
    #expect(budget.tokenCount == 1000)
    #expect(budget.isGrowing)
  }

  @Test func `A large model on little memory gets small batches, an accelerator large ones`() {
    let size = ModelSize(
      byteCount: 1 << 30, hiddenSize: 1024, intermediateSize: 4096, headCount: 16, longestText: 512)
    let small = BatchBudget.Limits(size, isAccelerator: false, memoryByteCount: 256 << 20, runsAtOnce: 2)
    let large = BatchBudget.Limits(size, isAccelerator: false, memoryByteCount: 64 << 30, runsAtOnce: 2)
    #expect(small.largest < 256)
    #expect(small.start == small.largest)
    #expect(large.largest == 1 << 14)
    #expect(BatchBudget.Limits(size, isAccelerator: true, memoryByteCount: 1, runsAtOnce: 1).start > large.start)
  }
}
