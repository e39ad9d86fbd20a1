import Primitives
import Testing

@Suite struct TopKTests {
  @Test func `the best are those of a whole sort, and a smaller limit is a prefix`() {
    var random = SeededRandom(seed: 4)
    for count in [0, 1, 5, 50, 500] {
      let stream = (0..<count).map { (score: Int.random(in: 0..<20, using: &random), id: $0) }.shuffled(using: &random)
      let precedes: ((score: Int, id: Int), (score: Int, id: Int)) -> Bool = { ($1.score, $0.id) < ($0.score, $1.id) }
      let sorted = stream.sorted(by: precedes).map(\.id)
      for limit in [0, 1, 2, 7, 50, 1_000] {
        var top = TopK(limit: limit, by: precedes)
        for element in stream { top.insert(element) }
        #expect(top.sorted().map(\.id) == Array(sorted.prefix(limit)))
        #expect(top.count == min(limit, count))
        #expect(top.worst?.id == (limit > 0 && count >= limit ? sorted[limit - 1] : nil))
      }
    }
  }
}
