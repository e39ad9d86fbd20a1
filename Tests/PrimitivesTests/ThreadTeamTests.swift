import Primitives
import Synchronization
import Testing

@Suite struct ThreadTeamTests {
  @Test(arguments: [1, 2, 5])
  func `results come in order, whatever the number of threads`(size: Int) {
    let team = ThreadTeam(size: size)
    for count in [0, 1, 2, 7, 100] {
      #expect(team.map(count) { $0 * $0 } == (0..<count).map { $0 * $0 })
      #expect(team.map(count, threadLimit: 2) { -$0 } == (0..<count).map { -$0 })
    }
  }

  @Test func `calls from inside of a call and from several threads end`() {
    let team = ThreadTeam(size: 3)
    let outer: [Int] = team.map(6) { (i: Int) -> Int in
      let inner: [Int] = team.map(20) { (k: Int) -> Int in i * 100 + k }
      return inner.reduce(0, +)
    }
    let expected = (0..<6).map { (i: Int) -> Int in 20 * i * 100 + 190 }
    #expect(outer == expected)
    let sum = Mutex(0)
    let threads = (0..<4).compactMap { number in
      OwnThread {
        for _ in 0..<50 {
          let numbers: [Int] = team.map(10) { (i: Int) -> Int in i + number }
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
