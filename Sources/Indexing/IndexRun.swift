import Catalog
import Chunking
import Corpus
import Disk
import Embedding
import IndexStorage
import Inspection
import Primitives
import Segments

/// One run, on the thread that calls `perform`; the stages of single files run on others. Used once.
final class IndexRun {
  let root: FilePath
  let directory: IndexDirectory
  var preparer: FilePreparer
  let options: IndexingOptions
  let knowledge: CorpusKnowledge
  let cancellation: Cancellation
  let progress: (@Sendable (IndexProgress) -> Void)?

  /// By what other indexes are believed.
  var trust = IndexSite.Trust.caller
  var report = IndexRunReport()
  var meter: StageMeter
  private let trace: StageMeter.Trace?
  private let start = ContinuousClock.now
  private let processorStart = processorTime()
  /// The journal's line, once there is one.
  var journal: RunRecord?
  /// The newest run that did not come to its end, if one of which this run may have something is known.
  var interrupted: ResumedRun?
  /// Whether what is in the build that the run fills is there from before, for it to go on with.
  var continuesBuild = false
  var hasChanged = false
  /// Whether there must be a new generation even if no file has changed.
  var mustCommit = false
  private var lastCommit = ContinuousClock.now
  /// In words, why there is no catalog any more of what lies on the disk.
  var catalogLoss: String?
  /// Whether that is damage.
  var isRepair = false
  /// Files that are left out as secrets, and segments that hold what was taken out of the index of such files.
  var secretPaths: Set<FilePath> = []
  var segmentsOfSecrets: Set<SegmentID> = []
  /// Whether words of such a file are still in the index because they could not be taken out of it.
  var holdsSecrets = false
  /// Files that the index knows as left out for their content, by reason.
  var skippedFileCounts: [SkipReason: Int] = [:]
  /// Live chunks of segments that have tombstones, as far as they were counted.
  var liveChunkCounts: [SegmentID: LiveChunkCount] = [:]
  /// Whether the run looks at what has changed alone.
  var isPartial = false
  /// Whether it fills an index that no run had filled.
  var isFirstRun = false
  /// What a walk has found, where the run walks.
  var walked: CachedWalk?
  /// Whether a file was another thing by the time that it was read than when it was listed: the catalog has it then as
  /// neither, and the next run is to compare everything.
  private var hasMissedFiles = false
  /// The first large file at which the process held more than it should have.
  var ceilingPassedAt: FilePath?

  init(
    root: FilePath, directory: IndexDirectory, preparer: FilePreparer, options: IndexingOptions,
    knowledge: CorpusKnowledge, cancellation: Cancellation, trace: (any TraceSink)?,
    progress: (@Sendable (IndexProgress) -> Void)?
  ) {
    self.root = root
    self.directory = directory
    self.preparer = preparer
    self.options = options
    self.knowledge = knowledge
    self.cancellation = cancellation
    self.progress = progress
    let start = start
    self.trace = trace.map { StageMeter.Trace(sink: $0, runStart: start) }
    meter = StageMeter(trace: self.trace)
  }

  func perform() throws(Failure) -> IndexRunReport {
    try MemoryWatch.during { (watch) throws(Failure) in
      if options.givesWay {
        try LoadWatch.shared.during(sparesBattery: options.sparesBattery) { () throws(Failure) in try perform(watch) }
      } else {
        try perform(watch)
      }
      report.peakOwnByteCount = watch.peakOwnByteCount
      report.peakResidentByteCount = watch.peakResidentByteCount
      if report.memoryCeilingByteCount > 0, watch.peakGrownByteCount > report.memoryCeilingByteCount { tellOfCeiling() }
    }
    report.stages = meter.reports
    report.processorSeconds = (processorTime() - processorStart) / .seconds(1)
    report.seconds = start.duration(to: .now) / .seconds(1)
    return report
  }

  private func perform(_ watch: MemoryWatch) throws(Failure) {
    ProcessMemory.returnsLargeBlocks()
    let lock = try directory.lockForWriting()
    defer { withExtendedLifetime(lock) {} }
    if knowledge.isPartial { return try attemptChanges(watch) }
    try directory.prepare()
    try directory.note(root: root)
    do {
      try attempt(watch)
    } catch  where isOfCatalog(error) {
      // A memory or a wire that failed once must not cost an index, nor somebody who is just writing its files: it is
      // closed, and opened and read again after a moment.
      if error.code != .unsupportedVersion { pause(milliseconds: 50) }
      begin()
      do {
        try attempt(watch)
      } catch  where isOfCatalog(error) {
        begin()
        catalogLoss =
          error.code == .unsupportedVersion
          ? "another version of Cairn made it" : "its catalog was damaged (\(error.cause ?? error.message))"
        isRepair = error.code != .unsupportedVersion
        try directory.remove { () throws(Failure) in try IndexCatalog.remove(from: directory.held) }
        try attempt(watch)
      }
    }
  }

  /// One attempt at a run over changes: what is wrong with a catalog is for a run that compares everything.
  private func attemptChanges(_ watch: MemoryWatch) throws(Failure) {
    guard (try? directory.held.status(of: IndexCatalog.fileName)) != nil else {
      throw .needsWholeRun("its catalog is missing", path: directory.path)
    }
    do { try attempt(watch) } catch  where isOfCatalog(error) {
      throw .needsWholeRun("its catalog is damaged", path: error.path, cause: error.cause ?? error.message)
    }
  }

  private func begin() {
    report = IndexRunReport()
    meter = StageMeter(trace: trace)
    journal = nil
    interrupted = nil
    continuesBuild = false
    hasChanged = false
    mustCommit = false
    secretPaths = []
    segmentsOfSecrets = []
    holdsSecrets = false
    skippedFileCounts = [:]
    liveChunkCounts = [:]
    hasMissedFiles = false
    lastCommit = .now
  }

  /// Whether the catalog itself is at fault, so that making it anew helps. One of a newer program is left alone unless
  /// a rebuild was asked for; what could not be read is no proof of anything.
  private func isOfCatalog(_ failure: Failure) -> Bool {
    guard let name = failure.path?.lastComponent, IndexCatalog.fileNames.contains(name) else { return false }
    if failure.code == .unsupportedVersion {
      return options.rebuilds || IndexCatalog.isOlder(in: directory.held, path: directory.path)
    }
    return failure.code == .damaged || failure.code == .wrongFormat
  }

  private func attempt(_ watch: MemoryWatch) throws(Failure) {
    let started = preparer.wallClock()
    let catalog = try directory.catalog(.writing, leavesLog: knowledge.isPartial)
    do {
      try bringUpToDate(catalog, started: started, watch)
      let adopted = try gatherSecretsOfAdopted(catalog)
      try purgeSecrets(catalog, started: started)
      if let adopted, !holdsSecrets { try? write(adopted) }
      if hasChanged { try mergeSegments(catalog, options.merging) }
      // Only a killed run has no end while this one holds the lock. What it left is made good now, and its line must
      // not stay the newest; nor that of one that failed, if this run says that it goes on after it.
      if journal == nil, let last = try catalog.runs(limit: 1).first,
        last.finished == nil || (last.failure != nil && report.resumed != nil)
      {
        try beginJournal(catalog, started: started)
      }
      try removeGarbage(directory, catalog)
      try knowledge.removals?.finishRun(in: directory)
    } catch {
      // The failure itself matters more than one in noting it down.
      try? finishJournal(catalog, failure: error)
      throw error
    }
    try finishJournal(catalog, failure: nil)
    try countLive(catalog)
    // After these a run must look at everything again: for what was not visited, and for what holds secrets.
    if report.unvisited.isEmpty, !holdsSecrets, let stamp = try catalog.newestStamp() {
      report.state = IndexedState(
        stamp: stamp, skippedFileCounts: skippedFileCounts.filter { $0.value > 0 }, liveChunkCounts: liveChunkCounts)
    }
    keepListing(hasMissedFiles ? nil : report.state)
  }

  // MARK: The files

  private func bringUpToDate(_ catalog: IndexCatalog, started: Int64, _ watch: MemoryWatch) throws(Failure) {
    if case .changes(let changes, let state) = knowledge {
      return try update(changes, since: state, catalog, started: started, watch)
    }
    if case .unknown = knowledge, preparer.revision == nil {
      let walk = try walkTree()
      if let (changes, state) = partialChanges(walk) {
        do throws(Failure) { return try update(changes, since: state, catalog, started: started, watch) } catch {
          guard error.code == .needsWholeRun else { throw error }
          // Nothing was changed yet.
          let measured = meter
          begin()
          meter = measured
        }
      }
    }
    isPartial = false
    interrupted = try interruptedRun(catalog)
    let corpus = try wholeCorpus(catalog)
    let before = try catalog.snapshot()
    let isFirst = !options.rebuilds && catalogLoss == nil && before.generation == 0
    let build = try chooseBuild(catalog, started: started)
    if isFirst, build == .live { try adoptSibling(catalog, corpus, started: started) }
    try update(catalog, build, corpus, started: started, watch)
  }

  /// The same by what has changed alone. Throws `.needsWholeRun`, before anything is changed, where that is not enough.
  private func update(
    _ changes: CorpusChanges, since state: IndexedState, _ catalog: IndexCatalog, started: Int64, _ watch: MemoryWatch
  ) throws(Failure) {
    isPartial = true
    let corpus = try meter.measure(.compare) { () throws(Failure) in
      try changedCorpus(changes, since: state, catalog)
    }
    try update(catalog, .live, corpus, started: started, watch)
  }

  private func update(
    _ catalog: IndexCatalog, _ build: IndexBuild, _ corpus: ComparedCorpus, started: Int64, _ watch: MemoryWatch
  ) throws(Failure) {
    let underWay = UnderWay(in: directory, forgets: options.rebuilds)
    let budget = MemoryBudget(
      options, fileCount: corpus.fileCount, freeByteCount: SystemMemory.freeByteCount(),
      hardByteCount: SystemMemory.limitedByteCount())
    report.memoryCeilingByteCount = budget.ceiling
    let gaps = try catalog.syntaxGaps(of: build)
    let retried = budget.syntaxToRetry(gaps)
    if isPartial, !underWay.suspects.isEmpty || !underWay.released.isEmpty || !retried.isEmpty {
      throw .needsWholeRun("an earlier run left files to be tried again")
    }
    let diff = try meter.measure(.compare) { () throws(Failure) in
      try compare(corpus, with: build, of: catalog, rereading: underWay.released, retryingSyntaxOf: retried)
    }

    let snapshot = try catalog.snapshot(of: build)
    // What a sibling's index lends is shared as it is.
    isFirstRun = !snapshot.isComplete && report.adoptedFrom == nil
    if !isPartial { ProcessMemory.returnFreeMemory() }
    let collector = FileCollector(
      catalog: catalog, build: build, directory: directory, snapshot: snapshot, gaps: Set(gaps.map(\.path)),
      dimensions: preparer.embedder.identity.dimensions,
      builderByteCount: budget.builderByteCount, isFirstRun: !snapshot.isComplete,
      chunkLimit: preparer.batchEmbedder == nil ? .max : Self.batchCommitChunkCount,
      commitsBeside: threadCount > 1, meter: StageMeter(trace: trace))
    collector.willWrite = { [self] () throws(Failure) in try beginJournal(catalog, started: started) }
    // Whatever happens, no commit outlives the run.
    defer { _ = try? collector.finishCommit() }
    // What was not visited is not gone.
    for file in diff.gone where !corpus.unseen.contains(file.path) { collector.remove(file) }

    if diff.readCount > 0 { underWay.start() }
    do throws(Failure) {
      tryAlone(diff, budget, underWay)
      // Of what commits removed only pieces are kept.
      if diff.readCount > 0, knowledge.removals == nil {
        preparer.stored = try storedContents(snapshot, catalog, build)
      }
      try prepareFiles(diff, collector, budget, watch, underWay, isComplete: snapshot.isComplete)
    } catch {
      underWay.finish()
      throw error
    }
    underWay.finish()
    preparer.stored = nil
    if continuesBuild, var resumed = interrupted {
      resumed.fileCount = report.filesUnchanged
      resumed.totalFileCount = report.filesUnchanged + report.filesIndexed
      report.resumed = resumed
    }
    report.unread.sort { $0.path < $1.path }
    try catalog.setUnread(report.unread)
    var leftOut: [String: Int] = [:]
    for (reason, count) in report.skipped where count > 0 { leftOut[reason.rawValue] = count }
    try catalog.setLeftOut(leftOut)
    let isComplete = !corpus.isCut && report.unread.isEmpty
    let mustCommit = build == .live && (isComplete != snapshot.isComplete || mustCommit)
    if collector.hasChanges || mustCommit { try flush(collector, isComplete: isComplete) }
    try account(for: collector.finishCommit())
    segmentsOfSecrets = collector.segmentsOfSecrets
    skippedFileCounts.merge(collector.skippedFileChanges, uniquingKeysWith: +)
    try tellOfGaps(catalog, build)
    if build == .staged { try keepUnread(corpus.unseen, catalog) }
    if build == .staged { _ = try catalog.promoteStaged(isComplete: isComplete) }
  }

  /// Prepares what was in flight when an earlier run ended, one by one, and throws it away: if that ends this run too,
  /// the next one knows which file it was.
  private func tryAlone(_ diff: CorpusDiff, _ budget: MemoryBudget, _ underWay: UnderWay) {
    var suspects = underWay.suspects
    var index = 0
    while !suspects.isEmpty, index < diff.readCount {
      let work = diff.fileToRead(index)
      if let path = suspects.remove(ContentHash(of: work.file.path.bytes.span)) {
        _ = preparer.prepare(
          work, syntaxByteCount: budget.syntaxByteCount(ofFile: diff.byteCountToRead(index)), underWay,
          underWay.thread(0, isAlone: true), StageMeter(trace: nil))
        underWay.acquit(path)
      }
      index += 1
    }
    for path in suspects { underWay.acquit(path) }
  }

  /// Prepares files on several threads and collects them in the order of their paths.
  private func prepareFiles(
    _ diff: CorpusDiff, _ collector: FileCollector, _ budget: MemoryBudget, _ watch: MemoryWatch, _ underWay: UnderWay,
    isComplete: Bool
  ) throws(Failure) {
    let reporter = ProgressReporter(diff, send: progress)
    var window = preparer.batchEmbedder.map { EmbeddingWindow($0, byteLimit: budget.textsByteCount) }
    var lastReturn = ContinuousClock.now
    func isLarge(_ index: Int) -> Bool { index < diff.readCount && budget.isLarge(diff.byteCountToRead(index)) }
    func take(_ index: Int, _ outcome: PreparedOutcome) throws(Failure) {
      try cancellation.checkRun()
      if let remark = outcome.remark { report.failures.append(remark) }
      // Some of what is over the ceiling may be free already, between what is in use.
      if watch.ownByteCount >= budget.ceiling, lastReturn.duration(to: .now) > .seconds(1) {
        ProcessMemory.returnFreeMemory()
        watch.sample()
        lastReturn = .now
      }
      try meter.measure(.build, byteCount: outcome.fingerprint.byteCount) { () throws(Failure) in
        try collect(diff.fileToRead(index), outcome, collector)
      }
      if ceilingPassedAt == nil, isLarge(index), watch.peakGrownByteCount > budget.ceiling {
        ceilingPassedAt = diff.fileToRead(index).file.path
      }
      if collector.isFull || isCommitDue(collector) { try flush(collector, isComplete: isComplete) }
      if isLarge(index) || isLarge(index + 1) { try makeRoom(collector, isComplete: isComplete) }
      reporter.finished(byteCount: diff.byteCountToRead(index))
    }
    report.threadCount = threadCount
    let workers = WorkerLeave(options, threadCount: threadCount, fileCount: diff.readCount)
    let queue = try mapInOrder(
      count: diff.readCount, threadCount: workers.threadCount, costLimit: budget.filesUnderWayByteCount,
      cost: { budget.cost(ofFile: diff.byteCountToRead($0)) },
      prepareThread: { if workers.runsWhenIdle($0) { runWhenIdle() } },
      mayBegin: { watch.ownByteCount < budget.ceiling && workers.mayBegin($0, thread: $1) },
      transform: { [preparer, trace] index, thread in
        let work = diff.fileToRead(index)
        var outcome = preparer.prepare(
          work, syntaxByteCount: budget.syntaxByteCount(ofFile: diff.byteCountToRead(index)), underWay,
          underWay.thread(thread), StageMeter(trace: trace, thread: thread, path: work.file.path))
        outcome.gap = outcome.gap.map(budget.remembered)
        return outcome
      },
      consume: { (index, outcome) throws(Failure) in
        meter.add(outcome.meter)
        guard window != nil else { return try take(index, outcome) }
        window?.append(index, outcome)
        if window?.isFull == true || isLarge(index) || isLarge(index + 1) { try embed(&window, take) }
      })
    try embed(&window, take)
    report.queue.workersWaitedSeconds = queue.workersWaited / .seconds(1)
    report.queue.writerWaitedSeconds = queue.consumerWaited / .seconds(1)
    report.queue.greatestWaitingCount = queue.greatestWaitingCount
    report.queue.greatestByteCount = queue.greatestCost
  }

  /// Writes out what was gathered and waits for it, for a large file that comes or has come.
  private func makeRoom(_ collector: FileCollector, isComplete: Bool) throws(Failure) {
    if collector.hasNewFiles { try flush(collector, isComplete: isComplete) }
    try account(for: collector.finishCommit())
    ProcessMemory.returnFreeMemory()
  }

  /// Embeds the texts that were gathered and hands their files on.
  private func embed(
    _ window: inout EmbeddingWindow?, _ take: (Int, PreparedOutcome) throws(Failure) -> Void
  ) throws(Failure) {
    guard let full = window, !full.isEmpty else { return }
    window?.removeAll()
    let finished = try meter.measure(.embed, byteCount: full.byteCount) { [cancellation] () throws(Failure) in
      try full.embedded(cancellation)
    }
    for (index, outcome) in finished { try take(index, outcome) }
  }

  /// Chunks after which a run with a slow embedder commits, so that they can be found and are not lost.
  private static let batchCommitChunkCount = 4096

  private func collect(
    _ work: CorpusDiff.FileToRead, _ outcome: PreparedOutcome, _ collector: FileCollector
  ) throws(Failure) {
    let path = work.file.path
    countReused(outcome)
    switch outcome.content {
    case .revived(let segment, let number, let chunkCount):
      report.filesIndexed += 1
      report.chunksAdded += chunkCount
      report.bytesIndexed += outcome.fingerprint.byteCount
      collector.revive(
        FileRecord(
          path: path, fingerprint: outcome.fingerprint, contentHash: outcome.contentHash,
          state: .indexed(segment: segment, number: number)), replacing: work.known)
    case .indexed(let file):
      report.filesIndexed += 1
      report.chunksAdded += file.chunks.count
      report.bytesIndexed += outcome.fingerprint.byteCount
      collector.add(file, outcome.fingerprint, outcome.gap, replacing: work.known)
    case .unchanged:
      guard let before = work.known else { return }
      if let gap = outcome.gap { collector.keep(gap) }
      var known = before
      if case .skipped(let reason) = known.state {
        report.skipped[reason, default: 0] += 1
      } else {
        report.filesUnchanged += 1
      }
      known.fingerprint = outcome.fingerprint
      if known != before { collector.update(known) }
    case .skippedAfterReading(let reason):
      report.skipped[reason, default: 0] += 1
      if reason == .secret { secretPaths.insert(path) }
      collector.skip(
        FileRecord(
          path: path, fingerprint: outcome.fingerprint, contentHash: outcome.contentHash, state: .skipped(reason)),
        replacing: work.known)
    case .unreadable(let failure):
      // What the index has of it stays as it is.
      report.skipped[.unreadable, default: 0] += 1
      leaveUnread(path, isDirectory: false, failure)
    case .unread(let reason):
      report.skipped[reason, default: 0] += 1
      hasMissedFiles = true
      if let known = work.known { collector.remove(known) }
    case .postponed(let failure):
      report.skipped[.unreadable, default: 0] += 1
      leaveUnread(path, isDirectory: false, failure)
    case .vanished:
      report.filesSeen -= 1
      hasMissedFiles = true
      if let known = work.known { collector.remove(known) }
    case .embedderFailed(let failure):
      throw failure
    }
  }

  func leaveUnread(_ path: FilePath, isDirectory: Bool, _ failure: Failure) {
    report.unread.append(UnreadRecord(path: path, isDirectory: isDirectory, failure: failure))
    report.failures.append(failure)
  }

  private func flush(_ collector: FileCollector, isComplete: Bool) throws(Failure) {
    report.segmentsAdded += collector.hasNewFiles ? 1 : 0
    hasChanged = true
    try account(for: collector.flush(isComplete: isComplete))
    report.filesRemoved = collector.removedCount
    lastCommit = .now
  }

  private func account(for commit: FinishedCommit?) {
    guard let commit else { return }
    meter.add(commit.meter)
    report.segmentBytesWritten += commit.byteCount
  }

  private var threadCount: Int { options.threadCount > 0 ? options.threadCount : coreCount }

  private func isCommitDue(_ collector: FileCollector) -> Bool {
    guard let interval = options.commitInterval, collector.hasNewFiles else { return false }
    return lastCommit.duration(to: .now) >= interval
  }
}
