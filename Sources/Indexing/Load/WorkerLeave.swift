import Disk
import Primitives

/// Which of a run's workers may begin a file, as far as others on the machine have a say: all of them, unless the run
/// gives way.
///
/// The workers of a run that gives way have the processor only when it is idle: those of a low priority keep it to the
/// end of their share when a program that is typed into wakes. So that a machine without an idle moment does not keep
/// such a run from its end, one worker more has a low priority of the usual kind, and works while the others starve. A
/// run over a few files has only such ones: it is over sooner than anybody notices, and a search may come to wait for
/// it.
struct WorkerLeave: Sendable {
  /// Threads to start.
  let threadCount: Int
  private let load: LoadWatch?
  /// The number of the worker that is there for the others; nil where all are alike.
  private let reserve: Int?

  /// A run over no more files than this has no idle workers: some hundredths of a second.
  private static let fewFiles = 32

  /// - Parameter threadCount: that of the run.
  init(_ options: IndexingOptions, threadCount: Int, fileCount: Int) {
    load = options.givesWay ? .shared : nil
    reserve = options.givesWay && fileCount > Self.fewFiles ? threadCount + 1 : nil
    self.threadCount = reserve ?? threadCount
  }

  func runsWhenIdle(_ thread: Int) -> Bool { reserve.map { thread < $0 } ?? false }

  /// Whether `thread` may begin a file while so many threads are at one.
  func mayBegin(_ workingCount: Int, thread: Int) -> Bool {
    guard let load else { return true }
    guard let reserve else { return workingCount < load.threadCount }
    if thread == reserve { return load.isStarved }
    return workingCount < load.threadCount && !load.isStarved
  }
}
