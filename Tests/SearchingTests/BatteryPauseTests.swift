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
    #expect(!pause.holds(at: start))
  }

  @Test func `it holds while the machine runs on its battery, which is asked now and then`() {
    let asked = Atomic(0)
    let isOnBattery = Atomic(true)
    var pause = BatteryPause(isWanted: true) {
      asked.add(1, ordering: .relaxed)
      return isOnBattery.load(ordering: .relaxed)
    }
    for second in 0..<9 { #expect(pause.holds(at: start + .seconds(second))) }
    #expect(asked.load(ordering: .relaxed) == 1)
    isOnBattery.store(false, ordering: .relaxed)
    #expect(pause.holds(at: start + .seconds(9)))
    #expect(!pause.holds(at: start + BatteryPause.interval))
    isOnBattery.store(true, ordering: .relaxed)
    #expect(!pause.holds(at: start + BatteryPause.interval + .seconds(1)))
    #expect(pause.holds(at: start + 2 * BatteryPause.interval))
    #expect(asked.load(ordering: .relaxed) == 3)
  }
}
