import Catalog
import Corpus
import Disk
import IndexStorage
import Inspection
import Primitives

// What a run compares the index with, and the comparison. A run over the whole corpus reads every row of the catalog;
// one over changes looks up theirs, and counts the rest by what the run before had counted.

extension IndexRun {
  /// The whole corpus, as it was given or as a walk finds it.
  func wholeCorpus(_ catalog: IndexCatalog) throws(Failure) -> ComparedCorpus {
    var listing: CorpusListing
    if let removals = knowledge.removals {
      let state = try catalog.snapshot()
      // What a commit removed is known as a whole: what was lost with a segment is not told from what never was.
      var isDamaged = !directory.markedSegments().isEmpty
      for record in state.segments where (try? directory.open(record)) == nil { isDamaged = true }
      let rereads = options.rebuilds || state.identity != wantedIdentity || isDamaged
      listing = try meter.measure(.walk) { () throws(Failure) in
        try removals.listing(in: directory, catalog, rereads: rereads)
      }
    } else if case .listing(let given) = knowledge {
      listing = given
      try listing.leaveOut(ownDirectory, below: root)
    } else if let revision = preparer.revision {
      listing = try meter.measure(.walk) { () throws(Failure) in
        try revision.list(options.walk, cancellation: cancellation, progress: walkProgress)
      }
    } else {
      listing = try walkedListing()
    }
    listing.markWanted(options)
    try cancellation.checkRun()
    report.filesSeen = listing.files.count + listing.skipped.count
    for entry in listing.skipped {
      report.skipped[entry.reason, default: 0] += 1
      if entry.reason == .secret { secretPaths.insert(entry.path) }
    }
    report.unvisited = listing.unvisited.sorted()
    for entry in listing.unread { leaveUnread(entry.path, isDirectory: entry.kind == .directory, entry.failure) }
    return ComparedCorpus(listing)
  }

  // MARK: Changes only

  /// What has changed, once it is sure that the index is as the run with `state` left it and needs nothing else. Throws
  /// `.needsWholeRun` otherwise; changes nothing.
  func changedCorpus(
    _ given: CorpusChanges, since state: IndexedState, _ catalog: IndexCatalog
  ) throws(Failure) -> ComparedCorpus {
    var changes = given
    if let includesGenerated = options.includesGenerated {
      for i in changes.files.indices where includesGenerated(changes.files[i].path) {
        changes.files[i].includesGenerated = true
      }
    }
    try checkContinuation(of: state, catalog)
    let stillUnread = try stillUnread(changes, catalog)
    try cancellation.checkRun()

    report.filesSeen = changes.fileCount + changes.leftOut.values.reduce(0, +)
    report.skipped = changes.leftOut.filter { $0.value > 0 }
    for entry in changes.skipped where entry.reason == .secret { secretPaths.insert(entry.path) }
    for entry in changes.unread { leaveUnread(entry.path, isDirectory: entry.kind == .directory, entry.failure) }
    for record in stillUnread {
      report.skipped[.unreadable, default: 0] += 1
      leaveUnread(record.path, isDirectory: false, record.failure)
    }
    skippedFileCounts = state.skippedFileCounts
    liveChunkCounts = state.liveChunkCounts
    return ComparedCorpus(changes)
  }

  private func checkContinuation(of state: IndexedState, _ catalog: IndexCatalog) throws(Failure) {
    if options.rebuilds { throw .needsWholeRun("a rebuild was asked for") }
    // So is anything between: a run that failed after a commit, one of another process, another index in its place.
    guard try catalog.newestStamp() == state.stamp else {
      throw .needsWholeRun("the index is not as the run before left it")
    }
    guard try catalog.identity() == wantedIdentity else { throw .needsWholeRun("it is to be built with another model") }
    guard try !catalog.hasStagedBuild() else { throw .needsWholeRun("a rebuild is in flight") }
    if try catalog.lostGeneration() != nil { throw .needsWholeRun("commits were lost") }
    if let damage = try catalog.damageOfMark() {
      if damage.flaw != nil { throw .needsWholeRun(damage.failure.message) }
      report.failures.append(damage.failure)
    }
    if let last = try catalog.runs(limit: 1).first, last.finished == nil { throw .needsWholeRun("a run was killed") }
    guard directory.markedSegments().isEmpty else { throw .needsWholeRun("a part of it was found damaged") }
  }

  /// Files that the run before could not read although the walk listed them, and that still cannot be read. What of it
  /// can be read now, or has gone, is not told by the changes.
  private func stillUnread(_ changes: CorpusChanges, _ catalog: IndexCatalog) throws(Failure) -> [UnreadRecord] {
    let before = try catalog.unread()
    if before.isEmpty { return [] }
    let corpus = ComparedCorpus(changes)
    let lookedUp = Set(corpus.lookedUp ?? [])
    let unread = Set(changes.unread.map(\.path))
    var still: [UnreadRecord] = []
    for record in before where !unread.contains(record.path) && !corpus.unseen.contains(record.path) {
      if !record.isDirectory, lookedUp.contains(record.path) { continue }
      guard !record.isDirectory, preparer.isUnreadable(record.path) || record.failure.code == .endedRun else {
        throw .needsWholeRun("what could not be read before may be readable now", path: record.path)
      }
      still.append(record)
    }
    return still
  }

  // MARK: The comparison

  /// Compares the corpus with what the build has, and counts what need not be read.
  func compare(
    _ corpus: ComparedCorpus, with build: IndexBuild, of catalog: IndexCatalog, rereading reread: Set<ContentHash>,
    retryingSyntaxOf retried: Set<FilePath>
  ) throws(Failure) -> CorpusDiff {
    var diff = CorpusDiff(of: corpus.files, rereading: reread, retryingSyntaxOf: retried)
    guard let paths = corpus.lookedUp else {
      skippedFileCounts = [:]
      try catalog.forEachFile(of: build) { file in
        diff.add(file)
        if case .skipped(let reason) = file.state { skippedFileCounts[reason, default: 0] += 1 }
        if file.state == .skipped(.secret) { secretPaths.insert(file.path) }
      }
      diff.finish()
      for (reason, count) in diff.unchangedSkipped { report.skipped[reason, default: 0] += count }
      report.filesUnchanged = diff.unchangedCount
      return diff
    }
    var untouched = skippedFileCounts
    try catalog.forEachFile(of: build, at: paths) { file in
      diff.add(file)
      if case .skipped(let reason) = file.state { untouched[reason, default: 0] -= 1 }
      if file.state == .skipped(.secret) { secretPaths.insert(file.path) }
    }
    diff.finish()
    try catalog.forEachFile(of: build, in: report.unread, except: Set(paths)) { file in
      if case .skipped(let reason) = file.state { untouched[reason, default: 0] -= 1 }
    }
    for (reason, count) in untouched where count > 0 { report.skipped[reason, default: 0] += count }
    for (reason, count) in diff.unchangedSkipped { report.skipped[reason, default: 0] += count }
    // Every file of the corpus that is neither left out nor read is as the index has it.
    report.filesUnchanged = report.filesSeen - report.skipped.values.reduce(0, +) - diff.readCount
    return diff
  }
}
