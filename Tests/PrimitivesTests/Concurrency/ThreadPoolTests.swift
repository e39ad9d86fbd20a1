import Primitives
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
  @Test(arguments: [1, 2, 5])
  func `results come in order, whatever the number of threads`(size: Int) {
    let team = ThreadPool(size: size)
    for count in [0, 1, 2, 7, 100] {
      let squares: [Int] = team.withScope { scope in scope.map(count) { $0 * $0 } }
      #expect(squares == (0..<count).map { $0 * $0 })
      let negated: [Int] = team.withScope(threadLimit: 2) { scope in scope.map(count) { -$0 } }
      #expect(negated == (0..<count).map { -$0 })
    }
  }

  @Test(arguments: [1, 2, 4])
  func `pieces that were shared out are done once, asked for in any order`(size: Int) {
    let team = ThreadPool(size: size)
    for _ in 0..<200 {
      let calls = Mutex([Int](repeating: 0, count: 30))
      let (first, second): ([Int], [Int]) = team.withScope { scope in
        let first = scope.start(10) { (i: Int) -> Int in
          calls.withLock { $0[i] += 1 }
          return i
        }
        let second = scope.start(20) { (i: Int) -> Int in
          calls.withLock { $0[10 + i] += 1 }
          return 10 * i
        }
        let later = second.results()
        return (first.results(), later)
      }
      #expect(first == Array(0..<10))
      #expect(second == (0..<20).map { 10 * $0 })
      #expect(calls.withLock { $0 } == [Int](repeating: 1, count: 30))
    }
  }

  @Test func `another thread helps`() {
    let team = ThreadPool(size: 2, toleratesDelay: true)
    // Both tasks are in flight at once, or neither would end.
    let begun = Monitor(0)
    let done: [Bool] = team.withScope { scope in
      scope.map(2) { _ in
        begun.update { $0 += 1 }
        return begun.wait { $0 == 2 ? true : nil }
      }
    }
    #expect(done == [true, true])
  }

  @Test func `a scope works on after its helpers lost patience`() {
    let team = ThreadPool(size: 2, toleratesDelay: true)
    let sums: [Int] = team.withScope { scope in
      (0..<20).map { round in
        let end = ContinuousClock.now + .milliseconds(1)
        while ContinuousClock.now < end {}
        let numbers: [Int] = scope.map(8) { (i: Int) -> Int in i + round }
        return numbers.reduce(0, +)
      }
    }
    #expect(sums == (0..<20).map { 28 + 8 * $0 })
  }

  @Test func `what a scope's caller throws comes out`() {
    struct Unlucky: Error {}
    #expect(throws: Unlucky.self) {
      try ThreadPool(size: 2).withScope { scope throws(Unlucky) -> Int in
        let numbers: [Int] = scope.map(3) { $0 }
        if numbers.count == 3 { throw Unlucky() }
        return 0
      }
    }
  }

  @Test func `calls from inside of a call and from several threads end`() {
    let team = ThreadPool(size: 3)
    let outer: [Int] = team.withScope { scope in
      scope.map(6) { (i: Int) -> Int in
        let inner: [Int] = team.withScope { scope in scope.map(20) { (k: Int) -> Int in i * 100 + k } }
        return inner.reduce(0, +)
      }
    }
    let expected = (0..<6).map { (i: Int) -> Int in 20 * i * 100 + 190 }
    #expect(outer == expected)
    let sum = Mutex(0)
    let threads = (0..<4).compactMap { number in
      BlockingThread {
        for _ in 0..<50 {
          let numbers: [Int] = team.withScope { scope in scope.map(10) { (i: Int) -> Int in i + number } }
          let part = numbers.reduce(0, +)
          sum.withLock { $0 += part }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(threads.count == 4)
    // 50 rounds of 0 + ... + 9 and ten times the number, for the numbers 0 to 3.
    let total: Int = sum.withLock { $0 }
    #expect(total == 12_000)
  }
}
