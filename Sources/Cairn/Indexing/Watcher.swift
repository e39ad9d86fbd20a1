import IndexStorage
import Primitives
import Searching

/// The process that keeps the index of a tree fresh while files change.
///
///     if let watcher = try workspace.status()?.watcher { print("watched by process", watcher.processID) }
public struct Watcher: Hashable, Sendable {
  public var processID: Int
  /// Since when, in seconds since 1970.
  public var since: Double
  /// Nil where the system tells it of every change: a search beside it then looks at no file to know what changed. Else
  /// how often it looks at the files, in seconds.
  public var pollInterval: Double?
  /// Why it looks at the files, as a clause that follows "since"; nil where it need not, or was told to.
  public var pollReason: String?
  /// The directories of the corpus that it watches.
  public var directoryCount: Int

  init(_ record: WatchRecord) {
    (processID, directoryCount, pollReason) = (record.processID, record.directoryCount, record.reason)
    since = Double(record.began) / 1e9
    if case .polling(let interval) = record.sight { pollInterval = interval / .seconds(1) }
  }
}

/// What happens while a tree is watched.
public enum WatchEvent: Sendable {
  /// Another process watches the tree already; this one takes its place when it ends. Nil where it has not said yet
  /// who it is.
  case standingBy(processID: Int?)
  /// The whole tree was seen, and what had changed is in the index. From here on it is fresh.
  case watching(Watcher, IndexReport)
  /// What changed is in the index.
  case updated(IndexReport)
  /// Something went wrong. It is tried again, and searches look for themselves meanwhile.
  case failed(CairnError)

  init(_ news: WatchNews) {
    switch news {
    case .standingBy(let processID): self = .standingBy(processID: processID)
    case .watching(let record, let report): self = .watching(Watcher(record), IndexReport(report))
    case .updated(let report): self = .updated(IndexReport(report))
    case .failed(let failure): self = .failed(CairnError(failure))
    }
  }
}

/// What an answer stands on. Times are in seconds since 1970.
public enum Freshness: Hashable, Sendable {
  /// Everything that was changed before that time is in it, by a process that watches the tree.
  case watched(asOf: Double, processID: Int)
  /// Everything that was changed before that time is in it: the tree was looked at.
  case updated(asOf: Double)
  /// The index answered as a run committed it that began at that time, if that is known. Later changes may be missing.
  case asCommitted(asOf: Double?)

  init(_ freshness: SearchFreshness) {
    self =
      switch freshness {
      case .watched(let time, let processID): .watched(asOf: Double(time) / 1e9, processID: processID)
      case .updated(let time): .updated(asOf: Double(time) / 1e9)
      case .asCommitted(let time): .asCommitted(asOf: time.map { Double($0) / 1e9 })
      }
  }
}

extension Workspace {
  /// Keeps the index fresh while files change, until the task is cancelled, which it throws. The index is built first
  /// where there is none. Returns when the project's settings, or those that are kept with the index, may have changed:
  /// load them, open the workspace anew, and watch again.
  ///
  /// One process at a time watches a tree; where another does, this one waits for its turn. Nothing is left behind by a
  /// watcher that is killed. Searches, of this process and of all others, then need not look at the tree.
  ///
  ///     let watching = Task { try await workspace.watch { event in
  ///       if case .updated(let report) = event { print(report.filesIndexed, "files") }
  ///     } }
  ///
  /// Holds a thread of its own, which sleeps while nothing happens; memory for each directory and file of the corpus,
  /// some 200 bytes a file. Throws `permissionDenied` where the index may only be read, `invalidArgument` where it is
  /// that of another tree, `treeGone` when the root was removed or moved, or another directory took its place: nothing
  /// is made there.
  ///
  /// - Parameters:
  ///   - polls: looks at the files now and then, for 1 % of a core, even where the system could tell of changes: for
  ///     file systems whose changes come from another machine. Known ones are polled in any case.
  ///   - tell: called with what happens, from any thread, one call at a time.
  @concurrent public func watch(
    polls: Bool = false, tell: @escaping @Sendable (WatchEvent) -> Void
  ) async throws(CairnError) {
    try await offPool { context throws(Failure) in
      try session.watch(polls: polls, context.cancellation) { tell(WatchEvent($0)) }
    }
  }
}
