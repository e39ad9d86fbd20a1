import Catalog
import Corpus
import Indexing
import Inspection
import Searching

/// What an index run did. Every file that the walk saw is counted once:
/// `filesSeen == filesIndexed + filesUnchanged + skipped.values.sum`.
///
///     let report = try await workspace.index()
///     print(report.filesIndexed, "files indexed in", report.seconds, "s")
public struct IndexReport: Hashable, Sendable {
  /// Time spent in one stage, summed over the threads that worked at it.
  public struct StageTime: Hashable, Sendable {
    public var stage: String
    public var seconds: Double

    package init(stage: String, seconds: Double) {
      self.stage = stage
      self.seconds = seconds
    }
  }

  /// A run before this one that was stopped or killed, and what this one had of its work to go on with.
  public struct Resumption: Hashable, Sendable {
    /// When that one ended, in seconds since 1970; if it was killed, when it was last known to be at work.
    public var stopped: Double
    public var wasKilled: Bool
    /// Files that the index had as they are, and those that belong into it with them: the rest was left to be read.
    public var fileCount: Int
    public var totalFileCount: Int
  }

  /// The full name of the commit that was indexed; nil for the files as they are.
  public var revision: String?
  /// The committed state of the index after the run.
  public var generation: Int64
  /// Why the index was rebuilt, in words; nil if it was brought up to date.
  public var rebuildReason: String?
  /// Nil where the run before came to its end, or nothing is gone on with.
  public var resumed: Resumption?
  /// The index of another work tree of the repository, where this run began with what that has; nil for any other run.
  public var adoptedFrom: Path?
  /// What was damaged and is repaired, a sentence each: segments, the catalog, commits that were lost.
  public var repairs: [CairnError]
  public var filesSeen: Int
  public var filesIndexed: Int
  public var filesUnchanged: Int
  /// Files left out, by reason: `ignored`, `binary`, `too-large`, ... A directory left out whole counts once.
  public var skipped: [String: Int]
  /// Directories that were not walked because the time limit of the walk was over; the index keeps what it had of
  /// them.
  public var unvisitedDirectories: [Path]
  /// What could not be read; the index keeps what it had of it. Each is among `failures` too.
  public var unread: [UnreadPlace]
  /// Files that were in the index and are gone.
  public var filesRemoved: Int
  public var chunksAdded: Int
  public var bytesIndexed: Int
  /// What of these was not made again, and how many: `files_unread`, `files_revived`, `files_copied`, `chunks`.
  public var reused: [String: Int]
  /// Files, and chunks, in the index after the run.
  public var fileCount: Int
  public var chunkCount: Int
  /// One for each file and directory that could not be read.
  public var failures: [CairnError]
  public var stageTimes: [StageTime]
  public var seconds: Double
  /// Where time and memory went.
  public var profile: RunProfile

  /// The model that made the vectors.
  public var modelName = ""
  /// Embeddings that came from the cache, and those that the model made; both 0 for a model that needs no cache.
  public var keptEmbeddingCount = 0
  public var newEmbeddingCount = 0
  /// What the user should know about the run besides, such as a cache that was damaged.
  public var notes: [CairnError] = []
  /// With `local_first`, what was done for the index of the slower model after this one.
  public var later: [IndexReport] = []

  /// What to say of `unread`: a line for each of the first three, and how many more there are.
  public internal(set) var unreadNotes: [CairnError] = []
  /// The failures that are not of `unread`.
  public var otherFailures: [CairnError] {
    let reasons = Set(unread.map(\.reason))
    return failures.filter { !reasons.contains($0) }
  }
  /// The sum of `skipped`.
  public var filesSkipped: Int { skipped.values.reduce(0, +) }

  init(_ update: UpdateReport) {
    let report = update.run
    revision = update.revision
    generation = report.generation
    rebuildReason = report.rebuildReason
    resumed = report.resumed.map { run in
      Resumption(
        stopped: Double(run.stopped) / 1e9, wasKilled: run.wasKilled, fileCount: run.fileCount,
        totalFileCount: run.totalFileCount)
    }
    adoptedFrom = report.adoptedFrom.map { Path($0) }
    repairs = report.repairs.map { CairnError($0) }
    filesSeen = report.filesSeen
    filesIndexed = report.filesIndexed
    filesUnchanged = report.filesUnchanged
    skipped = update.skipped
    unvisitedDirectories = report.unvisited.map { Path($0) }
    unread = report.unread.map { UnreadPlace($0) }
    filesRemoved = report.filesRemoved
    chunksAdded = report.chunksAdded
    bytesIndexed = report.bytesIndexed
    reused = report.reused.counts
    fileCount = report.liveFileCount
    chunkCount = report.liveChunkCount
    failures = report.failures.map { CairnError($0) }
    stageTimes = report.stageSeconds.map { StageTime(stage: $0.stage, seconds: $0.seconds) }
    seconds = report.seconds
    profile = RunProfile(report)
    unreadNotes = UnreadRecord.notes(report.unread).map { CairnError($0) }
    modelName = update.modelName
    keptEmbeddingCount = update.keptEmbeddingCount
    newEmbeddingCount = update.newEmbeddingCount
    notes = update.notes.map { CairnError($0) }
    later = update.later.map { IndexReport($0) }
    if update.usesCache {
      let (hits, misses) = (update.keptEmbeddingCount, update.newEmbeddingCount)
      profile.caches = [RunProfile.CacheUse(name: "embeddings", hitCount: hits, missCount: misses)]
    }
  }
}
