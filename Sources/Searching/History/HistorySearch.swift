import Corpus
import Disk
import Embedding
import IndexStorage
import Indexing
import ModelOpening
import Primitives
import QueryLanguage
import ResultNotes
import Retrieval
import Segments
import Settings

extension IndexSession {
  /// Searches what the commits of the history removed and the tree does not have any more. Brings the index of the tree
  /// and that of the history up to date first where `query` is to be fresh.
  ///
  /// Throws as `search` and `updateHistory` do, and `noIndex` where the history was never indexed and is not to be.
  func searchHistory(
    _ query: SearchQuery, _ context: SearchContext, progress: (@Sendable (IndexProgress) -> Void)?, _ find: Find
  ) throws(Failure) -> SearchOutcome {
    var outcome = SearchOutcome(results: SearchResults(), notes: [], update: nil)
    // What is gone is told by what is there.
    if query.isFresh {
      outcome = try SearchRun(session: self, query: query, context: context, isLast: true, progress: progress)
        .refreshed()
    }
    let notes = query.isFresh ? try bringHistoryUpToDate(context, progress) : []
    outcome.notes += notes
    // As a search of the tree does with an index that turns out to be damaged: a run makes it again from what git has.
    do throws(Failure) { return try results(query, context, find, beside: outcome) } catch {
      guard [.damaged, .wrongFormat].contains(error.code), error.path?.relative(to: history.path) != nil else {
        throw error
      }
      if let path = error.path { history.markDamaged(path) }
      history.forget()
      if query.isFresh { outcome.notes += try bringHistoryUpToDate(context, progress) }
      do throws(Failure) { return try results(query, context, find, beside: outcome) } catch {
        var failure = error
        if failure.remedy == nil || failure.remedy?.action == .index { failure.remedy = Remedy(.indexHistory) }
        throw failure
      }
    }
  }

  /// What to say where the history could not be brought up to date and there is something to answer from.
  private func bringHistoryUpToDate(
    _ context: SearchContext, _ progress: (@Sendable (IndexProgress) -> Void)?
  ) throws(Failure) -> [Failure] {
    var request = RunRequest(cancellation: context.cancellation)
    request.progress = progress
    request.pace = .awaited
    var wait = WriterWait()
    while true {
      do throws(Failure) { return try updateHistory(request, keepsOlder: true).repairs } catch {
        guard error.code == .locked || error.code == .permissionDenied else { throw error }
        // As for a first index of the tree: there is nothing to answer from before somebody else has made it.
        if error.code == .locked, (try? history.site.open().commitLog())?.isRead != true {
          _ = try wait.look(at: history, indexDirectory: history.path)
          try pause(for: .milliseconds(20), context)
          continue
        }
        guard (try? history.snapshot()) != nil else { throw error }
        return [notBroughtUpToDate(error)]
      }
    }
  }

  private func notBroughtUpToDate(_ error: Failure) -> Failure {
    Failure(
      error.code, "the history is searched as it was: \(error.message)", path: error.path, cause: error.cause,
      remedy: error.remedy)
  }

  private func results(
    _ query: SearchQuery, _ context: SearchContext, _ find: Find, beside before: SearchOutcome
  ) throws(Failure) -> SearchOutcome {
    let model = try models.open(.builtIn)
    var log: CommitLog
    var snapshot: IndexSnapshot
    do throws(Failure) {
      snapshot = try history.snapshot(model: model.identity)
      log = try history.commitLog() ?? CommitLog()
    } catch {
      guard error.code == .notFound else { throw error }
      throw Failure(.noIndex, "the history is not indexed yet", path: root, remedy: Remedy(.indexHistory))
    }
    for index in snapshot.segments.indices {
      snapshot.segments[index].pathPrefixByteCount = RemovalPath.prefixByteCount
    }
    var searcher = Searcher(
      snapshot: snapshot, embedder: model.embedder, nameEmbedder: model.embedder, root: root,
      fileByteCountLimit: settings.integer(.maximumFileByteCount))
    let command = try gitCommand(context.cancellation)
    searcher.removed = HistoryFiles(log, GitObjects(command), cancellation: context.cancellation)
    let isLimited = try limit(&log, command, context.cancellation)
    searcher.removals = PresentCode(log, isLimited: isLimited, tree: tree, searcher: treeSearcher(model))
    var outcome = before
    outcome.results = try find(searcher, context)
    outcome.commits = log
    outcome.notes += notes(on: outcome.results, of: log)
    return outcome
  }

  /// Leaves in `log` the commits that `history_limit` lets be searched, of which the index may have more; gives whether
  /// it had.
  private func limit(
    _ log: inout CommitLog, _ command: GitCommand, _ cancellation: Cancellation
  ) throws(Failure) -> Bool {
    guard let limit = resolvedSettings.historyLimit, log.entries.count > limit, let head = log.head else {
      return false
    }
    let newest = try GitHistory(command).commits(from: head, limit: limit, cancellation: cancellation)
    let names = Set(newest.commits.map(\.id))
    log.entries.removeAll { !names.contains($0.commit.id) }
    log.isCut = true
    return true
  }

  /// Finds lines in the tree as its index has it: words and files tell, whatever model made its vectors.
  private func treeSearcher(_ model: OpenedModel) -> Searcher? {
    guard let snapshot = try? index.snapshot(), let identity = try? indexedModel() else { return nil }
    let embedder: any Embedder =
      identity == model.identity
      ? model.embedder
      : AbsentModel(identity: identity, reason: Failure(.modelAbsent, "lines are found by their words"))
    return Searcher(
      snapshot: snapshot, embedder: embedder, nameEmbedder: model.embedder, root: root,
      fileByteCountLimit: settings.integer(.maximumFileByteCount), followsLinks: settings.boolean(.followsLinks))
  }

  // MARK: Notes

  private func notes(on results: SearchResults, of log: CommitLog) -> [Failure] {
    var notes: [Failure] = []
    let extent = HistoryExtent(log)
    if results.results.isEmpty {
      var message = extent.searched
      if results.presentCount > 0 {
        message +=
          "; \(counted(results.presentCount, "place")) that the query finds there "
          + "\(results.presentCount == 1 ? "is" : "are") in the tree all the same"
      }
      notes.append(Failure(.noAnswer, message))
    }
    if extent.isCut {
      notes.append(
        Failure(
          .scope, "older commits than the newest \(extent.commitCount) are not searched",
          remedy: .set(Setting.historyLimit.key)))
    }
    if extent.isShallow {
      notes.append(
        Failure(
          .scope,
          "this clone is shallow: commits before its oldest are not in it; fetch them with git"))
    }
    if extent.isPartial {
      notes.append(
        Failure(
          .scope,
          "of some commits not all could be read, since git lacks or cannot read their objects (git's fsck names them) "
            + "or they removed more than 2,000,000 lines: what they removed may be missing here"))
    }
    return notes
  }
}

extension HistoryExtent {
  /// What was searched, as a sentence.
  package var searched: String {
    guard let oldestSeconds else { return "there is no commit here yet, so nothing was removed" }
    return "nothing that \(counted(commitCount, "commit")) back to \(CommitDay(oldestSeconds)) removed is like this"
  }
}

/// The day of a commit, in UTC: `2026-01-31`.
package struct CommitDay: CustomStringConvertible {
  package let description: String

  /// - Parameter seconds: since 1970.
  package init(_ seconds: Int64) {
    let (year, month, day) = CommitDate.day(ofSeconds: seconds)
    func digits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    description = "\(year)-\(digits(month))-\(digits(day))"
  }
}
