import Disk
package import Primitives
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
  /// What the file systems are called that other machines may change, by their devices; nil for those of this one.
  private let networkNames = Mutex<[UInt64: String?]>([:])

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
    ownDirectory.map { path.isAtOrBelow($0) } ?? false
  }

  func willList(_ directory: OpenDirectory, _ path: FilePath) -> DirectoryMark? {
    if isOwn(path) { return nil }
    let isTold = (try? directory.status()).map { self.isTold(of: directory, $0.device, path) } ?? true
    let watch = isTold ? self.watch(directory, for: .entries, path) : nil
    afterWatch?(path)
    guard let status = try? directory.status() else { return nil }
    return DirectoryMark(status: status, watch: watch)
  }

  /// Whether the kernel can tell of all changes in the directory. Asked once for each device: who mounts a file system
  /// of another machine in a local tree has changes there that nobody tells of.
  private func isTold(of directory: OpenDirectory, _ device: UInt64, _ path: FilePath) -> Bool {
    let name: String? = networkNames.withLock { names in
      if let known = names[device] { return known }
      let name = directory.networkName
      names.updateValue(name, forKey: device)
      return name
    }
    guard let name else { return true }
    lastFailure.withLock { $0 = Failure(.untold, Failure.words(ofNetwork: name), path: path) }
    return false
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

extension Failure.Code {
  /// Files can change without the system telling of it.
  package static let untold = Self(rawValue: "untold")
}

extension Failure {
  /// Why changes on a file system called `name` must be found by polling.
  package static func words(ofNetwork name: String) -> String {
    "its files are on a file system of another machine or of a program (\(name)), of whose changes the system does not "
      + "tell"
  }
}
