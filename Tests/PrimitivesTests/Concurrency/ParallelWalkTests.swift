import Primitives
import Synchronization
import Testing

@Suite struct ParallelWalkTests {
  @Test func `every item is worked on once, those that come out of others too`() {
    for threadCount in 1...4 {
      let seen = Mutex<[Int]>([])
      // A binary tree of numbers below 1,000, from its root.
      parallelWalk([1], threadCount: threadCount) { number, thread in
        seen.withLock { $0.append(number) }
        precondition((0..<threadCount).contains(thread))
        return [2 * number, 2 * number + 1].filter { $0 < 1_000 }
      }
      #expect(seen.withLock { $0.sorted() } == Array(1..<1_000))
    }
  }

  @Test func `nothing to do is done at once`() {
    let count = Atomic(0)
    parallelWalk([Int](), threadCount: 3) { _, _ in
      count.add(1, ordering: .relaxed)
      return []
    }
    #expect(count.load(ordering: .relaxed) == 0)
    #expect(coreCount >= 1)
  }

  @Test func `the threads work at the same time`() {
    // Each of two items waits for the other to have begun: with one thread this would never end.
    let begun = Atomic(0)
    parallelWalk([0, 1], threadCount: 2) { _, _ in
      begun.add(1, ordering: .sequentiallyConsistent)
      while begun.load(ordering: .sequentiallyConsistent) < 2 {}
      return []
    }
    #expect(begun.load(ordering: .relaxed) == 2)
  }
}
