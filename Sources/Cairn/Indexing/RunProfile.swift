import Indexing

/// Where the time and the memory of an index run went.
///
///     for stage in report.profile.stages { print(stage.name, stage.seconds) }
public struct RunProfile: Hashable, Sendable {
  /// A part of the work, summed over the threads that did it.
  public struct Stage: Hashable, Sendable {
    /// `walk`, `compare`, `read`, `chunk`, `analyse`, `embed`, `build`, `commit`, `merge`.
    public var name: String
    /// Processor time.
    public var seconds: Double
    /// Time that it lasted beyond that: it waited for the disk, an endpoint, or a core.
    public var waitingSeconds: Double
    /// Bytes that passed it: of source for most, of segments for `commit` and `merge`.
    public var byteCount: Int
    /// How often it ran: files for most, commits and merges for these.
    public var count: Int
  }

  /// What a cache gave to the run.
  public struct CacheUse: Hashable, Sendable {
    public var name: String
    public var hitCount: Int
    public var missCount: Int
  }

  /// In the order in which a file passes them.
  public var stages: [Stage]
  public var seconds: Double
  /// Processor time of all threads together.
  public var processorSeconds: Double
  /// Threads that prepared files.
  public var threadCount: Int
  /// The most private (anonymous) memory that the process had; mapped files do not count.
  public var peakOwnByteCount: Int
  /// The same with the pages of mapped files.
  public var peakResidentByteCount: Int
  /// What the first was to stay under.
  public var memoryLimitByteCount: Int
  /// Bytes of segments written, by commits and by merges.
  public var segmentBytesWritten: Int
  /// Time that threads waited to begin a file, all together, because as much as memory allows was in flight.
  public var workersWaitedSeconds: Double
  /// Time that the thread which builds and commits waited for the next file.
  public var writerWaitedSeconds: Double
  /// The most files that were ready and waited for their turn at once.
  public var greatestWaitingCount: Int
  /// The most bytes, by estimate, that files in flight held at once.
  public var greatestUnderWayByteCount: Int
  public var caches: [CacheUse] = []

  /// The cores that were busy, on average.
  public var busyCoreCount: Double { seconds > 0 ? processorSeconds / seconds : 0 }

  init(_ report: IndexRunReport) {
    stages = report.stages.map {
      Stage(
        name: $0.stage.rawValue, seconds: $0.seconds, waitingSeconds: $0.waitingSeconds, byteCount: $0.byteCount,
        count: $0.count)
    }
    seconds = report.seconds
    processorSeconds = report.processorSeconds
    threadCount = report.threadCount
    peakOwnByteCount = report.peakOwnByteCount
    peakResidentByteCount = report.peakResidentByteCount
    memoryLimitByteCount = report.memoryCeilingByteCount
    segmentBytesWritten = report.segmentBytesWritten
    workersWaitedSeconds = report.queue.workersWaitedSeconds
    writerWaitedSeconds = report.queue.writerWaitedSeconds
    greatestWaitingCount = report.queue.greatestWaitingCount
    greatestUnderWayByteCount = report.queue.greatestByteCount
  }
}
