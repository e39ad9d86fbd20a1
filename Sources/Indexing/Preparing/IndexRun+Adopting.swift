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
  ///
  /// A commit begins from the index of the commit that has most in common with it, whose list is believed as it is:
  /// equal names of blobs are equal files. Where there is none, from that of a tree.
  func adoptSibling(_ catalog: IndexCatalog, _ corpus: ComparedCorpus, started: Int64) throws(Failure) {
    let revisions = try nearestFirst(options.revisions, corpus)
    for (sibling, isOfBlobs) in revisions.map({ ($0, true) }) + options.siblings.map({ ($0, false) }) {
      try cancellation.checkRun()
      do throws(Failure) {
        if try adopt(sibling, catalog, started: started, keepsFingerprints: isOfBlobs) { return }
      } catch {
        // It may be in the middle of a change, damaged, or not to be read: there may be others, and the files are here.
        if error.code == .cancelled { throw error }
      }
    }
  }

  /// The indexes of commits that have half of the corpus or more, the one that has most first.
  private func nearestFirst(_ revisions: [IndexSite], _ corpus: ComparedCorpus) throws(Failure) -> [IndexSite] {
    var counted: [(site: IndexSite, count: Int)] = []
    for site in revisions where site.path != directory.path {
      try cancellation.checkRun()
      var count = 0
      var position = 0
      do throws(Failure) {
        try site.open().catalog(.reading).forEachFile { file in
          while position < corpus.files.count, corpus.files[position].path < file.path { position += 1 }
          guard position < corpus.files.count, corpus.files[position].path == file.path else { return }
          if corpus.files[position].fingerprint == file.fingerprint.withoutBulkMark { count += 1 }
        }
      } catch { continue }
      if count * 2 >= corpus.files.count { counted.append((site, count)) }
      // What another one could have more is not worth reading its list.
      if count * 100 >= corpus.files.count * 99 { break }
    }
    // Of equal ones the first stays first.
    return counted.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
      .map(\.element.site)
  }

  /// - Parameter keepsFingerprints: the fingerprints are those of blobs, which are the same in every index.
  private func adopt(
    _ sibling: IndexSite, _ catalog: IndexCatalog, started: Int64, keepsFingerprints: Bool
  ) throws(Failure) -> Bool {
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
      if keepsFingerprints, case .skipped = file.state {
        change.upsertedFiles.append(file)
        return
      }
      guard case .indexed(let segment, let number) = file.state, let id = numbers[segment] else { return }
      var file = file
      file.state = .indexed(segment: id, number: number)
      if keepsFingerprints {
        change.upsertedFiles.append(file)
        return
      }
      // No file has this number: each is read. What marks it as a secret or as bulk stays.
      (file.fingerprint.modified, file.fingerprint.inode) = (0, 0)
      if file.fingerprint.changed > 0 { file.fingerprint.changed = 0 }
      change.upsertedFiles.append(file)
    }
    // The list may be of a newer state than the segments were.
    guard try sourceCatalog.snapshot().generation == state.generation else { return false }
    change.openedGaps = try sourceCatalog.syntaxGaps()
    _ = try catalog.commit(change)
    hasChanged = true
    report.adoptedFrom = sibling.path
    return true
  }
}
