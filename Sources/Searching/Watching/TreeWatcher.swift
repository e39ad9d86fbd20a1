import Corpus
import Disk
package import IndexStorage
import Indexing
import ModelOpening
package import Primitives
import Settings
import Synchronization

/// What a watcher tells of itself.
package enum WatchNews: Sendable {
  /// Another process watches the tree: this one waits for its turn. Nil where that one has not said who it is.
  case standingBy(processID: Int?)
  /// The tree was seen whole, and is watched from here on.
  case watching(WatchRecord, UpdateReport)
  /// Something had changed and is in the index.
  case updated(UpdateReport)
  /// Something went wrong; it is tried again.
  case failed(Failure)
}

/// Keeps the index of one tree fresh, on the thread that calls `run`.
///
/// It waits for the system to tell of changes, gathers what comes in a moment, looks at the directories that these were
/// in, and commits what is new as a small generation. Larger merges are left to times when nothing happens, and end
/// when something does. It holds the index' watch, not its writer's lock: that is taken for each run.
struct TreeWatcher {
  let session: IndexSession
  /// Whether it looks at the files now and then though the system could tell of changes.
  let polls: Bool
  let cancellation: Cancellation
  let tell: @Sendable (WatchNews) -> Void

  // MARK: Times

  /// What comes in so short a time is taken together: a program that saves a file makes several changes of it.
  private static let shortestGathering = Duration.milliseconds(2)
  /// While changes go on, those of so long a time; of as long as the run before took, where that is more.
  private static let gathering = Duration.milliseconds(25)...Duration.milliseconds(500)
  /// Without changes for so long, there is time to merge.
  private static let quiet = Duration.seconds(2)
  /// After the first failure; twice as long after each that follows, up to about a minute.
  private static let pauseAfterFailure = Duration.seconds(1)
  /// How often it is seen whether the watcher before is gone.
  private static let patience = Duration.milliseconds(500)
  /// Polling takes no more than this share of one core, and comes no more often than so.
  private static let pollingShare = 0.01
  private static let shortestPollInterval = Duration.seconds(1)

  /// Watches until it is cancelled, which it throws, or the settings are others.
  func run() throws(Failure) {
    try session.checkTree()
    if let readOnly = session.place.readOnly {
      throw Failure(.permissionDenied, readOnly.message, path: readOnly.path, remedy: .set("index_dir"))
    }
    while true {
      let directory = try session.place.site.make()
      let lock = try waitForTurn(directory)
      defer { withExtendedLifetime(lock) {} }
      var watch = try RunningWatch(of: self, directory)
      if try watch.run() == .settingsChanged { return }
    }
  }

  /// Takes the watch, and waits for the one who has it to end.
  private func waitForTurn(_ directory: IndexDirectory) throws(Failure) -> FileLock {
    var told = false
    while true {
      try cancellation.check()
      if let lock = try directory.lockForWatching() { return lock }
      if !told {
        var processID: Int?
        if case .watching(let record) = try directory.watch() { processID = record.processID }
        tell(.standingBy(processID: processID))
        told = true
      }
      try wait(for: Self.patience)
    }
  }

  private func wait(for duration: Duration) throws(Failure) {
    try pause(for: duration, SearchContext(cancellation: cancellation))
  }

  // MARK: One watch

  /// A watch that is held, of one index directory.
  private struct RunningWatch {
    let watcher: TreeWatcher
    let directory: IndexDirectory
    let tree: WatchedTree
    let events: FileEvents?
    let requests: FreshnessRequests
    /// Of the requests.
    let requestWatch: FileEvents.Watch?
    /// Searchers who wait for all that was changed before they asked.
    var waiting: Set<FilePath> = []
    var settingsBefore: [FileStatus?]
    /// Whether nothing is known of the tree: all of it is to be listed.
    var isBlind = true
    /// What the index held after the last run, which the next one goes on from.
    var state: IndexedState?
    /// Whether merges may be due.
    var isUntidy = false
    var lastRun = Duration.zero
    /// Attempts that have failed since the last one that did not.
    var failureCount = 0
    var record: WatchRecord?
    var pollInterval = TreeWatcher.shortestPollInterval
    var pause: BatteryPause

    private var session: IndexSession { watcher.session }
    private var cancellation: Cancellation { watcher.cancellation }

    init(of watcher: TreeWatcher, _ directory: IndexDirectory) throws(Failure) {
      self.watcher = watcher
      self.directory = directory
      try directory.removeWatchRecord()
      requests = try FreshnessRequests(of: directory)
      let isOfNetwork = try OpenDirectory(watcher.session.root).isOfNetwork
      events = watcher.polls || isOfNetwork ? nil : try? FileEvents()
      requestWatch = try? events?.watch(requests.directory)
      let model = try watcher.session.watchedModel()
      let options = watcher.session.indexingOptions(rebuild: false, for: model.choice)
      tree = WatchedTree(
        root: watcher.session.root, ownDirectory: options.excludedDirectory ?? directory.path, options: options.walk,
        events: events)
      settingsBefore = watcher.settingFiles(directory)
      pause = BatteryPause(isWanted: watcher.session.resolvedSettings.batteryUse == .pause)
    }

    /// Why a watch comes to its end by itself.
    enum End {
      /// The files that say how the tree is indexed are others.
      case settingsChanged
      /// The index was removed or replaced, and the watch is of nothing any more.
      case indexReplaced
    }

    mutating func run() throws(Failure) -> End {
      let wake: @Sendable () -> Void = { [events] in events?.wake() }
      return try cancellation.whileWatching(wake) { () throws(Failure) -> End in
        while true {
          guard try isStillThere() else { return .indexReplaced }
          if hasOtherSettings() { return .settingsChanged }
          do throws(Failure) {
            try bringUpToDate()
            try awaitChanges()
          } catch { try recover(from: error) }
        }
      }
    }

    private mutating func recover(from failure: Failure) throws(Failure) {
      try cancellation.check()
      // Somebody indexes by hand: what is committed so is seen by the next run.
      isBlind = true
      if failure.code == .locked { return try watcher.wait(for: .milliseconds(20)) }
      if try isStillThere() { watcher.tell(.failed(failure)) }
      // What stays as it is, such as a full disk, is not told of every second.
      failureCount += 1
      try watcher.wait(for: TreeWatcher.pauseAfterFailure * (1 << min(failureCount - 1, 6)))
    }

    /// Whether the directory that is watched is the index still.
    private func isStillThere() throws(Failure) -> Bool {
      try watcher.session.place.site.make() === directory
    }

    private mutating func hasOtherSettings() -> Bool { watcher.settingFiles(directory) != settingsBefore }

    // MARK: Changes

    /// Commits what is known to have changed; sees the whole tree where that is not known.
    private mutating func bringUpToDate() throws(Failure) {
      guard isBlind || !waiting.isEmpty || (tree.isDirty && !pause.holds()) else { return }
      let began = ContinuousClock.now
      let isTaken = isBlind ? false : try takeChanges(began)
      if !isTaken { try takeTree(began) }
    }

    /// Commits what has changed since the last run. False where that is not enough.
    private mutating func takeChanges(_ began: ContinuousClock.Instant) throws(Failure) -> Bool {
      guard let state, let changes = try tree.changes() else { return false }
      // A new directory may be one more than the system watches: nobody is to rely on events then.
      if tree.unwatchedCount > 0, record?.sight == .events {
        try writeRecord()
        waiting = []
      }
      if changes.isEmpty {
        answer()
        return true
      }
      do throws(Failure) {
        let report = try session.fill(
          .changes(changes, since: state), isAwaited: !waiting.isEmpty, cancellation)
        finished(report, began)
        if report.hasNews { watcher.tell(.updated(report)) }
        return true
      } catch {
        // The changes are not lost: the whole tree has them.
        guard error.code == .needsWholeRun else { throw error }
        return false
      }
    }

    private mutating func takeTree(_ began: ContinuousClock.Instant) throws(Failure) {
      isBlind = true
      // Whatever is asked by now was asked before the tree is looked at.
      waiting.formUnion(requests.waiting())
      let listing = try tree.list()
      let report = try session.fill(.listing(listing), isAwaited: !waiting.isEmpty, cancellation)
      isBlind = false
      let isFirst = record == nil
      try writeRecord()
      finished(report, began)
      if isFirst, let record {
        watcher.tell(.watching(record, report))
      } else if report.hasNews {
        watcher.tell(.updated(report))
      }
    }

    private mutating func finished(_ report: UpdateReport, _ began: ContinuousClock.Instant) {
      failureCount = 0
      answer()
      state = report.run.state
      isUntidy = isUntidy || report.hasNews
      lastRun = began.duration(to: .now)
    }

    private mutating func answer() {
      requests.answer(waiting)
      waiting = []
    }

    /// Says what this watch is, where that has changed.
    private mutating func writeRecord() throws(Failure) {
      let isTold = events != nil && requestWatch != nil && tree.unwatchedCount == 0
      let record = WatchRecord(
        processID: processID(), began: self.record?.began ?? wallClockNanoseconds(),
        subject: try session.watchSubject(), sight: isTold ? .events : .polling(every: pollInterval),
        directoryCount: tree.directoryCount)
      if record == self.record { return }
      try directory.write(record)
      self.record = record
    }

    // MARK: Waiting

    /// Waits until something has changed, and gathers what comes with it. Meanwhile merges, where that is due.
    private mutating func awaitChanges() throws(Failure) {
      if isBlind { return }
      guard case .events? = record?.sight else { return try poll() }
      guard let events else { return }
      let isPaused = pause.holds()
      // What is left for later is taken in when there is power again.
      let patience = isPaused ? BatteryPause.interval : isUntidy ? TreeWatcher.quiet : nil
      var batch = events.next(timeout: patience)
      if batch.isEmpty, isUntidy, !isPaused, !cancellation.isCancelled {
        isUntidy = false
        batch = tidying { events.next(timeout: nil) }
      }
      try cancellation.check()
      let began = ContinuousClock.now
      let longest = min(max(lastRun, TreeWatcher.gathering.lowerBound), TreeWatcher.gathering.upperBound)
      while !batch.isEmpty {
        take(batch)
        // Nobody who waits for an answer waits for more changes.
        if !waiting.isEmpty || began.duration(to: .now) >= longest { break }
        batch = events.next(timeout: TreeWatcher.shortestGathering)
      }
    }

    private mutating func take(_ batch: [FileEvents.Event]) {
      for event in batch where event.watch == requestWatch && event.kind == .appeared {
        waiting.insert(event.name)
      }
      tree.note(batch.filter { $0.watch != requestWatch })
    }

    /// Looks at the files when it is time to, which leaves the processor alone for most of it. What the system does
    /// tell of is taken at once.
    private mutating func poll() throws(Failure) {
      let batch = try waitForPoll()
      take(batch)
      if tree.isDirty || pause.holds() { return }
      let before = processorTime()
      tree.poll()
      let cost = processorTime() - before
      let interval = max(TreeWatcher.shortestPollInterval, cost / TreeWatcher.pollingShare)
      // Told anew only where it is another thing to the reader.
      if interval > pollInterval * 1.5 || interval < pollInterval / 2 {
        pollInterval = interval
        try writeRecord()
      }
    }

    private func waitForPoll() throws(Failure) -> [FileEvents.Event] {
      if let events {
        let batch = events.next(timeout: pollInterval)
        try cancellation.check()
        return batch
      }
      try watcher.wait(for: pollInterval)
      return []
    }

    /// Does what can wait on a thread beside, until `next` returns, and then ends it within some milliseconds.
    private mutating func tidying(_ next: () -> [FileEvents.Event]) -> [FileEvents.Event] {
      let inner = Cancellation()
      let (session, before) = (session, state)
      let outcome = Mutex<Result<IndexedState?, Failure>>(.success(before))
      let thread = BlockingThread {
        let made = Result { () throws(Failure) in try session.tidy(inner, after: before) }
        outcome.withLock { $0 = made }
      }
      guard let thread else { return next() }
      let batch = next()
      inner.cancel()
      thread.join()
      do throws(Failure) { state = try outcome.withLock { $0 }.get() } catch {
        // It may have committed something before it failed, so that the next run looks at everything.
        state = nil
        if error.code != .cancelled, error.code != .locked { watcher.tell(.failed(error)) }
      }
      return batch
    }
  }

  /// The files that say which files are indexed and how, as they are now.
  private func settingFiles(_ directory: IndexDirectory) -> [FileStatus?] {
    [try? FileStatus(of: session.root.appending(SettingValues.fileName)), directory.statusOfOptions()]
  }
}
