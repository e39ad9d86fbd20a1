package import Disk
package import Primitives

// One process at a time watches a tree. It holds `watch.lock` for as long as it lives, and `watch` says what it does.
// Nothing has to be tidied up after it: the lock goes with the process, and a record without a lock is nobody's.

extension IndexDirectory {
  static let watchLockName: FilePath = "watch.lock"
  static let watchRecordName: FilePath = "watch"
  static let requestsName: FilePath = "requests"

  /// Takes the watch of the tree for as long as the value lives; nil while another process, or another watch of this
  /// one, has it.
  package func lockForWatching() throws(Failure) -> FileLock? {
    // A search that asks whether there is a watcher has a lock of its own for some microseconds.
    for attempt in 0..<Self.lockAttemptCount {
      if attempt > 0 { pause(milliseconds: 5) }
      try clear(Self.watchLockName, unless: .file)
      if let lock = try FileLock(file(Self.watchLockName)) { return lock }
      if case .watching? = try? watch() { return nil }
    }
    return nil
  }
  private static let lockAttemptCount = 4

  /// Removes what has the name of a file or directory of a watcher's and is something else: a link, a pipe, an empty
  /// directory. Nobody can hold or ask a watch by it. Throws where a directory there holds something.
  func clear(_ name: FilePath, unless kind: FileStatus.Kind) throws(Failure) {
    guard let status = try? held.status(of: name), status.kind != kind else { return }
    try remove { () throws(Failure) in try held.remove(name) }
  }

  /// Who watches the tree.
  package enum Watch: Hashable, Sendable {
    case nobody
    /// Somebody does, and what it does is not known: it has just started, or is of another version.
    case starting
    case watching(WatchRecord)
  }

  /// Who watches the tree now. Some microseconds; writes nothing.
  package func watch() throws(Failure) -> Watch {
    if let status = try? held.status(of: Self.watchLockName), status.kind != .file { return .nobody }
    guard try FileLock.isHeld(file(Self.watchLockName)) else { return .nobody }
    guard let bytes = content(of: Self.watchRecordName, limit: WatchRecord.byteLimit),
      let record = WatchRecord(bytes)
    else { return .starting }
    return .watching(record)
  }

  /// Says what the watcher, which holds the lock, does.
  package func write(_ record: WatchRecord) throws(Failure) { try write(record.bytes, to: Self.watchRecordName) }

  /// Whether a writer is at work on the index now, in any process.
  package var isBeingWritten: Bool { (try? FileLock.isHeld(file(Self.lockName))) == true }

  /// Shows searches that wait that the watcher, which holds the lock, is at work: by the time of the lock's file.
  package func showProgress() { try? held.touch(Self.watchLockName) }

  /// Another value each time that the watcher has shown it; nil where there is no watch.
  package var progressMark: Int64? { try? held.status(of: Self.watchLockName).modified }

  /// Whether an entry `name` of the directory is one that stays for as long as the index does: where it is removed, the
  /// index is being removed.
  package static func isLasting(_ name: FilePath) -> Bool {
    [watchLockName, requestsName, segmentsName, IndexTagger.fileName, "CACHEDIR.TAG", ".gitignore"].contains(name)
  }

  /// Takes back what a watcher said; done before it does anything, since what an earlier one said is not true of it.
  package func removeWatchRecord() throws(Failure) {
    try remove { () throws(Failure) in try held.remove(Self.watchRecordName) }
  }
}
