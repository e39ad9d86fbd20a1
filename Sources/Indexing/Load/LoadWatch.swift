import Disk
import Primitives
import Synchronization

/// How many threads runs that give way may have at work, kept current while such a run is in flight: four samples a
/// second, on a thread of its own. One for the process, so that a run knows from its start what the one before it saw:
/// a watcher's last for milliseconds.
final class LoadWatch: Sendable {
  static let shared = LoadWatch()

  private struct State {
    /// For the cores of the machine; each run takes no more than its own threads.
    var policy = LoadPolicy(threadCount: coreCount)
    var last: SystemLoad?
    var isOnBattery = false
    var powerChecked: ContinuousClock.Instant?
  }
  private let state = Mutex(State())
  private let allowedCount = Atomic(coreCount)
  private let starves = Atomic(false)
  private static let interval = Duration.milliseconds(250)
  /// Samples over less than this say nothing: the system counts processor time in hundredths of a second.
  private static let shortestInterval = Duration.milliseconds(100)
  /// What was seen so long ago says nothing of now.
  private static let longestInterval = Duration.seconds(5)
  private static let powerInterval = Duration.seconds(10)

  /// Threads that may be at work now, at least 1.
  var threadCount: Int { allowedCount.load(ordering: .relaxed) }

  /// Whether the run has had next to nothing of the processor for seconds (`LoadPolicy`).
  var isStarved: Bool { starves.load(ordering: .relaxed) }

  /// Keeps it current while `body` runs.
  ///
  /// - Parameter sparesBattery: whether one thread is enough while the machine runs on its battery.
  func during<Result>(
    sparesBattery: Bool, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    sample(sparesBattery: sparesBattery)
    let isOver = Monitor(false)
    let thread = BlockingThread { [self] in
      while !isOver.wait(for: Self.interval, until: { $0 }) { sample(sparesBattery: sparesBattery) }
    }
    defer {
      isOver.update { $0 = true }
      thread?.join()
    }
    return try body()
  }

  private func sample(sparesBattery: Bool) {
    state.withLock { state in
      let now = SystemLoad.now()
      if let before = state.last, before.instant.duration(to: now.instant) < Self.shortestInterval { return }
      if state.powerChecked.map({ $0.duration(to: now.instant) >= Self.powerInterval }) ?? true {
        state.isOnBattery = PowerSupply.isBattery()
        state.powerChecked = now.instant
      }
      var sample: LoadSample?
      if let before = state.last, before.instant.duration(to: now.instant) <= Self.longestInterval {
        sample = now.sample(since: before)
      } else {
        state.policy = LoadPolicy(threadCount: coreCount)
      }
      state.last = now
      state.policy.take(sample ?? LoadSample(), isOnBattery: sparesBattery && state.isOnBattery)
      allowedCount.store(state.policy.allowedCount, ordering: .relaxed)
      starves.store(state.policy.isStarved, ordering: .relaxed)
    }
  }
}
