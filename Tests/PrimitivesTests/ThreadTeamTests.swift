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
    let outer = team.map(6) { i in
      team.map(20) { k in i * 100 + k }.reduce(0, +)
    }
    #expect(outer == (0..<6).map { i in (0..<20).reduce(0) { $0 + i * 100 + $1 } })
    let sum = Mutex(0)
    let threads = (0..<4).compactMap { number in
      OwnThread {
        for _ in 0..<50 {
          let part = team.map(10) { $0 + number }.reduce(0, +)
          sum.withLock { $0 += part }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(threads.count == 4)
    let expected: Int = (0..<4).reduce(0) { (total: Int, part: Int) -> Int in total + 50 * (45 + 10 * part) }
    #expect(sum.withLock { $0 } == expected)
  }
}
