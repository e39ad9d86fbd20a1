import Chunking
import Corpus
package import Disk
import Embedding
import IndexStorage
import Indexing
import ModelOpening
package import Primitives
import Retrieval
import Segments
import Settings
import TreeSitterChunking

extension IndexSession {
  /// Keeps the index fresh until it is cancelled, which it throws, or the settings may have changed, when it returns.
  /// Blocks; one at a time for each index, the others wait for their turn.
  ///
  /// Throws `.treeGone` once the tree's path has led to no directory, or to another than at first, for a second:
  /// nothing is made there.
  ///
  /// - Parameters:
  ///   - polls: looks at the files now and then even where the system could tell of changes.
  ///   - tell: is told what happens, on the thread that calls.
  package func watch(
    polls: Bool, _ cancellation: Cancellation, tell: @escaping @Sendable (WatchNews) -> Void
  ) throws(Failure) {
    try watch(polls: polls, cancellation, makeEvents: { () throws(Failure) in try FileEvents() }, tell: tell)
  }

  /// The same.
  ///
  /// - Parameter makeEvents: makes the queue of events, as if the system had other limits; only a test gives it.
  package func watch(
    polls: Bool, _ cancellation: Cancellation,
    makeEvents: @escaping @Sendable () throws(Failure) -> FileEvents, tell: @escaping @Sendable (WatchNews) -> Void
  ) throws(Failure) {
    let tree: HeldRoot
    do throws(Failure) { tree = try HeldRoot(root) } catch {
      throw error.code == .notFound ? Failure.treeGone(root) : error
    }
    let session = IndexSession(self, in: tree)
    let watcher = TreeWatcher(
      session: session, tree: tree, polls: polls, cancellation: cancellation, makeEvents: makeEvents, tell: tell)
    guard resolvedSettings.givesWay ?? true else { return try watcher.run() }
    try givingWay { () throws(Failure) in try watcher.run() }
  }

  /// The model of the index that a watcher keeps fresh: the built-in one where a slower one follows it.
  func watchedModel() throws(Failure) -> OpenedModel {
    try secondary.get() == nil ? try indexingModel() : try models.open(.builtIn)
  }

  /// What a watcher of this session keeps fresh.
  func watchSubject() throws(Failure) -> ContentHash { watchSubject(try watchedModel()) }

  /// The same for an index of `model`: what chooses files (with what the environment says of git's own settings), and
  /// what makes chunks of them. Settings that change only how a run goes are not in it.
  func watchSubject(_ model: OpenedModel) -> ContentHash { watchSubject(model.choice, model.identity) }

  private func watchSubject(_ choice: ModelChoice, _ identity: ModelIdentity) -> ContentHash {
    var walk = indexingOptions(rebuild: false, for: choice).walk
    walk.threadCount = 0
    let text =
      "\(root) \(walk) \(identity.name) \(identity.contentHash) \(identity.dimensions) "
      + "\(Chunker.version) \(Analyzer.version) \(GitEnvironment.process.subject)"
    return ContentHash(of: Array(text.utf8).span)
  }

  /// With more segments than this a watcher's run merges before its end, though somebody writes on and on: a search
  /// looks into each.
  private static let watchedSegmentCount = 32

  /// One run over what is known of the tree.
  ///
  /// - Parameter isAwaited: whether a search waits for it.
  func fill(
    _ corpus: CorpusKnowledge, isAwaited: Bool, _ cancellation: Cancellation
  ) throws(Failure) -> UpdateReport {
    var request = RunRequest(cancellation: cancellation)
    request.corpus = corpus
    request.pace = isAwaited ? .awaited : .background
    // Merges have time when nothing happens (`tidy`): a file that is saved waits for none.
    let segmentCount = (try? index.snapshot())?.segments.count ?? 0
    request.merging = segmentCount > Self.watchedSegmentCount ? .small : .none
    return try fill(index, with: try watchedModel(), request)
  }

  /// What can wait until nothing else is to be done: merges, and the index of a slower model. Gives the state that the
  /// next run goes on from, if it can; `state` is that of the one before.
  func tidy(_ cancellation: Cancellation, after state: IndexedState?) throws(Failure) -> IndexedState? {
    let merged = try merge(index, with: try watchedModel(), after: state, cancellation)
    if let secondary = try secondary.get(), !cancellation.isCancelled {
      do throws(Failure) {
        let model = try naming(secondary.choice) { () throws(Failure) in try models.open(secondary.choice) }
        var request = RunRequest(cancellation: cancellation)
        request.pace = .background
        _ = try fill(secondary, with: model, request)
      } catch {
        // What was merged stays so, and the other index is filled by the next run or search that comes to it.
        if error.code != .cancelled, error.code != .locked { throw error }
      }
    }
    return merged.state
  }

  // MARK: A search beside a watcher

  /// What a watcher says to a search that asks whether the index is fresh.
  enum WatcherAnswer {
    /// All that was changed before the search asked is committed.
    case fresh(WatchRecord)
    /// The search must look for itself: nobody watches, or not what is asked for, or not by events.
    case absent
    /// The same, since the watcher does nothing; with what to say of it.
    case silent(Failure)
  }

  /// Waits until the watcher, if there is one that keeps just this index fresh and is told of every change, has
  /// committed all that was changed before now: for as long as it is at work, and the search has time.
  ///
  /// - Parameter patience: for how long the watcher may do nothing.
  func awaitWatcher(
    _ model: OpenedModel, _ context: SearchContext, patience: Duration = .seconds(3)
  ) throws(Failure) -> WatcherAnswer {
    try awaitWatcher(of: watchSubject(model), context, patience: patience)
  }

  /// The same for who needs no model: the index is of the one that it records, which nobody opens.
  func awaitWatcher(_ context: SearchContext) throws(Failure) -> WatcherAnswer {
    guard let identity = try indexedModel() else { return .absent }
    let choice = try chosenModel() ?? (ModelIdentity.isBuiltIn(identity.name) ? .builtIn : nil)
    guard let choice, try secondary.get() == nil || ModelIdentity.isBuiltIn(identity.name) else { return .absent }
    return try awaitWatcher(
      of: watchSubject(try secondary.get() == nil ? choice : .builtIn, identity), context, patience: .seconds(3))
  }

  private func awaitWatcher(
    of subject: ContentHash, _ context: SearchContext, patience: Duration
  ) throws(Failure) -> WatcherAnswer {
    guard let directory = try? index.site.open(), case .watching(let record)? = try? directory.watch(),
      case .events = record.sight, record.subject == subject,
      let request = try? FreshnessRequest(in: directory)
    else { return .absent }
    func isWatched() -> Bool {
      // With its directory the request went too.
      (try? directory.watch()) == .watching(record) && (try? index.site.open()) === directory
    }
    var lastSign = ContinuousClock.now
    var progress = directory.progressMark
    var wait = Duration.microseconds(200)
    var looks = 0
    while !request.isAnswered {
      // A watcher answers within some milliseconds: until then a look is at the request alone.
      looks += 1
      if looks > 1, looks <= 20, looks & 7 != 0 {
        try pause(for: wait, context)
        continue
      }
      try context.check()
      if !isWatched() { return .absent }
      let now = directory.progressMark
      if now != progress { (progress, lastSign) = (now, .now) }
      if lastSign.duration(to: .now) >= patience {
        // On a machine that has much else to do it may not have come to show it.
        if isAtWork(processID: record.processID) {
          lastSign = .now
          continue
        }
        return .silent(
          Failure(
            .locked,
            "process \(record.processID), which watches the tree, shows no progress (is it stopped?), so the "
              + "search looked at the tree itself: let it go on, or end it", path: directory.path))
      }
      try pause(for: wait, context)
      if looks > 20 { wait = min(wait * 1.5, .milliseconds(4)) }
    }
    return isWatched() ? .fresh(record) : .absent
  }
}
