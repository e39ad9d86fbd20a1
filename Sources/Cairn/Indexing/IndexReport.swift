import Catalog
package import Indexing
import Primitives
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

    init(_ run: ResumedRun) {
      (stopped, wasKilled) = (Double(run.stopped) / 1e9, run.wasKilled)
      (fileCount, totalFileCount) = (run.fileCount, run.totalFileCount)
    }
  }

  let update: UpdateReport
  private var run: IndexRunReport { update.run }

  /// The full name of the commit that was indexed; nil for the files as they are.
  public var revision: String? { update.revision }
  /// The committed state of the index after the run.
  public var generation: Int64 { run.generation }
  /// Why the index was rebuilt, in words; nil if it was brought up to date.
  public var rebuildReason: String? { run.rebuildReason }
  /// Nil where the run before came to its end, or nothing is gone on with.
  public var resumed: Resumption? { run.resumed.map(Resumption.init) }
  /// The index of another work tree of the repository, where this run began with what that has; nil for any other run.
  public var adoptedFrom: Path? { run.adoptedFrom.map { Path($0) } }
  /// What was damaged and is repaired, a sentence each: segments, the catalog, commits that were lost.
  public var repairs: [CairnError] { run.repairs.map(CairnError.init) }
  public var filesSeen: Int { run.filesSeen }
  public var filesIndexed: Int { run.filesIndexed }
  public var filesUnchanged: Int { run.filesUnchanged }
  /// Files left out, by reason: `ignored`, `binary`, `too-large`, ... A directory left out whole counts once.
  public var skipped: [String: Int] { update.skipped }
  /// Directories that were not walked because the time limit of the walk was over; the index keeps what it had of
  /// them.
  public var unvisitedDirectories: [Path] { run.unvisited.map { Path($0) } }
  /// What could not be read; the index keeps what it had of it. Each is among `failures` too.
  public var unread: [UnreadPlace] { run.unread.map(UnreadPlace.init) }
  /// Files that were in the index and are gone.
  public var filesRemoved: Int { run.filesRemoved }
  public var chunksAdded: Int { run.chunksAdded }
  public var bytesIndexed: Int { run.bytesIndexed }
  /// What of these was not made again, and how many: `files_unread`, `files_revived`, `files_copied`, `chunks`.
  public var reused: [String: Int] { run.reused.counts }
  /// Files, and chunks, in the index after the run.
  public var fileCount: Int { run.liveFileCount }
  public var chunkCount: Int { run.liveChunkCount }
  /// One for each file and directory that could not be read.
  public var failures: [CairnError] { run.failures.map(CairnError.init) }
  public var stageTimes: [StageTime] { run.stageSeconds.map { StageTime(stage: $0.stage, seconds: $0.seconds) } }
  public var seconds: Double { run.seconds }
  /// Where time and memory went.
  public var profile: RunProfile { RunProfile(update) }

  /// The model that made the vectors.
  public var modelName: String { update.modelName }
  /// Embeddings that came from the cache, and those that the model made; both 0 for a model that needs no cache.
  public var keptEmbeddingCount: Int { update.keptEmbeddingCount }
  public var newEmbeddingCount: Int { update.newEmbeddingCount }
  /// What the user should know about the run besides, such as a cache that was damaged.
  public var notes: [CairnError] { update.notes.map(CairnError.init) }
  /// With `local_first`, what was done for the index of the slower model after this one.
  public var later: [IndexReport] { update.later.map(IndexReport.init) }

  /// What to say of `unread`: a line for each of the first three, and how many more there are.
  public var unreadNotes: [CairnError] { UnreadRecord.notes(run.unread).map(CairnError.init) }
  /// The failures that are not of `unread`.
  public var otherFailures: [CairnError] {
    let reasons = Set(unread.map(\.reason))
    return failures.filter { !reasons.contains($0) }
  }
  /// The sum of `skipped`.
  public var filesSkipped: Int { skipped.values.reduce(0, +) }

  init(_ update: UpdateReport) { self.update = update }
}

/// A file or directory that could not be read. What the index had of it stays, and the index is not complete.
///
///     for place in report.unread { print(place.reason) }
public struct UnreadPlace: Hashable, Sendable {
  /// Relative to the root of the workspace.
  public var path: Path
  /// The whole of a directory, rather than one file.
  public var isDirectory: Bool
  /// Why. Its path is that of what could not be read: the place itself, or a file that decides what belongs to it, such
  /// as a `.gitignore`.
  public var reason: CairnError

  init(_ record: UnreadRecord) {
    path = Path(record.path)
    isDirectory = record.isDirectory
    reason = CairnError(record.failure)
  }
}

extension Workspace {
  /// Brings the index up to date: reads what changed, forgets what is gone. Costs little when little changed.
  /// Settings that choose files and came as flags are kept with the index, so that later runs see the same files.
  ///
  /// The model is the workspace's embedder, else the one that was chosen, else the one that the index was built with.
  /// Throws `differentModel` where the index is of another model than the embedder or the chosen one, `embedderFailed`
  /// where an embedder gives no vectors, `locked` when another writer is at work, `permissionDenied` where the index
  /// may only be read. A file or directory that cannot be read is a line in the report, not an error, and keeps what
  /// the index has of it; a root that cannot be listed is an error, and changes nothing.
  ///
  /// - Parameters:
  ///   - revision: the commit to index in place of the files as they are, whatever git takes for one. Nothing is
  ///     checked out, and what other commits, or these files, have in common with it is shared.
  ///   - rebuild: discard the index and build it again.
  ///   - progress: called from time to time, from any thread.
  @concurrent public func index(
    revision: String? = nil, rebuild: Bool = false, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> IndexReport {
    try await index(revision: revision, rebuild: rebuild, trace: nil, progress: progress)
  }

  /// The same, and tells `trace` of every step of the run, from many threads.
  @concurrent package func index(
    revision: String?, rebuild: Bool, trace: (any TraceSink)?, progress: (@Sendable (IndexProgress) -> Void)?
  ) async throws(CairnError) -> IndexReport {
    try await offPool { context throws(Failure) in
      var run = RunRequest(cancellation: context.cancellation)
      (run.rebuilds, run.trace, run.progress) = (rebuild, trace, IndexProgress.handler(progress))
      return IndexReport(try session.session(at: revision, context.cancellation).update(run))
    }
  }

  /// What leaves this machine, and where to, where the chosen model is behind an endpoint. To be said before the first
  /// `index` or `search` with it.
  ///
  ///     if let disclosure = workspace.disclosure { print(disclosure) }
  public var disclosure: String? { session.disclosure }
}
