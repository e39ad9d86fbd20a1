package import Disk

/// How many threads of a run that gives way may begin work, by what the machine was doing: fewer at once when others
/// want the cores, more again only when they have rested for a while. A pure function of the samples that it was given,
/// in their order; when to take them is the caller's.
///
/// Cores are counted by the time that others use them. Stalls of the processor say less, since the run's own threads
/// wait for each other: they count where the times cannot be read, and the average load where neither can.
package struct LoadPolicy: Hashable, Sendable {
  /// Threads where nobody else wants anything, at least 1.
  package let threadCount: Int
  /// Threads that may begin work now, from 1 to `threadCount`.
  package private(set) var allowedCount: Int
  /// Samples in a row that would have allowed more, and the least that one of them would have.
  private var restCount = 0
  private var leastAtRest = Int.max
  /// Whether the run has had next to nothing of the processor for seconds, since others want all of it: threads that
  /// work only when the machine is idle get nowhere.
  package private(set) var isStarved = false
  private var hungryCount = 0

  /// Samples that must show rest before more threads work; they come four in a second (`LoadWatch`).
  package static let restSampleCount = 4
  /// Samples in a row that must show that the run has less than this of a core before it counts as starved.
  package static let starvedSampleCount = 12
  private static let starvedCoreCount = 0.05
  /// Shares of the time beyond which a stall counts. Memory is short long before a processor is; the disk of a run that
  /// reads a cold tree waits for that run, too, so that only a disk without pause counts.
  private static let processorStallLimit = 0.25
  private static let diskStallLimit = 0.8
  private static let memoryStallLimit = 0.1

  package init(threadCount: Int) {
    self.threadCount = max(1, threadCount)
    allowedCount = self.threadCount
  }

  /// Takes what the machine did since the sample before.
  ///
  /// - Parameter isOnBattery: whether the battery is to be spared: one thread works then.
  package mutating func take(_ sample: LoadSample, isOnBattery: Bool = false) {
    noteHunger(sample)
    let wanted = isOnBattery ? 1 : max(1, min(count(for: sample), threadCount))
    if wanted <= allowedCount {
      allowedCount = wanted
      (restCount, leastAtRest) = (0, .max)
      return
    }
    restCount += 1
    leastAtRest = min(leastAtRest, wanted)
    guard restCount >= Self.restSampleCount else { return }
    // No more than twice as many at a time: who rested may have been waiting for this run.
    allowedCount = min(leastAtRest, 2 * allowedCount)
    (restCount, leastAtRest) = (0, .max)
  }

  private mutating func noteHunger(_ sample: LoadSample) {
    if let spare = sample.spareCoreCount, spare >= 0.5 {
      (hungryCount, isStarved) = (0, false)
    } else if let own = sample.ownCoreCount {
      hungryCount = own < Self.starvedCoreCount ? hungryCount + 1 : 0
      // Whether what it then does is what others leave it is not to be told from how much it is.
      if hungryCount >= Self.starvedSampleCount { isStarved = true }
    }
  }

  private func count(for sample: LoadSample) -> Int {
    var count = threadCount
    if let spare = sample.spareCoreCount {
      // Half a core that others use is left to the priority of the threads; more of it costs one of them.
      count = Int((spare + 0.5).rounded(.down))
    } else if let stall = sample.processorStall {
      // Some of it may be the run's own threads, which wait for each other: it finds by trying how many do not.
      count = stall > Self.processorStallLimit ? allowedCount - 1 : allowedCount + 1
    } else if let load = sample.averageLoad {
      count = threadCount - Int(max(0, load - Double(allowedCount)))
    }
    if let stall = sample.diskStall, stall > Self.diskStallLimit { count = min(count, (threadCount + 1) / 2) }
    if let stall = sample.memoryStall, stall > Self.memoryStallLimit { count = 1 }
    return count
  }
}
