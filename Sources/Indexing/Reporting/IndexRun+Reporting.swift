import Catalog
import Disk
import IndexStorage
import Primitives

// What a run says of itself: its line in the journal, what is live at its end, and what its user should know.

extension IndexRun {
  /// Notes the run in the journal before its first change; a run without one leaves no trace.
  func beginJournal(_ catalog: IndexCatalog, started: Int64) throws(Failure) {
    if journal != nil { return }
    var line = RunRecord(started: started)
    line.id = try catalog.beginRun(line)
    journal = line
  }

  /// The newest run that did not come to its end, as far as one may have left something that is not taken in yet: the
  /// one before this, or one of those before it that have filled a staged build. Nothing of it is counted.
  func interruptedRun(_ catalog: IndexCatalog) throws(Failure) -> ResumedRun? {
    let underWay = UnderWay(in: directory, forgets: false)
    let lastSeen =
      underWay.isLeftBehind ? (try? directory.held.status(of: IndexDirectory.underWayName))?.modified : nil
    let last = try catalog.runs(limit: 1).first
    if let last, let resumed = ResumedRun(last, lastSeen: lastSeen) { return resumed }
    // It wrote what it was at before it wrote its line.
    if let lastSeen { return ResumedRun(killedAt: lastSeen) }
    guard try catalog.hasStagedBuild() else { return nil }
    for run in try catalog.runs(limit: IndexCatalog.historyCount) {
      if let resumed = ResumedRun(run, lastSeen: nil) { return resumed }
    }
    return nil
  }

  func finishJournal(_ catalog: IndexCatalog, failure: Failure?) throws(Failure) {
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

  func countLive(_ catalog: IndexCatalog) throws(Failure) {
    let snapshot = try catalog.snapshot()
    report.generation = snapshot.generation
    let live = Set(snapshot.segments.map(\.id))
    liveChunkCounts = liveChunkCounts.filter { live.contains($0.key) }
    for segment in snapshot.segments {
      report.liveFileCount += segment.fileCount - segment.tombstones.count
      report.liveChunkCount += try liveChunkCount(of: segment)
    }
  }

  /// As `IndexDirectory.liveChunkCount`, once for each state of a segment.
  func liveChunkCount(of segment: SegmentRecord) throws(Failure) -> Int {
    if segment.tombstones.isEmpty { return segment.chunkCount }
    if let known = liveChunkCounts[segment.id], known.tombstones == segment.tombstones { return known.count }
    let count = try directory.liveChunkCount(of: segment)
    liveChunkCounts[segment.id] = LiveChunkCount(tombstones: segment.tombstones, count: count)
    return count
  }

  /// A ceiling is an estimate made before a file is read: where that was wrong, somebody is told.
  func tellOfCeiling() {
    func megabytes(_ byteCount: Int) -> Int { (byteCount + (1 << 20) - 1) >> 20 }
    let suffix = ceilingPassedAt == nil ? "" : ", first at this file"
    report.failures.append(
      Failure(
        .memoryCeiling,
        "the process held \(megabytes(report.peakOwnByteCount)) MB of private memory at its peak and was to stay under "
          + "\(megabytes(report.memoryCeilingByteCount)) (max_memory_mb, or half of what was free)\(suffix); nothing "
          + "is missing: leave out large generated files and lists with .cairnignore where memory is short",
        path: ceilingPassedAt))
  }

  /// Tells of the files that stay without their syntax although another run could have it, but for those that this one
  /// was at.
  func tellOfGaps(_ catalog: IndexCatalog, _ build: IndexBuild) throws(Failure) {
    let gaps = try catalog.syntaxGaps(of: build).filter(\.reason.isOfMemory)
    if gaps.isEmpty { return }
    let told = Set(report.failures.filter { $0.code == .outOfMemory }.compactMap(\.path))
    for gap in gaps where !told.contains(gap.path) {
      report.failures.append(Failure(.withoutSyntax, gap.message, path: gap.path, remedy: .index))
    }
  }
}
