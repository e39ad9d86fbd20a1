import Catalog
import Corpus
import Disk
import IndexStorage
import Primitives
import Segments

// The first run over a work tree need not make what the index of another work tree of the same repository has.

extension IndexRun {
  /// Takes over the index of a sibling, where one has what this one is to be: its segments get a second name in this
  /// index (or are copied, where that cannot be), and its list of files comes with them. Its files count as not looked
  /// at, so that the run which goes on reads each of this tree and holds it against its hash: what is the same stays,
  /// unparsed, and nothing is believed of what is not. Without one that is of use it does nothing.
  ///
  /// What is taken over answers at once: a search verifies what it shows in the files of its own tree.
  func adoptSibling(_ catalog: IndexCatalog, started: Int64) throws(Failure) {
    for sibling in options.siblings {
      try cancellation.checkRun()
      do throws(Failure) {
        if try adopt(sibling, catalog, started: started) { return }
      } catch {
        // It may be in the middle of a change, damaged, or not to be read: there may be others, and the files are here.
        if error.code == .cancelled { throw error }
      }
    }
  }

  private func adopt(_ sibling: IndexSite, _ catalog: IndexCatalog, started: Int64) throws(Failure) -> Bool {
    guard sibling.path != directory.path else { return false }
    let source = try sibling.open()
    let sourceCatalog = try source.catalog(.reading)
    let state = try sourceCatalog.snapshot()
    guard state.isComplete, state.identity == wantedIdentity, !state.segments.isEmpty else { return false }
    try beginJournal(catalog, started: started)
    var change = CatalogChange(isComplete: false)
    var numbers: [SegmentID: SegmentID] = [:]
    var held: [Segment] = []
    for record in state.segments {
      try cancellation.checkRun()
      // Held open: a merge over there may take its name away, not its bytes.
      let segment = try source.open(record)
      guard segment.isCurrent else { return false }
      held.append(segment)
      let id = try directory.reserveSegmentID(catalog)
      try directory.take(record, from: source, as: id)
      var taken = record
      taken.id = id
      _ = try directory.open(taken)
      numbers[record.id] = id
      change.addedSegments.append(taken)
    }
    try directory.segments().sync()
    try sourceCatalog.forEachFile { (file) throws(Failure) in
      guard case .indexed(let segment, let number) = file.state, let id = numbers[segment] else { return }
      var file = file
      file.state = .indexed(segment: id, number: number)
      // No file has this number: each is read. What marks it as a secret or as bulk stays.
      (file.fingerprint.modified, file.fingerprint.inode) = (0, 0)
      if file.fingerprint.changed > 0 { file.fingerprint.changed = 0 }
      change.upsertedFiles.append(file)
    }
    // The list may be of a newer state than the segments were.
    guard try sourceCatalog.snapshot().generation == state.generation else { return false }
    change.openedGaps = try sourceCatalog.syntaxGaps()
    try noteAdoption(from: source, try sourceCatalog.newestStamp())
    _ = try catalog.commit(change)
    hasChanged = true
    report.adoptedFrom = sibling.path
    return true
  }
}
