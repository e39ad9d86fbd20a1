import Glibc
import Primitives
import Synchronization
import Testing

@Suite struct MapInOrderTests {
  @Test(arguments: [1, 2, 16]) func `results come in order, whatever the number of threads`(threads: Int) throws {
    for count in [0, 1, 5, 500] {
      var results: [Int] = []
      try mapInOrder(
        count: count, threadCount: threads, costLimit: 50, cost: { $0 % 7 },
        transform: { item, _ in
          // Work of uneven length, so that threads overtake each other.
          (0..<(item % 13 * 100)).reduce(item) { $0 ^ $1 &* 3 }
        },
        consume: { (item, output) throws(Failure) in
          #expect(output == (0..<(item % 13 * 100)).reduce(item) { $0 ^ $1 &* 3 })
          results.append(item)
        })
      #expect(results == Array(0..<count))
    }
  }

  @Test func `what is under way stays within the limit, but one item always may`() throws {
    let underWay = Mutex((now: 0, most: 0))
    let cost: @Sendable (Int) -> Int = { $0 == 40 ? 500 : 10 }
    try mapInOrder(
      count: 100, threadCount: 8, costLimit: 45, cost: cost,
      transform: { item, _ in
        underWay.withLock {
          $0.now += cost(item)
          $0.most = max($0.most, $0.now - (item == 40 ? 500 : 0))
          if item == 40 { #expect($0.now == 500) }
        }
      },
      consume: { (item, _) throws(Failure) in underWay.withLock { $0.now -= cost(item) } })
    #expect(underWay.withLock { $0.most } <= 45)
  }

  @Test func `no more threads are at work than are given leave, also where that changes, and one always is`() throws {
    let working = Mutex((now: 0, most: 0))
    let allowed = Atomic(3)
    var consumed = 0
    try mapInOrder(
      count: 300, threadCount: 8, costLimit: .max, cost: { _ in 1 },
      mayBegin: { working, _ in working < allowed.load(ordering: .sequentiallyConsistent) },
      transform: { item, _ in
        working.withLock {
          $0.now += 1
          $0.most = max($0.most, $0.now)
        }
        // Nobody has leave for a while, and then all have it.
        if item == 100 { allowed.store(0, ordering: .sequentiallyConsistent) }
        if item == 102 { allowed.store(3, ordering: .sequentiallyConsistent) }
        sched_yield()
        working.withLock { $0.now -= 1 }
      },
      consume: { (_, _) throws(Failure) in consumed += 1 })
    #expect(consumed == 300)
    #expect(working.withLock { $0.most } <= 3)
  }

  @Test(arguments: [1, 4]) func `a failure stops the work and is thrown on`(threads: Int) {
    let begun = Atomic(0)
    var consumed = 0
    do {
      try mapInOrder(
        count: 100_000, threadCount: threads, costLimit: 10, cost: { _ in 1 },
        transform: { _, _ in _ = begun.add(1, ordering: .relaxed) },
        consume: { (item, _) throws(Failure) in
          if item == 20 { throw Failure(.cancelled, "stop") }
          consumed += 1
        })
      Issue.record("the failure was swallowed")
    } catch { #expect(error.code == .cancelled) }
    #expect(consumed == 20)
    #expect(begun.load(ordering: .relaxed) <= 31)
  }
}
