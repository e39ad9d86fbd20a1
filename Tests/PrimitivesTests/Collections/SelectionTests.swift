import Primitives
import Testing

@Suite struct SelectionTests {
  @Test(arguments: 0..<30)
  func `the largest numbers come to the front, as sorting says`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let size = Int.random(in: 0...300, using: &random)
    var distinct: Set<UInt64> = []
    let most: UInt64 = seed % 2 == 0 ? 400 : .max
    while distinct.count < size { distinct.insert(UInt64.random(in: 0...most, using: &random)) }
    let numbers = distinct.sorted().shuffled(using: &random)
    for count in [-1, 0, 1, size / 3, size - 1, size, size + 5] {
      var moved = numbers
      moved.moveLargestToFront(count)
      let expected = numbers.sorted(by: >).prefix(max(0, count))
      #expect(moved.prefix(max(0, count)).sorted(by: >) == Array(expected))
      #expect(moved.sorted() == numbers.sorted())
      #expect(numbers.largest(count) == numbers.filter { expected.contains($0) })
    }
  }

  @Test func `numbers in order and in reverse are no exception`() {
    for numbers: [UInt64] in [Array(0..<1000), (0..<1000).reversed()] {
      var moved = numbers
      moved.moveLargestToFront(100)
      #expect(moved.prefix(100).sorted() == Array(900..<1000))
    }
  }
}
