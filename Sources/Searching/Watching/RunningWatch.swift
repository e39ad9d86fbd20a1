import Catalog
import Corpus
import Disk
import IndexStorage
import Indexing
import Inspection
import ModelOpening
import Primitives
import Settings
import Synchronization

/// A watch that is held, of one index directory.
struct RunningWatch {
  let watcher: TreeWatcher
  let directory: IndexDirectory
  let tree: WatchedTree
  let events: FileEvents?
  /// Why the system does not tell of changes, where that was known from the beginning.
  private var eventFailure: Failure?
  let requests: FreshnessRequests
  /// Of the requests.
  private var requestWatch: FileEvents.Watch?
  /// Of the index' directory, which is seen to go.
  private var indexWatch: FileEvents.Watch?
  /// Searchers who wait for all that was changed before they asked.
  private var waiting: Set<FilePath> = []
  private let settingsBefore: [FileStatus?]
  /// Whether the index that was watched before has gone, so that another may stand in for it.
  private let isRenewed: Bool
  /// Whether nothing is known of the tree: all of it is to be listed.
  private var isBlind = true
  /// Whether somebody removes the index.
  private var isIndexGoing = false
  /// What the index held after the last run, which the next one goes on from.
  private var state: IndexedState?
  /// Whether merges may be due.
  private var isUntidy = false
  /// Of what `UnindexedFiles` were kept: the commit, and the visits of the tree; nil where more has become known since.
  private var unindexedState: (stamp: GenerationStamp, visitCount: Int)?
  private let unindexedGrams = UnindexedGrams()
  /// The files of these whose n-grams are to be learned.
  private var unlearned: [UnindexedFiles.File] = []
  private var lastRun = Duration.zero
  /// Attempts that have failed since the last one that did not.
  private var failureCount = 0
  /// Since when another process writes without an end.
  private var lockedSince: ContinuousClock.Instant?
  private var record: WatchRecord?
  /// Whether the record was taken back while another process writes.
  private var isWithdrawn = false
  private var pollInterval = TreeWatcher.shortestPollInterval
  private var pause: BatteryPause

  private var session: IndexSession { watcher.session }
  private var cancellation: Cancellation { watcher.cancellation }

  init(of watcher: TreeWatcher, _ directory: IndexDirectory, isRenewed: Bool) throws(Failure) {
    self.watcher = watcher
    self.isRenewed = isRenewed
    self.directory = directory
    try directory.removeWatchRecord()
    requests = try FreshnessRequests(of: directory)
    var events: FileEvents?
    if let name = watcher.tree.directory.networkName {
      eventFailure = Failure(.untold, Failure.words(ofNetwork: name))
    } else if !watcher.polls {
      do throws(Failure) {
        let queue = try watcher.makeEvents()
        requestWatch = try queue.watch(requests.directory)
        indexWatch = try queue.watch(directory.held, for: .removals)
        events = queue
      } catch { eventFailure = error }
    }
    self.events = events
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
        try watcher.checkTreeIsThere()
        if isIndexGoing || !session.place.site.isWhole(directory) {
          return try end(.indexReplaced, within: .seconds(10))
        }
        if hasOtherSettings() { return try end(.settingsChanged, within: .seconds(2)) }
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
    if failure.code == .locked {
      let since = lockedSince ?? .now
      lockedSince = since
      if since.duration(to: .now) >= TreeWatcher.lockPatience { try withdraw() }
      return try watcher.wait(for: .milliseconds(20))
    }
    // Why is seen at the next turn.
    if !watcher.tree.isInPlace || !session.place.site.isWhole(directory) { return }
    watcher.tell(.failed(failure))
    // What stays as it is, such as a full disk, is not told of every second.
    failureCount += 1
    try watcher.wait(for: TreeWatcher.pauseAfterFailure * (1 << min(failureCount - 1, 6)))
  }

  private mutating func hasOtherSettings() -> Bool { watcher.settingFiles(directory) != settingsBefore }

  /// Gives `end` once nothing happens any more, or the time is over: what is made while somebody removes the directory
  /// that it is made in would have that fail.
  private func end(_ end: End, within time: Duration) throws(Failure) -> End {
    let deadline = ContinuousClock.now + time
    while ContinuousClock.now < deadline {
      if let events {
        if next(of: events, timeout: TreeWatcher.settling).isEmpty { break }
        try cancellation.check()
      } else {
        try watcher.wait(for: TreeWatcher.settling)
        break
      }
    }
    try cancellation.check()
    return end
  }

  // MARK: Changes

  /// Commits what is known to have changed; sees the whole tree where that is not known.
  private mutating func bringUpToDate() throws(Failure) {
    if !waiting.isEmpty, !isBlind { tree.lookForUntold() }
    guard isBlind || !waiting.isEmpty || (tree.isDirty && !pause.holds()) else { return }
    if !isBlind, !tree.isDirty, state?.isNewest(of: session.index) == true { return answer() }
    let began = ContinuousClock.now
    try WatchProgress.shown(in: directory) { () throws(Failure) in
      let isTaken = isBlind ? false : try takeChanges(began)
      if !isTaken { try takeTree(began) }
    }
  }

  /// Commits what has changed since the last run. False where that is not enough.
  private mutating func takeChanges(_ began: ContinuousClock.Instant) throws(Failure) -> Bool {
    guard let state, let changes = try tree.changes() else { return false }
    // A new directory may be one more than the system watches: nobody is to rely on events then.
    if tree.mustBePolled, record?.sight == .events {
      try writeRecord()
      waiting = []
    }
    if changes.isEmpty {
      // Nobody else may have committed what a run by other settings makes of the tree, or found damage.
      guard state.isNewest(of: session.index) else { return false }
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
    if directory.isBeingWritten {
      throw Failure(.locked, "another process is indexing this directory", path: directory.path)
    }
    try publish()
    // Whatever is asked by now was asked before the tree is looked at.
    waiting.formUnion(requests.waiting())
    let listing = try tree.list()
    let report = try session.fill(.listing(listing), isAwaited: !waiting.isEmpty, cancellation)
    isBlind = false
    let isFirst = record == nil
    try writeRecord()
    finished(report, began)
    if isFirst, isRenewed { session.removeStandIn() }
    if isFirst, let record {
      watcher.tell(.watching(record, report))
    } else if report.hasNews {
      watcher.tell(.updated(report))
    }
  }

  private mutating func finished(_ report: UpdateReport, _ began: ContinuousClock.Instant) {
    failureCount = 0
    lockedSince = nil
    answer()
    state = report.run.state
    isUntidy = isUntidy || report.hasNews
    lastRun = began.duration(to: .now)
  }

  private mutating func answer() {
    if !waiting.isEmpty { keepUnindexed() }
    requests.answer(waiting)
    waiting = []
  }

  /// Keeps what a search of lines reads beside the index, where that is not what was kept last.
  private mutating func keepUnindexed() {
    guard case .events? = record?.sight, !tree.hasUnread, let stamp = try? session.index.stamp() else { return }
    if let unindexedState, unindexedState == (stamp, tree.visitCount) { return }
    do throws(Failure) {
      var kept = UnindexedFiles(stamp: stamp.text)
      var secrets: Set<FilePath> = []
      try session.index.forEachSkippedFile { (file) throws(Failure) in
        kept.files.append(.init(path: file.path, fingerprint: file.fingerprint))
        if file.state == .skipped(.secret) { secrets.insert(file.path) }
      }
      for entry in tree.skippedEntries where entry.isReadByLineSearch {
        if entry.isDirectory {
          kept.directories.append(entry.path)
        } else {
          let fingerprint = entry.fingerprint ?? Fingerprint(byteCount: 0, modified: 0, changed: 0, inode: 0)
          kept.files.append(.init(path: entry.path, fingerprint: fingerprint))
          if entry.reason == .secret { secrets.insert(entry.path) }
        }
      }
      kept.files = unindexedGrams.filled(kept.files)
      try directory.keep(kept)
      unlearned = unindexedGrams.missing(of: kept.files.filter { !secrets.contains($0.path) })
      isUntidy = isUntidy || !unlearned.isEmpty
      unindexedState = (stamp, tree.visitCount)
    } catch {
      // What was kept before is of another commit, and nobody goes by it.
      unindexedState = nil
    }
  }

  // MARK: What it says of itself

  /// Says what this watch is, where that has changed.
  private mutating func writeRecord() throws(Failure) {
    let isTold = events != nil && !tree.mustBePolled
    let record = WatchRecord(
      processID: processID(), began: self.record?.began ?? wallClockNanoseconds(),
      subject: try session.watchSubject(), sight: isTold ? .events : .polling(every: pollInterval),
      directoryCount: tree.directoryCount, reason: isTold ? nil : reason)
    if record == self.record { return }
    try directory.write(record)
    self.record = record
  }

  /// In words, why it looks at the files; nil where it was told to.
  private var reason: String? {
    guard let failure = eventFailure ?? tree.watchFailure else { return nil }
    guard failure.code == .untold, let path = failure.path, !path.isEmpty else { return failure.message }
    return "\(failure.message): \(path)"
  }

  /// Leaves searches to look for themselves while another process writes, which nobody knows the end of.
  private mutating func withdraw() throws(Failure) {
    waiting = []
    if record == nil || isWithdrawn { return }
    try directory.removeWatchRecord()
    isWithdrawn = true
  }

  private mutating func publish() throws(Failure) {
    guard isWithdrawn, let record else { return }
    try directory.write(record)
    isWithdrawn = false
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
    var batch = next(of: events, timeout: patience)
    if batch.isEmpty, isUntidy, !isPaused, !cancellation.isCancelled {
      isUntidy = false
      batch = try tidying(until: events)
    }
    try cancellation.check()
    let began = ContinuousClock.now
    let longest = min(max(lastRun, TreeWatcher.gathering.lowerBound), TreeWatcher.gathering.upperBound)
    var isGoing = true
    while !batch.isEmpty {
      take(batch)
      isGoing = isGoing && batch.allSatisfy { [.vanished, .directoryGone].contains($0.kind) }
      let limit = isGoing ? TreeWatcher.goingGathering.upperBound : longest
      // Nobody who waits for an answer waits for more changes.
      if !waiting.isEmpty || isIndexGoing || began.duration(to: .now) >= limit { break }
      batch = next(
        of: events, timeout: isGoing ? TreeWatcher.goingGathering.lowerBound : TreeWatcher.shortestGathering)
      try cancellation.check()
    }
  }

  /// The events that come next and say something: empty when the time is over, and when the watch is cancelled. What
  /// this process itself does in the index, such as a merge on another thread, says nothing.
  private func next(of events: FileEvents, timeout: Duration?) -> [FileEvents.Event] {
    let deadline = timeout.map { ContinuousClock.now + $0 }
    while true {
      let left = deadline.map { max(.zero, ContinuousClock.now.duration(to: $0)) }
      let batch = events.next(timeout: left)
      let telling = batch.filter { matter(of: $0) != nil }
      if !telling.isEmpty || batch.isEmpty || left == .zero || cancellation.isCancelled { return telling }
    }
  }

  /// What an event is about.
  private enum Matter { case tree, request, indexGoing }

  /// Nil for one that says nothing.
  private func matter(of event: FileEvents.Event) -> Matter? {
    guard let watch = event.watch else { return .tree }
    if watch == requestWatch {
      if event.kind == .directoryGone { return .indexGoing }
      return event.kind == .appeared && FreshnessRequest.isName(event.name) ? .request : nil
    }
    guard watch == indexWatch else { return .tree }
    // It is said of the directory itself that it was moved, too.
    let isGoing = event.name.isEmpty || event.kind == .vanished && IndexDirectory.isLasting(event.name)
    return isGoing ? .indexGoing : nil
  }

  private mutating func take(_ batch: [FileEvents.Event]) {
    for event in batch {
      switch matter(of: event) {
      case .request: waiting.insert(event.name)
      case .indexGoing: isIndexGoing = true
      case .tree: tree.note([event])
      case nil: break
      }
    }
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
      let batch = next(of: events, timeout: pollInterval)
      try cancellation.check()
      return batch
    }
    try watcher.wait(for: pollInterval)
    return []
  }

  /// Does what can wait on a thread beside, until something happens, and then ends it within some milliseconds.
  private mutating func tidying(until events: FileEvents) throws(Failure) -> [FileEvents.Event] {
    let inner = Cancellation()
    let (session, before, grams, unlearned) = (session, state, unindexedGrams, unlearned)
    if !unlearned.isEmpty { (self.unlearned, unindexedState) = ([], nil) }
    let outcome = Mutex<Result<IndexedState?, Failure>>(.success(before))
    let thread = BlockingThread {
      let made = Result { () throws(Failure) in try session.tidy(inner, after: before) }
      outcome.withLock { $0 = made }
      grams.learn(unlearned, in: session.root, inner)
    }
    let batch = next(of: events, timeout: nil)
    guard let thread else { return batch }
    inner.cancel()
    try WatchProgress.shown(in: directory) { () throws(Failure) in thread.join() }
    do throws(Failure) { state = try outcome.withLock { $0 }.get() } catch {
      // It may have committed something before it failed, so that the next run looks at everything.
      state = nil
      if error.code != .cancelled, error.code != .locked { watcher.tell(.failed(error)) }
    }
    return batch
  }
}
