package import Disk
package import Primitives
import Synchronization

// How a search knows that the watcher has seen all that was written before it. The system tells of changes in their
// order: the searcher makes a file in `requests`, which the watcher watches with the tree; when the watcher is told of
// it, it was told of all earlier changes, and removes the file once these are committed. (The method is that of
// Watchman's cookies.) No file of the tree is looked at.

/// A file in `requests` that a searcher waits to see gone.
package struct FreshnessRequest: ~Copyable {
  private let directory: OpenDirectory
  private let name: FilePath

  /// Asks the watcher. Throws where the index may only be read, or nothing was ever watched here.
  package init(in index: IndexDirectory) throws(Failure) {
    let directory = try index.held.directory(IndexDirectory.requestsName)
    let number = Self.count.add(1, ordering: .relaxed).newValue
    let name = FilePath(bytes: Array("\(processID())-\(number)-\(wallClockNanoseconds())".utf8))
    try HeldName(name, in: directory, path: index.path.appending(IndexDirectory.requestsName).appending(name))
      .makeIfMissing()
    (self.directory, self.name) = (directory, name)
  }

  private static let count = Atomic(0)

  /// Whether `name` is such as requests have: three numbers.
  package static func isName(_ name: FilePath) -> Bool {
    let parts = name.bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return parts.count == 3 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }
  }

  /// Whether the watcher knows all that was changed before the request.
  package var isAnswered: Bool {
    do throws(Failure) {
      _ = try directory.status(of: name)
      return false
    } catch { return error.code == .notFound }
  }

  deinit { try? directory.remove(name) }
}

/// The requests, as the watcher sees them.
package struct FreshnessRequests: Sendable {
  /// Where they are made, to be watched.
  package let directory: OpenDirectory

  /// Makes the directory where it is missing. The caller holds the watch.
  package init(of index: IndexDirectory) throws(Failure) {
    try index.clear(IndexDirectory.requestsName, unless: .directory)
    do throws(Failure) { directory = try index.held.makeDirectory(IndexDirectory.requestsName) } catch {
      throw Failure(
        error.code, error.message, path: index.path.appending(IndexDirectory.requestsName), cause: error.cause,
        remedy: error.remedy)
    }
  }

  /// The names of those that wait. What else somebody put there is left alone.
  package func waiting() -> [FilePath] {
    ((try? directory.entries()) ?? []).map(\.name).filter { FreshnessRequest.isName($0) }
  }

  /// Answers those of `names` that still wait.
  package func answer(_ names: some Sequence<FilePath>) { for name in names { try? directory.remove(name) } }
}
