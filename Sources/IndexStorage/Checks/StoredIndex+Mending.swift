import Catalog
import Corpus
import Disk
package import Primitives

extension StoredIndex {
  /// Does what mends findings of `examine` without a run: modes of Cairn's own files, what is in the place of one and
  /// holds nothing, options that cannot be read, and, for segments whose postings are wrong, makes the next run read
  /// their files again. A damaged catalog is removed, which the next run makes anew. Gives in sentences what was done.
  /// What is not Cairn's is not touched.
  ///
  /// Throws `.locked` while a writer is at work.
  package func mend(_ results: [CheckResult]) throws(Failure) -> [String] {
    // Those of other places than this index' are not done here.
    let repairs = results.compactMap(\.repair).filter { $0 != .closeDirectory && $0 != .removeRemains }
    if repairs.isEmpty { return [] }
    let directory = try site.open()
    // Before the lock, whose file may be one that its owner cannot open.
    var done: [String] = []
    if repairs.contains(.restrict) {
      let count = try directory.restrictOwnFiles()
      if count.opened > 0 {
        done.append(
          "opened \(counted(count.opened, "entry", "entries")) to \(count.opened == 1 ? "its" : "their") owner again")
      }
      if count.closed > 0 { done.append("closed \(counted(count.closed, "entry", "entries")) to others") }
    }
    if repairs.contains(.removeObstacles) {
      let count = try directory.removeObstacles()
      if count > 0 {
        done.append(
          "removed \(counted(count, "entry", "entries")) with names of the index's own that Cairn did not make")
      }
    }
    let lock = try directory.lockForWriting()
    defer { withExtendedLifetime(lock) {} }
    if repairs.contains(.forgetOptions) {
      try directory.remove { () throws(Failure) in try directory.held.remove(IndexDirectory.optionsName) }
      done.append("removed the options kept with the index, which could not be read: name them again")
    }
    if repairs.contains(.removeJournal) {
      try directory.remove { () throws(Failure) in try directory.held.remove(IndexDirectory.journalName) }
      done.append("removed a rollback journal, which is not Cairn's to play back")
    }
    if results.contains(where: { $0.check == .catalog && ($0.repair == .run || $0.repair == .removeCatalog) }),
      try Self.removeDamaged(directory)
    {
      done.append("removed the catalog, which was damaged")
    }
    if results.contains(where: { $0.check != .catalog && $0.repair == .removeCatalog }) {
      try directory.remove { () throws(Failure) in try IndexCatalog.remove(from: directory.held) }
      done.append("removed the catalog, so that the next run makes all of the index again")
    }
    let segments = Set(
      repairs.compactMap { if case .reread(let segment) = $0 { segment } else { nil } })
    if !segments.isEmpty {
      let count = try Self.distrust(segments, directory)
      done.append("had \(counted(count, "file")) of \(counted(segments.count, "segment")) read again")
    }
    return done
  }

  /// Removes a catalog in which a reading of all of it finds damage once more. A run makes a catalog anew where it
  /// meets the damage; but it does not read all, so that what it has no need of would stay as it is. Gives whether it
  /// was removed.
  private static func removeDamaged(_ directory: IndexDirectory) throws(Failure) -> Bool {
    do throws(Failure) {
      try directory.catalog(.reading).verify()
      return false
    } catch {
      // One of another version is the run's to decide on.
      guard error.code == .damaged || error.code == .wrongFormat else { return false }
    }
    try directory.remove { () throws(Failure) in try IndexCatalog.remove(from: directory.held) }
    return true
  }

  /// Makes the next run read every file of the segments again. Gives how many there are.
  private static func distrust(_ segments: Set<SegmentID>, _ directory: IndexDirectory) throws(Failure) -> Int {
    let catalog = try directory.catalog(.writing)
    var change = CatalogChange(isComplete: try catalog.snapshot().isComplete)
    try catalog.forEachFile { (file) throws(Failure) in
      guard case .indexed(let segment, _) = file.state, segments.contains(segment) else { return }
      change.upsertedFiles.append(file.distrusted)
    }
    if !change.upsertedFiles.isEmpty { _ = try catalog.commit(change) }
    return change.upsertedFiles.count
  }
}

extension FileRecord {
  /// The same with a time and a content that the file has not.
  var distrusted: FileRecord {
    var file = self
    file.fingerprint.modified -= 1_000_000_000
    file.contentHash = ContentHash(high: ~contentHash.high, low: ~contentHash.low)
    return file
  }
}

extension IndexDirectory {
  /// Removes what has a name of Cairn's, is no file of Cairn's, belongs to the directory's owner and holds nothing.
  /// Gives how many that were.
  fileprivate func removeObstacles() throws(Failure) -> Int {
    let owner = try held.status().owner
    var count = 0
    for entry in try entries() where entry.role == .obstacle && entry.status.owner == owner && isVacant(entry) {
      if Self.hasOwnCheck(entry.name) { continue }
      try entry.directory.remove(entry.name)
      count += 1
    }
    return count
  }

  /// Whether the entry is a directory with something in it that is not Cairn's: then it may be somebody's own.
  func holdsForeign(_ entry: Entry) -> Bool {
    guard let inner = try? entry.directory.directory(entry.name) else { return false }
    let names = ((try? inner.entries()) ?? []).map(\.name)
    switch entry.role {
    case .historyDirectory: return !names.isEmpty && !names.contains(IndexTagger.fileName)
    case .indexesDirectory: return names.contains { (try? inner.status(of: $0).kind) != .directory }
    case .requestsDirectory: return names.contains { !FreshnessRequest.isName($0) }
    case .file, .segmentsDirectory, .segmentFile, .request, .obstacle, .foreign: return false
    }
  }

  /// Gives Cairn's own files and directories the mode that they are made with. Gives how many kept their owner out, and
  /// how many of the others let somebody else in.
  fileprivate func restrictOwnFiles() throws(Failure) -> (opened: Int, closed: Int) {
    var count = (opened: 0, closed: 0)
    // Twice: what is in a directory that could not be entered is seen after.
    for _ in 0..<2 {
      for entry in try entries() {
        switch entry.role {
        case .foreign, .obstacle: continue
        case .file, .segmentFile, .request, .segmentsDirectory, .indexesDirectory, .historyDirectory,
          .requestsDirectory:
          let mode: UInt32 = entry.status.kind == .directory ? 0o700 : 0o600
          if entry.status.permissions == mode || holdsForeign(entry) { continue }
          try entry.directory.setMode(mode, of: entry.name)
          if entry.status.permissions & mode == mode { count.closed += 1 } else { count.opened += 1 }
        }
      }
    }
    return count
  }
}
