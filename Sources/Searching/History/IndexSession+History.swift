import Catalog
import Chunking
import Corpus
import Disk
import Embedding
import IndexStorage
import Indexing
import ModelOpening
package import Primitives
import Segments
import Settings

// The index of a history lies inside the directory of the tree's own (`history`) and is one like any other, whose
// files are what commits removed (`RemovalCorpus`). It is of the built-in model whatever model the tree's is of: a
// history has many times the text of a tree, and none of it is sent anywhere.

/// How far the index of a history reaches.
package struct HistoryExtent: Hashable, Sendable {
  /// Commits whose removals are in the index.
  package var commitCount: Int
  /// Commits that are reached and whose removals are not yet.
  package var pendingCount: Int
  /// When the oldest of the commits was made, in seconds since 1970; nil where there is none.
  package var oldestSeconds: Int64?
  /// Whether `history_limit` leaves out older commits.
  package var isCut: Bool
  /// Whether the clone lacks the parents of its oldest commits.
  package var isShallow: Bool
  /// Whether of some commits not all could be read.
  package var isPartial: Bool

  init(_ log: CommitLog) {
    commitCount = log.entries.count { $0.removalCount != nil }
    pendingCount = log.entries.count - commitCount
    oldestSeconds = log.oldestSeconds
    isCut = log.isCut
    isShallow = log.isShallow
    isPartial = log.isPartial
  }
}

/// What bringing a history's index up to date came to.
package struct HistoryReport: Sendable {
  package var extent: HistoryExtent
  /// Commits whose removals were read.
  package var newCommitCount = 0
  /// Versions of files of which they took lines away that are indexed now.
  package var removalCount = 0
  /// Removals of commits that are no longer reached, or beyond the limit.
  package var droppedCount = 0
  package var seconds = 0.0
  /// What was damaged and is mended.
  package var repairs: [Failure] = []
}

extension IndexSession {
  /// How far the index of the history reaches, and what it takes on disk; nil where there is none.
  package func historyStatus() -> (extent: HistoryExtent, byteCount: Int, chunkCount: Int)? {
    guard let log = try? history.commitLog(), let status = try? history.status() else { return nil }
    return (HistoryExtent(log), status.catalogByteCount + status.segmentByteCount, status.chunkCount)
  }

  /// Brings the index of the history up to date: reads what new commits removed, forgets what is no longer reached.
  /// Some milliseconds where nothing has changed. What is committed stays, whatever happens after: a run that is
  /// stopped goes on where it was.
  ///
  /// Throws `.noRepository` where the tree is in none, `.gitMissing`, `.gitFailed`, `.untrustedRepository`,
  /// `.permissionDenied` where the index may only be read, `.locked` when another writer is at work.
  ///
  /// - Parameter keepsOlder: what the index has of commits beyond `history_limit` stays.
  package func updateHistory(
    _ request: RunRequest, keepsOlder: Bool = false
  ) throws(Failure) -> HistoryReport {
    let began = ContinuousClock.now
    try place.checkWritable()
    let command = try gitCommand(request.cancellation, asks: true)
    let model = try models.open(.builtIn)
    let options = removalOptions(keepsOlder: keepsOlder)
    if !request.rebuilds, let log = try currentLog(options, command, model, request.cancellation) {
      return HistoryReport(extent: HistoryExtent(log), seconds: (ContinuousClock.now - began) / .seconds(1))
    }
    try prepareForInner()
    let corpus = RemovalCorpus(
      GitHistory(command),
      GitObjects(command, processLimit: resolvedSettings.threadCount),
      options: options, cancellation: request.cancellation)
    let before = (try? history.commitLog())?.entries.filter { $0.removalCount != nil }.map(\.commit.id)
    var report = HistoryReport(extent: HistoryExtent(CommitLog()))
    var next = request
    repeat {
      next.corpus = .removals(corpus)
      let run = try fill(history, with: model, next).run
      report.removalCount += run.filesIndexed
      report.droppedCount += run.filesRemoved
      report.repairs += run.repairs
      next.rebuilds = false
    } while !corpus.isFinished
    let known = Set(before ?? [])
    report.newCommitCount = corpus.log.entries.count { !known.contains($0.commit.id) }
    report.extent = HistoryExtent(corpus.log)
    report.seconds = (ContinuousClock.now - began) / .seconds(1)
    return report
  }

  private func removalOptions(keepsOlder: Bool) -> RemovalCorpus.Options {
    var options = RemovalCorpus.Options()
    options.commitLimit = resolvedSettings.historyLimit
    if keepsOlder, let limit = options.commitLimit, let log = try? history.site.open().commitLog(), log.head != nil {
      options.commitLimit = log.limit.map { max($0, limit) }
    }
    options.includesVendored = settings.boolean(.includesVendored)
    return options
  }

  /// The list of commits where the index has all that is asked for of the commit that is checked out, and nothing of it
  /// is to be made anew; nil where a run has something to do.
  private func currentLog(
    _ options: RemovalCorpus.Options, _ command: GitCommand, _ model: OpenedModel, _ cancellation: Cancellation
  ) throws(Failure) -> CommitLog? {
    guard let directory = try? history.site.open(), let log = try? directory.commitLog(), log.isRead,
      log.limit == options.commitLimit, isWhole(history, of: model.identity),
      try GitHistory(command).head(cancellation: cancellation) == log.head
    else { return nil }
    // What a shallow clone did not have may have come.
    if log.isShallow, !GitHistory(command).isShallow { return nil }
    return log
  }
}
