import Indexing
import Searching

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

    init(_ stage: StageReport) {
      (name, seconds, waitingSeconds) = (stage.stage.rawValue, stage.seconds, stage.waitingSeconds)
      (byteCount, count) = (stage.byteCount, stage.count)
    }
  }

  /// What a cache gave to the run.
  public struct CacheUse: Hashable, Sendable {
    public var name: String
    public var hitCount: Int
    public var missCount: Int
  }

  private let update: UpdateReport
  private var run: IndexRunReport { update.run }

  /// In the order in which a file passes them.
  public var stages: [Stage] { run.stages.map(Stage.init) }
  public var seconds: Double { run.seconds }
  /// Processor time of all threads together.
  public var processorSeconds: Double { run.processorSeconds }
  /// Threads that prepared files.
  public var threadCount: Int { run.threadCount }
  /// The most private (anonymous) memory that the process had; mapped files do not count.
  public var peakOwnByteCount: Int { run.peakOwnByteCount }
  /// The same with the pages of mapped files.
  public var peakResidentByteCount: Int { run.peakResidentByteCount }
  /// What the first was to stay under.
  public var memoryLimitByteCount: Int { run.memoryCeilingByteCount }
  /// Bytes of segments written, by commits and by merges.
  public var segmentBytesWritten: Int { run.segmentBytesWritten }
  /// Time that threads waited to begin a file, all together, because as much as memory allows was in flight.
  public var workersWaitedSeconds: Double { run.queue.workersWaitedSeconds }
  /// Time that the thread which builds and commits waited for the next file.
  public var writerWaitedSeconds: Double { run.queue.writerWaitedSeconds }
  /// The most files that were ready and waited for their turn at once.
  public var greatestWaitingCount: Int { run.queue.greatestWaitingCount }
  /// The most bytes, by estimate, that files in flight held at once.
  public var greatestUnderWayByteCount: Int { run.queue.greatestByteCount }
  public var caches: [CacheUse] {
    guard update.usesCache else { return [] }
    let (kept, made) = (update.keptEmbeddingCount, update.newEmbeddingCount)
    return [CacheUse(name: "embeddings", hitCount: kept, missCount: made)]
  }

  /// The cores that were busy, on average.
  public var busyCoreCount: Double { seconds > 0 ? processorSeconds / seconds : 0 }

  init(_ update: UpdateReport) { self.update = update }
}
