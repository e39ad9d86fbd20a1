import Primitives
import Testing

@Suite struct BitSetTests {
  @Test func `a bit set agrees with a set of integers`() {
    var random = SeededRandom(seed: 2)
    for capacity in [0, 1, 63, 64, 65, 128, 1_000] {
      var bits = BitSet(capacity: capacity)
      var twin: Set<Int> = []
      for _ in 0..<500 where capacity > 0 {
        let member = Int.random(in: 0..<capacity, using: &random)
        if Bool.random(using: &random) {
          bits.insert(member)
          twin.insert(member)
        } else {
          bits.remove(member)
          twin.remove(member)
        }
      }
      #expect(bits.members == twin.sorted())
      #expect(bits.count == twin.count && bits.isEmpty == twin.isEmpty)
      for i in -2...(capacity + 70) { #expect(bits.contains(i) == twin.contains(i)) }
      #expect(BitSet(words: bits.words, capacity: capacity) == bits)
    }
  }

  @Test func `a filled set holds all below its capacity and nothing else`() {
    for capacity in [0, 1, 63, 64, 65, 130] {
      let bits = BitSet(capacity: capacity, filled: true)
      #expect(bits.members == Array(0..<capacity))
      // Stray bits in given words are dropped, missing words are empty.
      #expect(BitSet(words: [.max, .max, .max, .max], capacity: capacity) == bits)
      #expect(BitSet(words: [], capacity: capacity) == BitSet(capacity: capacity))
    }
  }

  @Test func `union and intersection are those of sets`() {
    var random = SeededRandom(seed: 3)
    let a = Set((0..<60).map { _ in Int.random(in: 0..<200, using: &random) })
    let b = Set((0..<60).map { _ in Int.random(in: 0..<200, using: &random) })
    var (union, intersection) = (BitSet(capacity: 200), BitSet(capacity: 200))
    var other = BitSet(capacity: 200)
    for i in a {
      union.insert(i)
      intersection.insert(i)
    }
    for i in b { other.insert(i) }
    union.formUnion(other)
    intersection.formIntersection(other)
    #expect(union.members == a.union(b).sorted())
    #expect(intersection.members == a.intersection(b).sorted())
  }

  @Test func `the numbers below members`() {
    var set = BitSet(capacity: 130)
    for member in [0, 1, 63, 64, 128, 129] { set.insert(member) }
    #expect(set.predecessors.members == [0, 62, 63, 127, 128])
  }
}
