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
  ///
  /// A commit begins from the index of the commit that has most in common with it, whose list is believed as it is:
  /// equal names of blobs are equal files. Where there is none, from that of a tree.
  func adoptSibling(_ catalog: IndexCatalog, _ corpus: ComparedCorpus, started: Int64) throws(Failure) {
    let revisions = try nearestFirst(options.revisions, corpus).map { (site: $0, belief: Belief.blobs) }
    let isOfFiles = preparer.revision == nil
    let trees = options.siblings.map { (site: $0.site, belief: isOfFiles ? .gitIndexes(of: $0.root) : Belief.hashes) }
    for (site, belief) in revisions + trees {
      try cancellation.checkRun()
      do throws(Failure) {
        if try adopt(site, catalog, corpus, started: started, belief) { return }
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

  /// By what a file of the adopted list counts as looked at.
  private enum Belief {
    /// The fingerprints are names of blobs, which are the same in every index.
    case blobs
    /// git's indexes of both trees say that it is the same.
    case gitIndexes(of: FilePath)
    /// Only what is read and has the same hash is the same.
    case hashes
  }

  private func adopt(
    _ site: IndexSite, _ catalog: IndexCatalog, _ corpus: ComparedCorpus, started: Int64, _ belief: Belief
  ) throws(Failure) -> Bool {
    guard site.path != directory.path else { return false }
    let source = try site.open()
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
    var known: KnownContents?
    if case .gitIndexes(let other) = belief {
      known = KnownContents(corpus, WorktreeComparison(of: root, with: other))
    }
    try sourceCatalog.forEachFile { (file) throws(Failure) in
      var file = file
      if case .indexed(let segment, let number) = file.state {
        guard let id = numbers[segment] else { return }
        file.state = .indexed(segment: id, number: number)
      }
      if case .blobs = belief {
        change.upsertedFiles.append(file)
        return
      }
      if let fingerprint = known?.fingerprint(of: file) {
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
    try noteAdoption(from: source, try sourceCatalog.newestStamp())
    _ = try catalog.commit(change)
    hasChanged = true
    report.adoptedFrom = site.path
    report.reused.unreadFiles = known?.count ?? 0
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
