import Catalog
import Corpus
import Disk
import IndexStorage
import Primitives
import Segments

extension IndexRun {
  /// Rewrites the live segments that still hold words of files that are now left out as secrets, or of files with
  /// secrets that changed or went: what is merely tombstoned stays on the disk until a merge. Follows from what the
  /// index holds, not from what this run did, so that the next run does what a killed one did not come to. One that
  /// fails is told.
  func purgeSecrets(_ catalog: IndexCatalog, started: Int64) throws(Failure) {
    if secretPaths.isEmpty, segmentsOfSecrets.isEmpty { return }
    for record in try catalog.snapshot().segments where !record.tombstones.isEmpty {
      try cancellation.checkRun()
      do throws(Failure) {
        if !segmentsOfSecrets.contains(record.id) { guard try holdsSecret(record) else { continue } }
        try beginJournal(catalog, started: started)
        let isComplete = try catalog.snapshot().isComplete
        report.segmentBytesWritten += try merge([record], catalog, isComplete: isComplete)
        hasChanged = true
      } catch {
        if error.code == .cancelled { try cancellation.checkRun() }
        if error.code == .damaged, let path = error.path { directory.markDamaged(path) }
        holdsSecrets = true
        report.failures.append(
          Failure(
            error.code,
            "words of a file that is left out as a secret are still in the index, since this could not be written anew "
              + "(\(error.message)), until another run can write it or the index is removed",
            path: error.path, cause: error.cause, remedy: .index))
      }
    }
  }

  /// Whether a tombstoned file of the segment is one that is left out now because it holds a secret.
  private func holdsSecret(_ record: SegmentRecord) throws(Failure) -> Bool {
    if secretPaths.isEmpty { return false }
    let segment = try directory.open(record)
    let found = record.tombstones.members.contains { secretPaths.contains(segment.file($0).path) }
    if let damage = segment.damage { throw damage }
    return found
  }

  /// Takes over into a staged build what it could not read and the live one has: every byte of that is verified by its
  /// checksum. Nothing is taken over from a build of another model, chunker or format, which this one is to replace:
  /// that is told with what was not read.
  func keepUnread(_ unseen: UnseenPlaces, _ catalog: IndexCatalog) throws(Failure) {
    guard !report.unread.isEmpty || !report.unvisited.isEmpty else { return }
    let live = try catalog.snapshot()
    guard live.identity == (try catalog.snapshot(of: .staged).identity) else { return }
    let unread = Set(report.unread.map(\.path))
    var kept: [FilePath: FileRecord] = [:]
    try catalog.forEachFile(of: .live) { file in
      if case .indexed = file.state, unseen.contains(file.path) || unread.contains(file.path) { kept[file.path] = file }
    }
    // A run that was killed may have come so far already.
    try catalog.forEachFile(of: .staged) { kept[$0.path] = nil }
    let gaps = try catalog.syntaxGaps(of: .live).filter { kept[$0.path] != nil }
    for record in live.segments where !kept.isEmpty {
      do throws(Failure) {
        let segment = try directory.open(record)
        guard segment.isCurrent else { continue }
        var left = BitSet(capacity: segment.fileCount)
        var taken: [(file: FileRecord, number: Int)] = []
        for number in 0..<segment.fileCount {
          if let file = kept[segment.file(number).path], file.state == .indexed(segment: record.id, number: number) {
            taken.append((file, number))
          } else {
            left.insert(number)
          }
        }
        if let damage = segment.damage { throw damage }
        if taken.isEmpty { continue }
        let id = try directory.reserveSegmentID(catalog)
        let file = try directory.segment(id)
        let result = try Segments.mergeSegments([segment], tombstoned: [left], to: file)
        var change = CatalogChange(isComplete: false)
        change.addedSegments = [SegmentRecord(id: id, try Segment(opening: file))]
        for (record, number) in taken {
          guard let new = result.newNumber(ofFile: number, in: 0) else { continue }
          var moved = record
          moved.state = .indexed(segment: id, number: new)
          change.upsertedFiles.append(moved)
          change.openedGaps += gaps.filter { $0.path == moved.path }
        }
        _ = try catalog.commit(change, to: .staged)
        report.segmentBytesWritten += result.byteCount
      } catch {
        // What is damaged is what the rebuild is to be rid of. What could not be read or written this once stays with
        // the build that has it, which goes on serving searches.
        guard [.damaged, .wrongFormat, .unsupportedVersion, .notFound].contains(error.code) else {
          throw Failure(
            error.code,
            "the index was left as it is, since what it has of files that could not be read now could not be taken "
              + "over: \(error.message)", path: error.path, cause: error.cause, remedy: error.remedy)
        }
        report.failures.append(
          Failure(
            error.code, "what the index had of files that could not be read now is lost with it: \(error.message)",
            path: error.path, cause: error.cause))
      }
    }
  }

  /// Merges segments until the planner is content. Each merge is a commit of its own. A merge that fails is reported
  /// and ends the merging of this run: the index is complete without it, and the next run that changes something may
  /// try again.
  func mergeSegments(_ catalog: IndexCatalog, _ merging: IndexingOptions.Merging) throws(Failure) {
    if merging == .none { return }
    // A planner that never came to rest would keep the run from ending; each round merges at least one group.
    for round in 0..<32 {
      try cancellation.checkRun()
      let snapshot = try catalog.snapshot()
      var candidates: [MergePlanner.Candidate] = []
      for segment in snapshot.segments {
        candidates.append(
          MergePlanner.Candidate(
            id: segment.id, byteCount: segment.byteCount, chunkCount: segment.chunkCount,
            liveChunkCount: try liveChunkCount(of: segment), isDead: segment.isDead))
      }
      let first = isFirstRun && round == 0 ? MergePlanner().planOfFirstRun(candidates) : []
      let groups = first.isEmpty ? MergePlanner().plan(candidates, onlySmall: merging == .small) : first
      if groups.isEmpty { return }
      progress?(
        IndexProgress(stage: .merging, filesDone: 0, filesTotal: nil, bytesDone: 0, bytesTotal: nil))
      for group in groups {
        try cancellation.checkRun()
        // Nothing of a secret is kept that may have to leave the disk.
        let kept = candidates.filter {
          group.contains($0.id) && !holdsSecrets && MergePlanner().keepsTombstoned(of: $0, among: candidates)
        }
        do {
          let byteCount = try meter.measure(.merge) { () throws(Failure) in
            try merge(
              snapshot.segments.filter { group.contains($0.id) }, keepingTombstonedOf: Set(kept.map(\.id)), catalog,
              isComplete: snapshot.isComplete)
          }
          meter.add(byteCount: byteCount, to: .merge)
          report.segmentBytesWritten += byteCount
          report.mergeCount += 1
          if byteCount > 1 << 20 { ProcessMemory.returnFreeMemory() }
        } catch {
          if error.code == .cancelled { try cancellation.checkRun() }
          // The next run verifies it: the merge read it because it is live.
          if error.code == .damaged, let path = error.path { directory.markDamaged(path) }
          report.failures.append(error)
          return
        }
      }
    }
  }

  /// Merges what there is to merge, as a run of its own.
  func performMerges(after state: IndexedState?) throws(Failure) -> IndexRunReport {
    ProcessMemory.returnsLargeBlocks()
    let lock = try directory.lockForWriting()
    defer { withExtendedLifetime(lock) {} }
    let start = ContinuousClock.now
    // A writer would make a catalog where there is none.
    _ = try directory.catalog(.reading)
    let catalog = try directory.catalog(.writing, leavesLog: true)
    let before = try catalog.newestStamp()
    if let state, state.stamp == before { liveChunkCounts = state.liveChunkCounts }
    do throws(Failure) { try mergeSegments(catalog, .all) } catch {
      guard error.code == .cancelled else { throw error }
    }
    try removeGarbage(directory, catalog)
    try countLive(catalog)
    if var state, state.stamp == before, let stamp = try catalog.newestStamp() {
      state.stamp = stamp
      state.liveChunkCounts = liveChunkCounts
      report.state = state
    }
    report.stages = meter.reports
    report.seconds = start.duration(to: .now) / .seconds(1)
    return report
  }

  /// Gives the size of what was written.
  ///
  /// - Parameter kept: those of which what is tombstoned becomes a segment of its own, in which nothing is live.
  private func merge(
    _ records: [SegmentRecord], keepingTombstonedOf kept: Set<SegmentID> = [], _ catalog: IndexCatalog,
    isComplete: Bool
  ) throws(Failure) -> Int {
    var change = CatalogChange(isComplete: isComplete)
    change.removedSegments = records.map(\.id)
    var sources: [Segment] = []
    for record in records { sources.append(try directory.open(record)) }
    guard records.contains(where: { $0.tombstones.count < $0.fileCount }) else {
      _ = try catalog.commit(change)
      return 0
    }
    var byteCount = 0
    for (record, source) in zip(records, sources) where kept.contains(record.id) {
      let dead = try keepTombstoned(of: record, source, catalog)
      change.addedSegments.append(dead)
      byteCount += dead.byteCount
    }
    let id = try directory.reserveSegmentID(catalog)
    let file = try directory.segment(id)
    let result = try Segments.mergeSegments(
      sources, tombstoned: records.map(\.tombstones), to: file, cancellation: cancellation)
    do throws(Failure) {
      // Opened before it goes live: what cannot be read must not replace what can.
      change.addedSegments.append(SegmentRecord(id: id, try Segment(opening: file)))
      // File by file, so that no list of them is held.
      _ = try catalog.commit(change) { (move) throws(Failure) in
        for (number, source) in sources.enumerated() {
          for file in 0..<source.fileCount {
            guard let new = result.newNumber(ofFile: file, in: number) else { continue }
            if cancellation.isCancelled { throw Failure(.cancelled, "stopped") }
            try move(MovedFile(path: source.file(file).path, segment: id, number: new))
          }
          if let damage = source.damage { throw damage }
        }
      }
    } catch {
      // A commit that was given up has not happened; of one that failed that is not known.
      if error.code == .cancelled { try? file.directory.remove(file.name) }
      throw error
    }
    return byteCount + result.byteCount
  }

  /// Writes what is tombstoned of a segment as one by itself, all of it tombstoned: searches do not open it, and a tree
  /// that goes back to what it was revives its files.
  private func keepTombstoned(
    of record: SegmentRecord, _ source: Segment, _ catalog: IndexCatalog
  ) throws(Failure) -> SegmentRecord {
    var live = BitSet(capacity: source.fileCount)
    for number in 0..<source.fileCount where !record.tombstones.contains(number) { live.insert(number) }
    let id = try directory.reserveSegmentID(catalog)
    let file = try directory.segment(id)
    _ = try Segments.mergeSegments([source], tombstoned: [live], to: file, cancellation: cancellation)
    var dead = SegmentRecord(id: id, try Segment(opening: file))
    dead.tombstones = BitSet(capacity: dead.fileCount)
    for number in 0..<dead.fileCount { dead.tombstones.insert(number) }
    return dead
  }
}
