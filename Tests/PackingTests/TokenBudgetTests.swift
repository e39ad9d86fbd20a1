import Disk
import JSON
import Packing
import Primitives
import TestSupport
import Testing
import Tokenizing

@Suite struct TokenBudgetTests {
  @Test(arguments: 0..<40)
  func `a budget is never exceeded, and a text costs no more than its lines`(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed) &+ 5)
    let alphabet = Array("abcDEF_ 0123 \t(){}[];:.,=+-*/<>!\"'#é漢🙂")
    var budget = TokenBudget(ofPart: Int(random.next() % 800) + 20)
    var refused = 0
    for _ in 0..<200 {
      let count = Int(random.next() % 90)
      let line = String((0..<count).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] })
      if !budget.add(line) { refused += 1 }
    }
    #expect(budget.used <= budget.limit)
    #expect(TokenBudget.estimate(budget.text) <= budget.used)
    // Nothing is rounded line by line.
    let lines = budget.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    #expect(budget.used == TokenCount(ofLines: lines).tokens)
    #expect(budget.used <= lines.reduce(0) { $0 + TokenBudget.cost(ofLine: $1) })
    #expect(refused > 0)
  }

  @Test func `an estimate is at least a token for three and a half bytes, and more where pieces are short`() {
    #expect(TokenBudget.estimate("") == 0)
    #expect(TokenBudget.estimate(String(repeating: "abcdefg", count: 100)) >= 200)
    #expect(TokenBudget.estimate("a[b]=c{d};") >= 6)
    #expect(TokenBudget.estimate(String(repeating: "0123456789", count: 30)) >= 100)
    #expect(TokenBudget.estimate(String(repeating: "漢", count: 100)) >= 100)
  }
}
