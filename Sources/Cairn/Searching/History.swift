import Corpus
import IndexStorage
import Primitives
import Searching

/// The commit that removed what a hit in a history shows. Its texts are as somebody wrote them into the repository.
public struct RemovingCommit: Hashable, Sendable {
  /// The name of the commit, all digits of it.
  public var name: String
  /// The revision that has the lines, as git takes one: `NAME^`, or `NAME^2` for the second parent of a merge.
  public var revision: String
  public var author: String
  public var authorAddress: String
  /// When it was committed, in seconds since 1970.
  public var date: Int64
  public var subject: String

  init?(_ removal: RemovalPath, in log: CommitLog?) {
    guard let commit = log?[number: removal.number]?.commit else { return nil }
    (name, date) = (commit.id.description, commit.seconds)
    revision = name + (removal.parent == 0 ? "^" : "^\(removal.parent + 1)")
    author = String(decoding: commit.authorName, as: UTF8.self)
    authorAddress = String(decoding: commit.authorAddress, as: UTF8.self)
    subject = String(decoding: commit.subject, as: UTF8.self)
  }
}

/// The history of a tree, as far as it is indexed.
///
///     let history = try await workspace.indexHistory()
///     print(history.commitCount, "commits")
public struct History: Hashable, Sendable {
  /// Commits whose removals are indexed.
  public var commitCount: Int
  /// Commits that are reached from the one that is checked out, and are not indexed yet.
  public var pendingCount: Int
  /// When the oldest was committed, in seconds since 1970.
  public var oldestDate: Int64?
  /// Whether `history_limit` leaves older commits out.
  public var isCut: Bool
  /// Whether the clone does not have the commits before its oldest.
  public var isShallow: Bool
  /// Chunks of removed code, and their bytes on disk; 0 in the report of a run.
  public var chunkCount = 0
  public var byteCount = 0
  /// Of a run: the commits that it read, the files of which they removed something, the removals that it dropped, what
  /// was damaged and is mended, and how long it took.
  public var newCommitCount = 0
  public var removalCount = 0
  public var droppedCount = 0
  public var repairs: [CairnError] = []
  public var seconds = 0.0

  init(_ extent: HistoryExtent) {
    (commitCount, pendingCount) = (extent.commitCount, extent.pendingCount)
    (oldestDate, isCut, isShallow) = (extent.oldestSeconds, extent.isCut, extent.isShallow)
  }
}

extension Workspace {
  /// Brings the index of the history up to date, as a search with `SearchRequest.searchesHistory` does: reads what new
  /// commits removed, forgets those that are no longer reached. Throws `noRepository` where there is none, `gitMissing`
  /// where git is not installed, and as `index` does.
  @concurrent public func indexHistory(
    rebuild: Bool = false, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> History {
    try await offPool { context throws(Failure) in
      var run = RunRequest(cancellation: context.cancellation)
      run.rebuilds = rebuild
      run.progress = IndexProgress.handler(progress)
      let report = try session.updateHistory(run)
      var history = History(report.extent)
      (history.newCommitCount, history.removalCount) = (report.newCommitCount, report.removalCount)
      (history.droppedCount, history.seconds) = (report.droppedCount, report.seconds)
      history.repairs = report.repairs.map { CairnError($0) }
      return history
    }
  }

  /// What is indexed of the history; nil where nothing is.
  public var history: History? {
    session.historyStatus().map { status in
      var history = History(status.extent)
      (history.byteCount, history.chunkCount) = (status.byteCount, status.chunkCount)
      return history
    }
  }
}
