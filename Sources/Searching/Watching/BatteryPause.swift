import Disk

/// Whether a watcher leaves what has changed for later, since the machine runs on its battery (`on_battery = "pause"`).
/// Where the power comes from is asked for now and then only.
package struct BatteryPause {
  /// Whether that is to be so.
  package let isWanted: Bool
  private let isOnBattery: () -> Bool
  private var answer = false
  private var asked: ContinuousClock.Instant?

  /// How long an answer holds, and with it how long it takes to notice that there is power again.
  package static let interval = Duration.seconds(10)

  /// - Parameter isOnBattery: only a test has another.
  package init(isWanted: Bool, isOnBattery: (() -> Bool)? = nil) {
    self.isWanted = isWanted
    self.isOnBattery = isOnBattery ?? { PowerSupply.isBattery() }
  }

  /// Whether it is so at `now`.
  package mutating func holds(at now: ContinuousClock.Instant = .now) -> Bool {
    guard isWanted else { return false }
    if asked.map({ $0.duration(to: now) < Self.interval }) ?? false { return answer }
    (asked, answer) = (now, isOnBattery())
    return answer
  }
}
