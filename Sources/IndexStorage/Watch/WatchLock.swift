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
      if let lock = try FileLock(file(Self.watchLockName)) { return lock }
      if case .watching? = try? watch() { return nil }
    }
    return nil
  }
  private static let lockAttemptCount = 4

  /// Who watches the tree.
  package enum Watch: Hashable, Sendable {
    case nobody
    /// Somebody does, and what it does is not known: it has just started, or is of another version.
    case starting
    case watching(WatchRecord)
  }

  /// Who watches the tree now. Some microseconds; writes nothing.
  package func watch() throws(Failure) -> Watch {
    guard try FileLock.isHeld(file(Self.watchLockName)) else { return .nobody }
    guard let bytes = content(of: Self.watchRecordName, limit: WatchRecord.byteLimit),
      let record = WatchRecord(bytes)
    else { return .starting }
    return .watching(record)
  }

  /// Says what the watcher, which holds the lock, does.
  package func write(_ record: WatchRecord) throws(Failure) { try write(record.bytes, to: Self.watchRecordName) }

  /// Takes back what a watcher said; done before it does anything, since what an earlier one said is not true of it.
  package func removeWatchRecord() throws(Failure) {
    try remove { () throws(Failure) in try held.remove(Self.watchRecordName) }
  }
}
