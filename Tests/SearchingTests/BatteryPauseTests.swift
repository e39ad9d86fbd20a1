import Searching
import Synchronization
import Testing

@Suite struct BatteryPauseTests {
  let start = ContinuousClock.now

  @Test func `where nobody wants it, nothing pauses and nobody is asked`() {
    var pause = BatteryPause(isWanted: false) {
      Issue.record("asked")
      return true
    }
    let holds = pause.holds(at: start)
    #expect(!holds)
  }

  @Test func `it holds while the machine runs on its battery, which is asked now and then`() {
    let asked = Atomic(0)
    let isOnBattery = Atomic(true)
    var pause = BatteryPause(isWanted: true) {
      asked.add(1, ordering: .relaxed)
      return isOnBattery.load(ordering: .relaxed)
    }
    func holds(after seconds: Int) -> Bool { pause.holds(at: start + .seconds(seconds)) }
    #expect((0..<9).map { holds(after: $0) } == [Bool](repeating: true, count: 9))
    #expect(asked.load(ordering: .relaxed) == 1)
    isOnBattery.store(false, ordering: .relaxed)
    #expect(holds(after: 9) && !holds(after: 10))
    isOnBattery.store(true, ordering: .relaxed)
    #expect(!holds(after: 19) && holds(after: 20))
    #expect(asked.load(ordering: .relaxed) == 3 && BatteryPause.interval == .seconds(10))
  }
}
