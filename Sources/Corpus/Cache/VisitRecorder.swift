import Disk
import Primitives
import Synchronization

/// Keeps what the visits of a walk show, but for what lies in the directory of the index.
final class VisitRecorder: WalkObserver {
  /// In the tree; nil if it lies elsewhere.
  private let ownDirectory: FilePath?
  private let visits = Mutex<[VisitedDirectory]>([])

  init(_ ownDirectory: FilePath?) { self.ownDirectory = ownDirectory }

  /// Whether the path in the corpus is that of the index, or lies in it.
  func isOwn(_ path: FilePath) -> Bool {
    ownDirectory.map { path.isAtOrBelow($0) } ?? false
  }

  func willList(_ directory: OpenDirectory, _ path: FilePath) -> DirectoryMark? {
    (try? directory.status()).map { DirectoryMark(status: $0, watch: nil) }
  }

  func visited(_ directory: VisitedDirectory) {
    var directory = directory
    if ownDirectory != nil {
      directory.files.removeAll { isOwn($0.path) }
      directory.skipped.removeAll { isOwn($0.path) }
      directory.unread.removeAll { isOwn($0.path) }
    }
    visits.withLock { [directory] in $0.append(directory) }
  }

  /// What was visited since the last call, in no order.
  func takeVisits() -> [VisitedDirectory] {
    visits.withLock { visits in
      defer { visits = [] }
      return visits
    }
  }
}
