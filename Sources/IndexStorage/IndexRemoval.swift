import Catalog
import Disk
package import Primitives

/// What became of the files of an index that was removed.
package struct IndexRemoval: Hashable, Sendable {
  /// The directories that held an index: that of the tree, and those of slower models, of commits and of the history in
  /// it.
  package var directories: [FilePath] = []
  package var fileCount = 0
  /// A file that several of the indexes had names of is counted once.
  package var byteCount = 0
  /// What is still there, and why: what Cairn did not make, and what could not be removed.
  package var left: [Failure] = []

  package init(left: [Failure] = []) { self.left = left }
}

extension StoredIndex {
  /// Removes the index, and those of slower models, of commits and of the history inside it: files with names that
  /// Cairn makes, that belong to the directory's owner and have no other name. One of a name that people give too must
  /// hold what Cairn writes under it. Nothing else is touched, and no link is followed. The directory goes with them
  /// where nothing else is in it; else it keeps its tag, so that another run may use it.
  ///
  /// Where nothing is there but what is not Cairn's, nothing is removed: the removal has no directory, and that is
  /// `left`.
  ///
  /// A search that has the index open goes on with it. A process that is killed meanwhile leaves an index without a
  /// catalog, which the next run makes anew.
  ///
  /// Throws `.notFound` where there is none, `.notOurs`, `.locked` while the tree is watched, or a writer is at work in
  /// any of them, and then nothing was removed. What cannot be removed is `left`, and the rest goes.
  package func remove() throws(Failure) -> IndexRemoval {
    let directory = try site.open()
    let watch = try directory.watch()
    if watch != .nobody {
      var name = "another process"
      if case .watching(let record) = watch { name = "process \(record.processID)" }
      throw Failure(
        .locked, "\(name) watches the tree, and would make the index again: stop it first (Ctrl-C, or `kill`)",
        path: site.path)
    }
    if !directory.holdsAnyOfIndex {
      let others = try directory.provenance().foreign
      if !others.isEmpty { return IndexRemoval(left: others.map(Self.notOurs)) }
    }
    var sites = [site]
    for name in [IndexDirectory.modelsName, IndexDirectory.revisionsName] {
      guard let held = try? directory.held.directory(name) else { continue }
      for entry in try held.entries().sorted(by: { $0.name < $1.name }) {
        let inner = site.inner([name, entry.name])
        if case .ours? = try? inner.find() { sites.append(inner) }
      }
    }
    let history = site.inner([IndexDirectory.historyName])
    if case .ours? = try? history.find() { sites.append(history) }
    var removal = IndexRemoval()
    var counted = CountedFiles()
    try Self.remove(sites[...], &removal, &counted)
    forget()
    removal.directories.sort()
    return removal
  }

  static func notOurs(_ path: FilePath) -> Failure {
    Failure(.notOurs, "Cairn did not make it, and it was not touched", path: path)
  }

  /// Takes all locks before anything is removed; the index of the tree, which is first, goes last.
  private static func remove(
    _ sites: ArraySlice<IndexSite>, _ removal: inout IndexRemoval, _ counted: inout CountedFiles
  ) throws(Failure) {
    guard let site = sites.first else { return }
    let directory = try site.open()
    let lock = try directory.lockForWriting()
    defer { withExtendedLifetime(lock) {} }
    try remove(sites.dropFirst(), &removal, &counted)
    removal.directories.append(site.path)
    try directory.removeOwn(&removal, &counted)
    guard try directory.held.entries().isEmpty else { return }
    do throws(Failure) { try site.removeEmpty(directory) } catch { removal.left.append(error) }
  }
}

/// The files with several names whose bytes were counted.
private struct CountedFiles {
  private struct File: Hashable {
    var device: UInt64
    var inode: UInt64
  }
  private var files: Set<File> = []

  /// The bytes of a file, the first time that a name of it is counted.
  mutating func byteCount(of status: FileStatus) -> Int {
    guard status.linkCount > 1 else {
      // Its last name, where the others are removed by now.
      return files.contains(File(device: status.device, inode: status.inode)) ? 0 : status.byteCount
    }
    return files.insert(File(device: status.device, inode: status.inode)).inserted ? status.byteCount : 0
  }
}

extension IndexDirectory {
  /// Removes Cairn's own files: the catalog first, without which nothing is live; the lock and then the tag last, so
  /// that what a killed process leaves is still Cairn's. The caller holds the writer's lock.
  fileprivate func removeOwn(_ removal: inout IndexRemoval, _ counted: inout CountedFiles) throws(Failure) {
    let entries = try entries()
    let late: [FilePath] = [Self.lockName, IndexTagger.fileName]
    let order = IndexCatalog.fileNames
    for name in order {
      for entry in entries where entry.name == name && entry.role == .file { remove(entry, &removal, &counted) }
    }
    for entry in entries {
      switch entry.role {
      case .segmentFile, .request, .file:
        if entry.role == .file, late.contains(entry.name) || order.contains(entry.name) { continue }
        if isWrittenByCairn(entry) {
          remove(entry, &removal, &counted)
        } else {
          removal.left.append(notWritten(entry))
        }
      case .foreign, .obstacle: removal.left.append(StoredIndex.notOurs(entry.path))
      case .segmentsDirectory, .indexesDirectory, .historyDirectory, .requestsDirectory: continue
      }
    }
    for entry in entries where Self.directories.contains(entry.role) { removeEmpty(entry, &removal) }
    for entry in entries where entry.name == Self.lockName && entry.role == .file {
      if isWrittenByCairn(entry) {
        remove(entry, &removal, &counted)
      } else {
        removal.left.append(notWritten(entry))
      }
    }
    // One that was not there when the entries were read.
    if (try? held.status(of: Self.lockName).byteCount) == 0 { try? held.remove(Self.lockName) }
    // Another process may just have started to use the directory: then it keeps its tag.
    guard try held.entries().allSatisfy({ $0.name == IndexTagger.fileName }) else { return }
    for entry in entries where entry.name == IndexTagger.fileName && entry.role == .file {
      remove(entry, &removal, &counted)
    }
  }

  private static let directories: [Entry.Role] = [
    .segmentsDirectory, .indexesDirectory, .historyDirectory, .requestsDirectory,
  ]

  private func notWritten(_ entry: Entry) -> Failure {
    Failure(
      .notOurs,
      "it has a name of Cairn's and not what Cairn writes there, so it was not touched: remove it if nobody needs it",
      path: entry.path)
  }

  private func remove(_ entry: Entry, _ removal: inout IndexRemoval, _ counted: inout CountedFiles) {
    do throws(Failure) {
      try entry.directory.remove(entry.name)
      removal.fileCount += 1
      removal.byteCount += counted.byteCount(of: entry.status)
    } catch {
      removal.left.append(
        Failure(error.code, error.message, path: entry.path, cause: error.cause, remedy: error.remedy))
    }
  }

  /// A directory of Cairn's; one that holds what was not removed stays, and that was told.
  private func removeEmpty(_ entry: Entry, _ removal: inout IndexRemoval) {
    guard let names = try? held.directory(entry.name).entries() else { return }
    if names.isEmpty {
      do throws(Failure) { try entry.directory.remove(entry.name) } catch {
        removal.left.append(
          Failure(error.code, error.message, path: entry.path, cause: error.cause, remedy: error.remedy))
      }
      return
    }
    switch entry.role {
    case .indexesDirectory:
      for name in names.map(\.name).sorted() { removal.left.append(notAlone(entry.path.appending(name))) }
    case .historyDirectory: removal.left.append(notAlone(entry.path))
    case .file, .segmentsDirectory, .segmentFile, .requestsDirectory, .request, .obstacle, .foreign: break
    }
  }

  private func notAlone(_ path: FilePath) -> Failure {
    Failure(.notOurs, "Cairn did not make it, or not alone, and the rest was not touched", path: path)
  }
}
