package import Catalog
import Corpus
package import Disk
package import Primitives
import Synchronization

/// The directory that holds an index, held open: everything inside is opened relative to it, and no link is followed.
///
///     cairn.tag                         says that Cairn made the directory
///     catalog.sqlite (and -wal, -shm)   what is live
///     catalog.newest                    the newest generation, which tells of a catalog that lost it
///     root                              the tree that was indexed last
///     segments/000042.segment           the segments
///     segments/000042.damaged           that one was found damaged: the next run verifies every byte of it
///     options                           what was named on the command line that built it
///     writer.lock                       held by the one writer
///     watch.lock, watch                 held by the one watcher, and what it says of itself
///     requests/                         searches that wait for the watcher
///     tree                              what the last walk listed, for the next one; may be lost at any time
///     unindexed                         what a watcher knows to be in the tree and not in the index
///     underway                          the files that a run is at, for the run after one that did not come to its end
///     history/                          the index of what commits removed, such a directory itself
///     commits                           of a history: the commits that its files are of
///     used                              of a commit's index: its time is when it was last searched
///     models/, revisions/               the indexes of slower models and of commits, each such a directory
///     adopted                           indexes from which this one was taken over
///     .gitignore                        `*`: git does not see the directory
///     CACHEDIR.TAG                      backup programs leave the directory out: it can be made again
///
/// Directories are for their owner alone (0700), and so are files (0600), whatever the umask says. Two descriptors,
/// closed when the value goes. Thread-safe.
package final class IndexDirectory: Sendable {
  package let path: FilePath
  /// Segments of no more bytes are read whole instead of mapped.
  let wholeByteCount: Int
  package let held: OpenDirectory
  /// Opened at its first use.
  private let heldSegments = Mutex<OpenDirectory?>(nil)

  /// - Parameters:
  ///   - held: the directory, which the caller believes (`IndexSite`).
  ///   - path: of it, for messages.
  ///   - wholeByteCount: segments of no more bytes are read whole instead of mapped.
  package init(_ held: OpenDirectory, path: FilePath, readsWholeUpTo wholeByteCount: Int) {
    self.held = held
    self.path = path
    self.wholeByteCount = wholeByteCount
  }

  package func file(_ name: FilePath) -> HeldName { HeldName(name, in: held, path: path.appending(name)) }

  /// Throws `.notFound` where there is none, `.damaged` if something else has its name.
  package func segments() throws(Failure) -> OpenDirectory {
    try heldSegments.withLock { (opened) throws(Failure) -> OpenDirectory in
      let name = Self.segmentsName
      let status: FileStatus
      do throws(Failure) { status = try held.status(of: name) } catch {
        throw Failure(error.code, error.message, path: path.appending(name), cause: error.cause, remedy: error.remedy)
      }
      guard status.kind == .directory else { throw Failure.noDirectory(path) }
      try checkOwner(status)
      // Another one in its place: somebody removed it, and another process built the index anew.
      if let opened, try opened.status().inode == status.inode { return opened }
      let directory = try held.directory(name)
      opened = directory
      return directory
    }
  }

  /// Throws where the directory of segments is somebody else's: no damage, since who gave it away can take it back, and
  /// nothing that is in it is lost until then.
  private func checkOwner(_ status: FileStatus) throws(Failure) {
    if try status.owner == held.status().owner { return }
    throw Failure(
      .permissionDenied,
      "it belongs to another user than the index around it: give it back (`chown`), or remove the whole index",
      path: path.appending(Self.segmentsName), remedy: .index)
  }

  package func segment(_ id: SegmentID) throws(Failure) -> HeldName {
    let name = SegmentRecord.fileName(id)
    var file = HeldName(name, in: try segments(), path: path.appending(Self.segmentsName).appending(name))
    // The indexes of several work trees share what they have in common.
    file.mayHaveOtherNames = true
    return file
  }

  package func catalog(_ mode: IndexCatalog.Mode, leavesLog: Bool = false) throws(Failure) -> IndexCatalog {
    try IndexCatalog(directory: held, path: path, mode: mode, leavesLog: leavesLog)
  }

  /// In the directory of a model that comes after the built-in one: the generation of the other index that it holds all
  /// of.
  package static let markName: FilePath = "caught-up"
  /// What is written by way of a temporary name.
  static let writtenNames: Set<FilePath> =
    [
      IndexTagger.fileName, IndexCatalog.newestName, ignoreName, "CACHEDIR.TAG", markName, optionsName, rootName,
      watchRecordName, treeName, unindexedName, usedName, commitLogName, adoptedName, subjectName,
    ]
  package static let segmentsName: FilePath = "segments"
  static let rootName: FilePath = "root"
  static let treeName: FilePath = "tree"
  /// From which indexes of other work trees this one was taken over; the write flow reads and writes it.
  package static let adoptedName: FilePath = "adopted"
  static let cacheSignature = "Signature: 8a477f597d28d172789f06886806bc55"
  static let lockName: FilePath = "writer.lock"
  static let ignoreName: FilePath = ".gitignore"
  static let ignoreContent = Array("*\n".utf8)

  /// Makes what is missing, and puts a directory in the place of anything else called `segments`. Writes nothing if
  /// all is there. The caller holds the writer's lock.
  package func prepare() throws(Failure) {
    if let status = try? held.status(of: Self.segmentsName) {
      if status.kind != .directory {
        try remove { () throws(Failure) in try held.remove(Self.segmentsName) }
      } else {
        try checkOwner(status)
      }
    }
    let made = try held.makeDirectory(Self.segmentsName)
    heldSegments.withLock { $0 = made }
    removeForeignOptions()
    try hide()
  }

  /// Has git and backup programs leave the directory out. Does nothing if that is said already.
  package func hide() throws(Failure) {
    if (try? held.status(of: Self.ignoreName)) == nil { try write(Self.ignoreContent, to: Self.ignoreName) }
    try write(
      """
      \(Self.cacheSignature)
      # This file is a cache directory tag created by Cairn.
      # For information about cache directory tags, see https://bford.info/cachedir/

      """, to: "CACHEDIR.TAG")
  }

  private func write(_ text: String, to name: FilePath) throws(Failure) {
    if (try? held.status(of: name)) != nil { return }
    try write(Array(text.utf8), to: name)
  }

  /// Writes the file `name`, whole or not at all.
  ///
  /// - Parameter isDurable: as of `AtomicFile.commit`.
  package func write(_ content: [UInt8], to name: FilePath, isDurable: Bool = true) throws(Failure) {
    var file = try AtomicFile(self.file(name))
    try file.write(content)
    try file.commit(isDurable: isDurable)
  }

  /// The content of the file `name`; nil if there is none, or it is not a file of the owner's.
  package func content(of name: FilePath, limit: Int) -> [UInt8]? { try? file(name).read(limit: limit).bytes }

  /// Notes down whose index this is. The caller holds the writer's lock.
  package func note(root: FilePath) throws(Failure) {
    let root = try resolvedPath(root)
    if content(of: Self.rootName, limit: 1 << 16) == root.bytes { return }
    if let status = try? held.status(of: Self.rootName), status.kind == .directory {
      // What somebody put there does not keep the index from being made.
      do throws(Failure) { try held.remove(Self.rootName) } catch { return }
    }
    try write(root.bytes, to: Self.rootName)
  }

  /// What `keep(cachedListing:)` kept last; nil where there is none.
  package func cachedListing() -> [UInt8]? { content(of: Self.treeName, limit: ListingCache.byteLimit) }

  /// Keeps what a walk has listed for the next one. Where that fails it has the one from before, or none. The caller
  /// holds the writer's lock.
  package func keep(cachedListing: [UInt8]) {
    if cachedListing.count > ListingCache.byteLimit { return }
    try? write(cachedListing, to: Self.treeName, isDurable: false)
  }

  /// The tree whose index this is where that is another than `root` and is still there. One that was moved away, and
  /// one that an older version of Cairn indexed, is nobody's.
  package func otherRoot(than root: FilePath) -> FilePath? {
    guard let bytes = content(of: Self.rootName, limit: 1 << 16), !bytes.isEmpty, !bytes.contains(0) else { return nil }
    let other = FilePath(bytes: bytes)
    guard other != root, let status = try? FileStatus(of: other), status.kind == .directory else { return nil }
    // The same tree by another path, as a second mount of it has one.
    if let own = try? FileStatus(of: root), own.device == status.device, own.inode == status.inode { return nil }
    // The index is in this tree, of which the other is a copy or which was copied from it.
    if let real = try? resolvedPath(path), real.relative(to: root) != nil, real.relative(to: other) == nil {
      return nil
    }
    return other
  }

  /// Does `removal`, of entries of the directory, whose failure then names the whole path.
  package func remove(_ removal: () throws(Failure) -> Void) throws(Failure) {
    do throws(Failure) { try removal() } catch {
      throw Failure(
        error.code, error.message, path: path.appending(error.path ?? ""), cause: error.cause, remedy: error.remedy)
    }
  }

  /// What keeps every writer from taking the lock, if anything does: a directory in its place that holds something,
  /// which is not Cairn's to remove.
  func obstacleOfLock() -> Failure? {
    guard (try? held.status(of: Self.lockName))?.kind == .directory,
      (try? held.directory(Self.lockName).entries().isEmpty) == false
    else { return nil }
    return Failure(
      .notRegular,
      "a directory that holds something is where the writer's lock belongs, so that no run can begin, and was not "
        + "touched: move it away", path: path.appending(Self.lockName))
  }

  /// Takes the writer's lock for as long as the value lives.
  package func lockForWriting() throws(Failure) -> FileLock {
    let file = file(Self.lockName)
    let lock: FileLock?
    do throws(Failure) { lock = try FileLock(file) } catch  where error.code == .damaged {
      // Nobody can hold a lock on what Cairn never made.
      try remove { () throws(Failure) in try held.remove(Self.lockName) }
      lock = try FileLock(file)
    }
    guard let lock else {
      throw Failure(
        .locked, "another process is indexing this directory: wait for it to finish and try again",
        path: path)
    }
    return lock
  }
}

extension Failure {
  fileprivate static func noDirectory(_ path: FilePath) -> Failure {
    Failure(
      .damaged,
      "it is no directory; where another run says the same, remove it first", path: path.appending("segments"),
      remedy: .index)
  }
}

extension Failure.Code {
  /// Another writer is at work on the index.
  package static let locked = Self(rawValue: "locked")
  /// The index was built with another model than the one that is to answer.
  package static let differentModel = Self(rawValue: "different-model")
  /// The directory is not one that Cairn made for this user.
  package static let notOurs = Self(rawValue: "not-ours")
}
