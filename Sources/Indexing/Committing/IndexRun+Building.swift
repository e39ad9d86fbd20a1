import Catalog
import Disk
import Embedding
import IndexStorage
import Primitives
import Segments

// Which build a run fills, and what of it can still be read.

extension IndexRun {
  /// What the index is to be built with.
  var wantedIdentity: IndexIdentity { IndexIdentity(model: preparer.embedder.identity, chunker: preparer.chunker) }

  /// Decides which build the run fills: the live one, or, where everything must be made anew, a staged one beside it,
  /// so that the live one serves searches until the other is complete. What cannot be read of it is forgotten.
  func chooseBuild(_ catalog: IndexCatalog, started: Int64) throws(Failure) -> IndexBuild {
    let wanted = wantedIdentity
    let live = try catalog.snapshot()
    let staged = try stagedIdentity(catalog)
    if let lost = try catalog.lostGeneration() {
      report.repairs.append(
        Failure(
          .damaged,
          "the catalog's log was damaged and the last commits lost, or the mark of the newest generation was of "
            + "another index: what had changed was read again",
          path: directory.path.appending(IndexCatalog.fileName),
          cause: "generation \(lost) was committed, \(live.generation) was left"))
      mustCommit = true
    } else if let damage = try catalog.damageOfMark() {
      if let flaw = damage.flaw {
        report.repairs.append(
          Failure(
            .damaged,
            "the mark of the newest generation was \(flaw.rawValue): every file was compared with the index, and it "
              + "was written again",
            path: damage.failure.path))
        mustCommit = true
      } else {
        report.failures.append(damage.failure)
      }
    }
    // The first generation is committed before the first segment is written.
    if catalogLoss == nil, live.generation == 0,
      try directory.segments().entries().contains(where: { IndexDirectory.isSegmentName($0.name) })
    {
      catalogLoss = "its catalog was missing"
      isRepair = true
    }
    if let catalogLoss, isRepair {
      report.repairs.append(
        Failure(
          .damaged, "the index was built again: \(catalogLoss)",
          path: directory.path.appending(IndexCatalog.fileName)))
    }
    report.rebuildReason = options.rebuilds ? "it was asked for" : catalogLoss
    guard let found = live.identity, !live.segments.isEmpty || report.rebuildReason == nil else {
      // There is nothing that could serve searches meanwhile.
      try beginJournal(catalog, started: started)
      try catalog.reset(to: wanted)
      hasChanged = true
      return .live
    }
    var examined = Examination()
    if report.rebuildReason == nil, let difference = wanted.difference(from: found) {
      // Minutes of work are not thrown away because of a word on a command line; a rebuild that was started was asked
      // for.
      if !wanted.mayReplace(found), staged != wanted { try found.check(preparer.embedder.identity, directory.path) }
      report.rebuildReason = difference
    } else if report.rebuildReason == nil {
      examined = try examine(live.segments)
      report.rebuildReason = examined.difference
    }
    guard report.rebuildReason != nil else {
      // What a killed rebuild of the same left behind is of no use to anybody.
      if staged == wanted { try catalog.dropStaged() }
      // A run that was stopped while there is a staged build was filling that.
      continuesBuild = staged == nil
      try forget(examined, of: .live, catalog, started: started)
      return .live
    }
    try beginJournal(catalog, started: started)
    hasChanged = true
    if live.segments.isEmpty {
      try catalog.reset(to: wanted)
      return .live
    }
    if staged == wanted, !options.rebuilds || found != wanted {
      let examined = try examine(catalog.snapshot(of: .staged).segments)
      if examined.difference == nil {
        continuesBuild = true
        try forget(examined, of: .staged, catalog, started: started)
        return .staged
      }
    }
    try catalog.stage(wanted)
    return .staged
  }

  /// What the staged build is built with; nil if there is none, or none that is sound.
  private func stagedIdentity(_ catalog: IndexCatalog) throws(Failure) -> IndexIdentity? {
    do throws(Failure) {
      guard let identity = try catalog.snapshot(of: .staged).identity else { return nil }
      try catalog.forEachFile(of: .staged) { _ in }
      return identity
    } catch {
      guard error.code == .damaged else { throw error }
      try catalog.dropStaged()
      return nil
    }
  }

  /// What examining every segment of a build came to.
  struct Examination {
    /// In words, why they must be built anew: this program does not read them, or would write something else.
    var difference: String?
    /// Those that are missing, damaged, or not the ones that the catalog lists.
    var damaged: [SegmentID] = []
    /// Those that were marked as damaged.
    var marked: [SegmentID] = []
  }

  private func examine(_ segments: [SegmentRecord]) throws(Failure) -> Examination {
    var examination = Examination()
    let marked = directory.markedSegments()
    for record in segments {
      let isMarked = marked.contains(record.id)
      if isMarked { examination.marked.append(record.id) }
      switch try examine(record, verifies: isMarked) {
      case .current: break
      case .outdated(let difference): examination.difference = examination.difference ?? difference
      case .damaged: examination.damaged.append(record.id)
      }
    }
    return examination
  }

  private enum SegmentState {
    case current
    case outdated(String)
    case damaged
  }

  /// Opens a segment and reads all of it where it `verifies`; one that seems damaged is read twice. Throws where it
  /// cannot be read, which says nothing of what is in it, and for one of a newer program.
  private func examine(_ record: SegmentRecord, verifies: Bool) throws(Failure) -> SegmentState {
    for _ in 0..<2 {
      do throws(Failure) {
        let segment = try directory.open(record)
        if verifies {
          defer { segment.releasePages() }
          try segment.verify()
        }
        return segment.isCurrent ? .current : .outdated("this version of Cairn puts something else into segments")
      } catch {
        switch error.code {
        case .damaged, .wrongFormat, .notFound: continue
        case .unsupportedVersion:
          guard try Segment.isOlder(directory.segment(record.id)) else { throw error }
          return .outdated("this version of Cairn keeps segments in another format")
        default:
          // A directory, a pipe or a link in its place is no segment, however it fails.
          let status = try? directory.segments().status(of: SegmentRecord.fileName(record.id))
          if let status, status.kind != .file { continue }
          throw error
        }
      }
    }
    return .damaged
  }

  /// Drops the damaged segments from the build: their files are read again as new ones.
  private func forget(
    _ examination: Examination, of build: IndexBuild, _ catalog: IndexCatalog, started: Int64
  ) throws(Failure) {
    if !examination.damaged.isEmpty {
      try beginJournal(catalog, started: started)
      _ = try catalog.forget(examination.damaged, of: build)
      hasChanged = true
      for id in examination.damaged {
        let name = SegmentRecord.fileName(id).bytes.prefix { $0 != UInt8(ascii: ".") }
        let isThere = (try? directory.segments().status(of: SegmentRecord.fileName(id))) != nil
        report.repairs.append(
          Failure(
            .damaged,
            "segment \(String(decoding: name, as: UTF8.self)) was \(isThere ? "damaged" : "missing"): "
              + "its files were read again",
            path: directory.path.appending(IndexDirectory.segmentsName).appending(SegmentRecord.fileName(id))))
      }
    }
    for id in examination.marked { directory.removeDamageMark(id) }
  }
}
