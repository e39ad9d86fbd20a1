import Chunking
import Primitives
import Testing

@Suite struct SegmentationTests {
  /// The least cost over all ways to cut, by trying each.
  private func leastCost(_ segmentation: Segmentation, _ sizes: [Int32], _ cutCosts: [Int32]) -> Int {
    var least = Int.max
    for choice in 0..<(1 << (sizes.count - 1)) {
      let cuts = [0] + (1..<sizes.count).filter { choice & (1 << ($0 - 1)) != 0 }
      if let cost = cost(segmentation, sizes, cutCosts, cuts) { least = min(least, cost) }
    }
    return least
  }

  private func cost(_ segmentation: Segmentation, _ sizes: [Int32], _ cutCosts: [Int32], _ cuts: [Int]) -> Int? {
    var total = 0
    for (index, start) in cuts.enumerated() {
      let end = index + 1 < cuts.count ? cuts[index + 1] : sizes.count
      let size = sizes[start..<end].reduce(0) { $0 + Int($1) }
      if let cost = segmentation.cost(ofSize: size) {
        total += cost
      } else if end == start + 1 {
        total += segmentation.costOfLongLine
      } else {
        return nil
      }
      if start > 0 { total += Int(cutCosts[start]) }
    }
    return total
  }

  @Test func `no other cuts cost less`() {
    let segmentation = Segmentation(targetByteCount: 300)
    for seed in 0..<300 {
      var random = SeededRandom(seed: UInt64(seed))
      let count = Int.random(in: 1...11, using: &random)
      let sizes = (0..<count).map { _ in Int32.random(in: 0...(seed % 5 == 0 ? 900 : 200), using: &random) }
      let costs = (0..<count).map { _ in Int32.random(in: -1300...2500, using: &random) }
      let cuts = segmentation.cuts(sizes: sizes, cutCosts: costs)
      #expect(cuts.first == 0)
      #expect(cuts == Array(Set(cuts)).sorted())
      #expect(cost(segmentation, sizes, costs, cuts) == leastCost(segmentation, sizes, costs), "seed \(seed)")
    }
  }

  @Test func `a line above the limit stands alone`() {
    let cuts = Segmentation(targetByteCount: 100).cuts(sizes: [10, 10, 5000, 10], cutCosts: [0, 5000, 5000, 5000])
    #expect(cuts == [0, 2, 3])
  }

  @Test func `no chunk has more lines than the limit`() {
    let sizes = [Int32](repeating: 0, count: 1000)
    let cuts = Segmentation(targetByteCount: 1500).cuts(sizes: sizes, cutCosts: [Int32](repeating: 9000, count: 1000))
    for (start, end) in zip(cuts, cuts.dropFirst() + [1000]) {
      #expect(end - start <= Segmentation.maximumLineCount)
    }
  }

  @Test func `nothing is cut into nothing`() {
    #expect(Segmentation(targetByteCount: 1500).cuts(sizes: [], cutCosts: []).isEmpty)
  }
}
