import Embedding
import Primitives
import Testing

struct BatchPlanTests {
  @Test func `Texts of like length go together, the longest first, within the budget`() {
    var plan = BatchPlan(lengths: [3, 10, 4, 9, 1])
    #expect(plan.next(tokenBudget: 20) == TextBatch(texts: [1, 3], columnCount: 10))
    #expect(plan.next(tokenBudget: 20) == TextBatch(texts: [2, 0, 4], columnCount: 4))
    #expect(plan.next(tokenBudget: 20) == nil)
    #expect(plan.isEmpty)
  }

  @Test func `A text longer than the budget goes alone`() {
    var plan = BatchPlan(lengths: [50, 60])
    #expect(plan.next(tokenBudget: 8) == TextBatch(texts: [1], columnCount: 60))
    #expect(plan.next(tokenBudget: 8) == TextBatch(texts: [0], columnCount: 50))
  }

  @Test func `A fixed number of texts is kept whatever they are long`() {
    var plan = BatchPlan(lengths: [5, 5, 5])
    #expect(plan.next(tokenBudget: .max, textLimit: 2)?.texts == [0, 1])
    #expect(plan.next(tokenBudget: .max, textLimit: 2)?.texts == [2])
  }

  @Test func `What is put back comes next, in parts that fit the budget of then`() {
    var plan = BatchPlan(lengths: [4, 4, 4, 4, 1])
    let first = plan.next(tokenBudget: 16)!
    plan.putBack(first)
    #expect(!plan.isEmpty)
    #expect(plan.next(tokenBudget: 8)?.texts == [0, 1])
    #expect(plan.next(tokenBudget: 8)?.texts == [2, 3])
    #expect(plan.next(tokenBudget: 8)?.texts == [4])
    #expect(plan.isEmpty)
  }

  @Test func `Every text comes once, whatever the budgets and failures on the way`() {
    var random = SeededRandom(seed: 11)
    for _ in 0..<200 {
      let lengths = (0..<Int(random.next() % 60)).map { _ in Int(random.next() % 300) }
      var plan = BatchPlan(lengths: lengths)
      var seen: [Int] = []
      while let batch = plan.next(tokenBudget: 1 + Int(random.next() % 2000)) {
        #expect(batch.texts.allSatisfy { lengths[$0] <= batch.columnCount })
        if random.next() % 4 == 0 { plan.putBack(batch) } else { seen += batch.texts }
      }
      #expect(seen.sorted() == Array(lengths.indices))
    }
  }

  @Test func `Little is padding where lengths are mixed`() {
    var random = SeededRandom(seed: 3)
    let lengths = (0..<1000).map { _ in 8 + Int(random.next() % 248) }
    var plan = BatchPlan(lengths: lengths)
    var padded = 0
    while let batch = plan.next(tokenBudget: 2048) { padded += batch.paddedTokenCount }
    #expect(Double(padded) < 1.05 * Double(lengths.reduce(0, +)))
  }
}
