import Disk
import Primitives
import Synchronization

/// Samples the memory of the process during a run, every few milliseconds, on a thread of its own.
final class MemoryWatch: Sendable {
  private let ownAtStart: Int
  private let ownNow = Atomic(0)
  private let ownPeak = Atomic(0)
  private let residentPeak = Atomic(0)
  private let isOver = Monitor(false)
  private static let interval = Duration.milliseconds(10)

  /// What the process held at the last look, at most a few milliseconds ago.
  var ownByteCount: Int { ownNow.load(ordering: .relaxed) }
  var peakOwnByteCount: Int { ownPeak.load(ordering: .relaxed) }
  /// What the process came to hold more than at the start: in one that works on other things too, what it held before
  /// is not the run's.
  var peakGrownByteCount: Int { peakOwnByteCount - ownAtStart }
  var peakResidentByteCount: Int { residentPeak.load(ordering: .relaxed) }

  private init() {
    ownAtStart = ProcessMemory.now().ownByteCount
    sample()
  }

  /// Watches while `body` runs. Where the system gives no thread, only beginning and end are sampled.
  static func during<Result>(_ body: (MemoryWatch) throws(Failure) -> Result) throws(Failure) -> Result {
    let watch = MemoryWatch()
    let thread = BlockingThread {
      while !watch.isOver.wait(for: interval, until: { $0 }) { watch.sample() }
    }
    defer {
      watch.isOver.update { $0 = true }
      thread?.join()
    }
    return try body(watch)
  }

  func sample() {
    let memory = ProcessMemory.now()
    ownNow.store(memory.ownByteCount, ordering: .relaxed)
    ownPeak.max(memory.ownByteCount, ordering: .relaxed)
    residentPeak.max(memory.residentByteCount, ordering: .relaxed)
  }
}
