/// What `Workspace.benchmark` measured. Times are seconds of a wall clock unless they say otherwise.
public struct BenchmarkReport: Hashable, Sendable {
  /// Runs from nothing to a complete index, each by a process of its own.
  public struct Indexing: Hashable, Sendable {
    public var seconds: Spread
    /// Of all threads together.
    public var processorSeconds: Spread
    /// The most of all runs.
    public var memory: PeakMemory
    /// Thread time by stage, of the last run.
    public var stageTimes: [IndexReport.StageTime]
  }

  /// Bytes on disk.
  public struct Size: Hashable, Sendable {
    /// Of the files that are indexed.
    public var source: Int
    public var catalog: Int
    public var segments: Int
    public var index: Int { catalog + segments }
    /// How many times the source the index is.
    public var ratio: Double { source > 0 ? Double(index) / Double(source) : 0 }
  }

  /// Searches by processes of their own, which open the index, answer and end.
  public struct ColdSearch: Hashable, Sendable {
    /// The index as it is.
    public var seconds: Spread
    /// As a person types it: the tree is looked through for changes first.
    public var secondsWithUpdate: Spread
    public var memory: PeakMemory
  }

  /// Searches in one process that holds the index open.
  public struct WarmSearch: Hashable, Sendable {
    public var seconds: Spread
    /// Of this process after them.
    public var memory: PeakMemory
  }

  public var root: Path
  public var fileCount: Int
  public var chunkCount: Int
  public var segmentCount: Int
  public var indexing: Indexing
  /// Reading and parsing the same files and nothing else, in as many threads as indexing has, in the same run.
  public var readAndParseSeconds: Spread
  /// An index run that finds nothing changed.
  public var unchangedSeconds: Spread
  /// A search that first indexes one file whose content has changed.
  public var changedFileSeconds: Spread
  public var coldSearch: ColdSearch
  public var warmSearch: WarmSearch
  public var size: Size
  /// How well the given questions were answered; nothing where the questions were made.
  public var quality: RankingQuality?
  public var questionCount: Int

  /// How many times reading and parsing alone an index run takes.
  public var parseRatio: Double {
    readAndParseSeconds.p50 > 0 ? indexing.seconds.p50 / readAndParseSeconds.p50 : 0
  }
}
