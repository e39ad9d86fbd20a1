import Catalog
import Chunking
import Corpus
import Disk
import Embedding
import Primitives
import Segments

/// One run, on the thread that calls `perform`; the stages of single files run on others. Used once.
final class IndexRun {
  let root: FilePath
  let directory: IndexDirectory
  let preparer: FilePreparer
  let options: IndexingOptions
  let cancellation: Cancellation
  let progress: (@Sendable (IndexProgress) -> Void)?

  var report = IndexRunReport()
  var meter: StageMeter
  private let trace: StageMeter.Trace?
  private let start = ContinuousClock.now
  private let processorStart = processorTime()
  /// The journal's line, once there is one.
  private var journal: RunRecord?
  private var hasChanged = false

  init(
    root: FilePath, directory: IndexDirectory, preparer: FilePreparer, options: IndexingOptions,
    cancellation: Cancellation, trace: (any TraceSink)?, progress: (@Sendable (IndexProgress) -> Void)?
  ) {
    self.root = root
    self.directory = directory
    self.preparer = preparer
    self.options = options
    self.cancellation = cancellation
    self.progress = progress
    let start = start
    self.trace = trace.map { StageMeter.Trace(sink: $0, runStart: start) }
    meter = StageMeter(trace: self.trace)
  }

  func perform() throws(Failure) -> IndexRunReport {
    try MemoryWatch.during { (watch) throws(Failure) in
      try perform(watch)
      report.peakOwnByteCount = watch.peakOwnByteCount
      report.peakResidentByteCount = watch.peakResidentByteCount
    }
    report.memoryCeilingByteCount = options.memoryByteCount
    report.stages = meter.reports
    report.processorSeconds = (processorTime() - processorStart) / .seconds(1)
    report.seconds = start.duration(to: .now) / .seconds(1)
    return report
  }

  private func perform(_ watch: MemoryWatch) throws(Failure) {
    let started = preparer.wallClock()
    try makeDirectory(directory.path)
    let lock = try directory.lockForWriting()
    defer { withExtendedLifetime(lock) {} }
    try directory.prepare()
    let catalog = try openCatalog()
    do {
      let listing = try walk()
      try rebuildIfNeeded(catalog, started: started)
      try update(catalog, listing, started: started)
      if hasChanged { try mergeSegments(catalog) }
      try removeGarbage(directory, catalog)
    } catch {
      // The failure itself matters more than one in noting it down.
      try? finishJournal(catalog, failure: error)
      throw error
    }
    try finishJournal(catalog, failure: nil)
    try countLive(catalog)
  }

  // MARK: Before

  private func openCatalog() throws(Failure) -> IndexCatalog {
    do {
      return try IndexCatalog(directory: directory.path, mode: .writing)
    } catch  where options.rebuilds && (error.code == .damaged || error.code == .unsupportedVersion) {
      try IndexCatalog.remove(from: directory.path)
      return try IndexCatalog(directory: directory.path, mode: .writing)
    }
  }

  private func walk() throws(Failure) -> CorpusListing {
    progress?(IndexProgress(stage: .walking, filesDone: 0, filesTotal: nil, bytesDone: 0, bytesTotal: nil))
    var listing = try meter.measure(.walk) { () throws(Failure) in
      let report = progress
      return try CorpusWalker(root: root, options: options.walk).list { count in
        report?(IndexProgress(stage: .walking, filesDone: count, filesTotal: nil, bytesDone: 0, bytesTotal: nil))
      }
    }
    // The index is no part of the corpus, whatever the rules say of hidden and ignored files.
    if let own = try resolvedPath(options.excludedDirectory ?? directory.path).relative(to: resolvedPath(root)) {
      listing.files.removeAll { $0.path.relative(to: own) != nil }
      listing.skipped.removeAll { $0.path == own || $0.path.relative(to: own) != nil }
    }
    try cancellation.check()
    report.filesSeen = listing.files.count + listing.skipped.count
    for entry in listing.skipped { report.skipped[entry.reason, default: 0] += 1 }
    report.unvisited = listing.unvisited.sorted()
    return listing
  }

  private func rebuildIfNeeded(_ catalog: IndexCatalog, started: Int64) throws(Failure) {
    let wanted = IndexIdentity(model: preparer.embedder.identity, chunker: preparer.chunker)
    let found = try catalog.identity()
    if options.rebuilds {
      report.rebuildReason = "it was asked for"
    } else if let found {
      guard let difference = wanted.difference(from: found) else { return }
      // Minutes of work are not thrown away because of a word on a command line.
      if !wanted.mayReplace(found) { try found.check(preparer.embedder.identity, directory.path) }
      report.rebuildReason = difference
    }
    try beginJournal(catalog, started: started)
    try catalog.reset(to: wanted)
    hasChanged = true
  }

  // MARK: The files

  private func update(_ catalog: IndexCatalog, _ listing: CorpusListing, started: Int64) throws(Failure) {
    let diff = try meter.measure(.compare) { () throws(Failure) in
      var diff = CorpusDiff(of: listing.files)
      try catalog.forEachFile { diff.add($0) }
      diff.finish()
      return diff
    }
    report.filesUnchanged = diff.unchangedCount
    for (reason, count) in diff.unchangedSkipped { report.skipped[reason, default: 0] += count }

    let snapshot = try catalog.snapshot()
    let collector = FileCollector(
      catalog: catalog, directory: directory, snapshot: snapshot,
      dimensions: preparer.embedder.identity.dimensions,
      builderByteCount: options.memoryByteCount / 2)
    collector.willWrite = { [self] () throws(Failure) in try beginJournal(catalog, started: started) }
    // What was not looked at is not gone.
    for file in diff.gone where !listing.isUnvisited(file.path) { collector.remove(file) }

    try prepareFiles(diff.filesToRead, collector, isComplete: snapshot.isComplete)
    let isComplete = !listing.isCut
    if collector.hasChanges || isComplete != snapshot.isComplete { try flush(collector, isComplete: isComplete) }
  }

  /// Prepares files on several threads and collects them in the order of their paths.
  private func prepareFiles(
    _ work: [CorpusDiff.FileToRead], _ collector: FileCollector, isComplete: Bool
  ) throws(Failure) {
    let reporter = ProgressReporter(filesToRead: work, send: progress)
    var window = preparer.batchEmbedder.map { EmbeddingWindow($0, byteLimit: options.memoryByteCount / 8) }
    func take(_ index: Int, _ outcome: PreparedOutcome) throws(Failure) {
      try cancellation.check()
      try meter.measure(.build, byteCount: outcome.fingerprint.byteCount) { () throws(Failure) in
        try collect(work[index], outcome, collector)
      }
      if collector.isFull { try flush(collector, isComplete: isComplete) }
      reporter.finished(work[index].file)
    }
    report.threadCount = options.threadCount > 0 ? options.threadCount : coreCount
    let queue = try mapInOrder(
      count: work.count, threadCount: report.threadCount, costLimit: options.memoryByteCount / 4,
      // A file under way is held as text and as what was made of it; even an empty one costs something.
      cost: { 2 * work[$0].file.fingerprint.byteCount + 16_384 },
      transform: { [preparer, trace] index, thread in
        preparer.prepare(work[index], StageMeter(trace: trace, thread: thread, path: work[index].file.path))
      },
      consume: { (index, outcome) throws(Failure) in
        meter.add(outcome.meter)
        guard window != nil else { return try take(index, outcome) }
        window?.append(index, outcome)
        if window?.isFull == true { try embed(&window, take) }
      })
    try embed(&window, take)
    report.queue.workersWaitedSeconds = queue.workersWaited / .seconds(1)
    report.queue.writerWaitedSeconds = queue.consumerWaited / .seconds(1)
    report.queue.greatestWaitingCount = queue.greatestWaitingCount
    report.queue.greatestByteCount = queue.greatestCost
  }

  /// Embeds the texts that were gathered and hands their files on.
  private func embed(
    _ window: inout EmbeddingWindow?, _ take: (Int, PreparedOutcome) throws(Failure) -> Void
  ) throws(Failure) {
    guard let full = window, !full.isEmpty else { return }
    window?.removeAll()
    try cancellation.check()
    let finished = try meter.measure(.embed, byteCount: full.byteCount) { () throws(Failure) in try full.embedded() }
    for (index, outcome) in finished { try take(index, outcome) }
  }

  private func collect(
    _ work: CorpusDiff.FileToRead, _ outcome: PreparedOutcome, _ collector: FileCollector
  ) throws(Failure) {
    let path = work.file.path
    switch outcome.content {
    case .indexed(let file):
      report.filesIndexed += 1
      report.chunksAdded += file.chunks.count
      report.bytesIndexed += outcome.fingerprint.byteCount
      collector.add(file, outcome.fingerprint, replacing: work.known)
    case .unchanged:
      guard var known = work.known else { return }
      if case .skipped(let reason) = known.state {
        report.skipped[reason, default: 0] += 1
      } else {
        report.filesUnchanged += 1
      }
      known.fingerprint = outcome.fingerprint
      collector.update(known)
    case .skippedAfterReading(let reason):
      report.skipped[reason, default: 0] += 1
      collector.skip(
        FileRecord(
          path: path, fingerprint: outcome.fingerprint, contentHash: outcome.contentHash, state: .skipped(reason)),
        replacing: work.known)
    case .unread(let reason, let failure):
      report.skipped[reason, default: 0] += 1
      if let failure { report.failures.append(failure) }
      if let known = work.known { collector.remove(known) }
    case .vanished:
      report.filesSeen -= 1
      if let known = work.known { collector.remove(known) }
    case .embedderFailed(let failure):
      throw failure
    }
  }

  private func flush(_ collector: FileCollector, isComplete: Bool) throws(Failure) {
    report.segmentsAdded += collector.hasNewFiles ? 1 : 0
    let byteCount = try meter.measure(.commit) { () throws(Failure) in try collector.flush(isComplete: isComplete) }
    meter.add(byteCount: byteCount, to: .commit)
    report.segmentBytesWritten += byteCount
    report.filesRemoved = collector.removedCount
    hasChanged = true
  }

  // MARK: After

  /// Notes the run in the journal before its first change; a run without one leaves no trace.
  private func beginJournal(_ catalog: IndexCatalog, started: Int64) throws(Failure) {
    if journal != nil { return }
    var line = RunRecord(started: started)
    line.id = try catalog.beginRun(line)
    journal = line
  }

  private func finishJournal(_ catalog: IndexCatalog, failure: Failure?) throws(Failure) {
    guard var line = journal else { return }
    line.finished = preparer.wallClock()
    line.filesSeen = report.filesSeen
    line.filesIndexed = report.filesIndexed
    line.filesUnchanged = report.filesUnchanged
    line.filesSkipped = report.skipped.values.reduce(0, +)
    line.filesRemoved = report.filesRemoved
    line.failure = failure?.description
    try catalog.finishRun(line)
  }

  private func countLive(_ catalog: IndexCatalog) throws(Failure) {
    let snapshot = try catalog.snapshot()
    report.generation = snapshot.generation
    for segment in snapshot.segments {
      report.liveFileCount += segment.fileCount - segment.retiredFiles.count
      report.liveChunkCount += try directory.liveChunkCount(of: segment)
    }
  }
}
