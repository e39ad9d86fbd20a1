import Corpus
import IndexStorage
import Primitives
import Retrieval
import Synchronization

/// The files of a history's index, as git has them: the version before each removal. Thread-safe.
final class HistoryFiles: RemovedFiles {
  private let log: CommitLog
  private let objects: GitObjects
  private let cancellation: Cancellation
  /// What was read last: a search reads a file to see whether it holds the query, and again to show it.
  private let kept = Mutex(Kept())

  private struct Kept {
    var files: [FilePath: [UInt8]] = [:]
    var byteCount = 0
  }
  private static let keptByteCount = 16 << 20

  init(_ log: CommitLog, _ objects: GitObjects, cancellation: Cancellation) {
    self.log = log
    self.objects = objects
    self.cancellation = cancellation
  }

  func bytes(of name: FilePath, limit: Int) throws(Failure) -> [UInt8] {
    if let bytes = kept.withLock({ $0.files[name] }) { return bytes }
    guard let removal = RemovalPath(name), let entry = log[number: removal.number],
      entry.commit.parents.indices.contains(removal.parent)
    else { throw Failure(.notFound, "no commit of the history is called so", path: name) }
    do throws(Failure) {
      let bytes = try objects.readFile(
        removal.path, of: entry.commit.parents[removal.parent], limit: limit, cancellation: cancellation)
      kept.withLock { kept in
        if kept.byteCount + bytes.count > Self.keptByteCount { kept = Kept() }
        kept.files[name] = bytes
        kept.byteCount += bytes.count
      }
      return bytes
    } catch {
      // By the name that the file had, and where that was: nobody knows the other. The index has it: what git does not
      // give now is not gone.
      let code: Failure.Code = error.code == .notFound ? .inputOutput : error.code
      throw Failure(
        code, "before the commit \(entry.commit.id): \(error.message)", path: removal.path, cause: error.cause,
        remedy: error.remedy)
    }
  }
}
