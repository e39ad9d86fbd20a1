import Disk
import Primitives
import Synchronization

/// Watches each directory that a walk visits, before it is listed, and keeps what the visits have shown. Safe to share
/// by the walk's threads.
final class DirectoryWatcher: WalkObserver {
  let events: FileEvents?
  /// The index in the tree, which is no part of it; nil if it lies elsewhere.
  private let ownDirectory: FilePath?
  private let afterWatch: (@Sendable (FilePath) -> Void)?
  private let visits = Mutex<[VisitedDirectory]>([])
  private let lastFailure = Mutex<Failure?>(nil)

  /// - Parameter afterWatch: called with the path of each directory once it is watched, and before it is listed.
  init(_ events: FileEvents?, ownDirectory: FilePath?, afterWatch: (@Sendable (FilePath) -> Void)?) {
    self.events = events
    self.ownDirectory = ownDirectory
    self.afterWatch = afterWatch
  }

  /// Why a directory could not be watched: the last such failure.
  var failure: Failure? { lastFailure.withLock { $0 } }

  /// Whether the path in the corpus is that of the index, or lies in it.
  func isOwn(_ path: FilePath) -> Bool {
    guard let ownDirectory else { return false }
    return path == ownDirectory || path.relative(to: ownDirectory) != nil
  }

  func willList(_ directory: OpenDirectory, _ path: FilePath) -> DirectoryMark? {
    if isOwn(path) { return nil }
    let watch = watch(directory, for: .entries, path)
    afterWatch?(path)
    guard let status = try? directory.status() else { return nil }
    return DirectoryMark(status: status, watch: watch)
  }

  func visited(_ directory: VisitedDirectory) {
    visits.withLock { $0.append(directory) }
  }

  /// What a walk has visited, in no order.
  func takeVisits() -> [VisitedDirectory] {
    visits.withLock { visits in
      defer { visits = [] }
      return visits
    }
  }

  /// Nil if it cannot be watched, which is noted down.
  func watch(
    _ directory: OpenDirectory, for interest: FileEvents.Interest, _ path: FilePath
  ) -> FileEvents.Watch? {
    guard let events else { return nil }
    do throws(Failure) { return try events.watch(directory, for: interest) } catch {
      let failure = Failure(error.code, error.message, path: path, cause: error.cause, remedy: error.remedy)
      lastFailure.withLock { $0 = failure }
      return nil
    }
  }
}
