import Catalog
import Corpus
import Disk
import IndexStorage
import Primitives
import Segments

// The first run over a work tree need not make what the index of another work tree of the same repository has.

extension IndexRun {
  /// Takes over the index of a sibling, where one has what this one is to be: its segments get a second name in this
  /// index (or are copied, where that cannot be), and its list of files comes with them. A file of which git's indexes
  /// say that it is the same in both trees (`WorktreeComparison`) counts as looked at; every other one does not, so
  /// that the run which goes on reads it and holds it against its hash: what is the same stays, unparsed, and nothing
  /// is believed of what is not. Without a sibling that is of use it does nothing.
  ///
  /// What is taken over answers at once: a search verifies what it shows in the files of its own tree.
  func adoptSibling(_ catalog: IndexCatalog, _ corpus: ComparedCorpus, started: Int64) throws(Failure) {
    for sibling in options.siblings {
      try cancellation.checkRun()
      do throws(Failure) {
        if try adopt(sibling, catalog, corpus, started: started) { return }
      } catch {
        // It may be in the middle of a change, damaged, or not to be read: there may be others, and the files are here.
        if error.code == .cancelled { throw error }
      }
    }
  }

  private func adopt(
    _ sibling: IndexingOptions.Sibling, _ catalog: IndexCatalog, _ corpus: ComparedCorpus, started: Int64
  ) throws(Failure) -> Bool {
    guard sibling.site.path != directory.path else { return false }
    let source = try sibling.site.open()
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
    var known = KnownContents(corpus, WorktreeComparison(of: root, with: sibling.root))
    try sourceCatalog.forEachFile { (file) throws(Failure) in
      var file = file
      if case .indexed(let segment, let number) = file.state {
        guard let id = numbers[segment] else { return }
        file.state = .indexed(segment: id, number: number)
      }
      if let fingerprint = known.fingerprint(of: file) {
        file.fingerprint = fingerprint
      } else {
        // What was left out for its content is read, and no more than that.
        guard case .indexed = file.state else { return }
        // No file has this number: each is read. What marks it as a secret or as bulk stays.
        (file.fingerprint.modified, file.fingerprint.inode) = (0, 0)
        if file.fingerprint.changed > 0 { file.fingerprint.changed = 0 }
      }
      change.upsertedFiles.append(file)
    }
    // The list may be of a newer state than the segments were.
    guard try sourceCatalog.snapshot().generation == state.generation else { return false }
    change.openedGaps = try sourceCatalog.recordedGaps()
    _ = try catalog.commit(change)
    hasChanged = true
    report.adoptedFrom = sibling.site.path
    report.reused.unreadFiles = known.count
    return true
  }
}

/// Which of the files of a sibling's list need not be read in this tree. Asked in the order of their paths.
private struct KnownContents {
  private let files: [SourceFile]
  private var comparison: WorktreeComparison?
  private var next = 0
  /// How many there were.
  private(set) var count = 0

  init(_ corpus: ComparedCorpus, _ comparison: WorktreeComparison?) {
    files = comparison == nil ? [] : corpus.files
    self.comparison = comparison
  }

  /// The fingerprint that the file has in this tree, if its content is the one that the sibling's index has of it. A
  /// file with a secret, and bulk that is there because that was asked for, are read again by each run or judged by
  /// what was asked: so they are read.
  mutating func fingerprint(of known: FileRecord) -> Fingerprint? {
    while next < files.count, files[next].path < known.path { next += 1 }
    guard next < files.count, files[next].path == known.path else { return nil }
    let file = files[next]
    guard !known.fingerprint.isOfSecret, !known.fingerprint.isOfBulk, known.mayStay(as: file),
      comparison?.isSame(file.path, here: file.fingerprint, there: known.fingerprint) == true
    else { return nil }
    count += 1
    return file.fingerprint
  }
}
