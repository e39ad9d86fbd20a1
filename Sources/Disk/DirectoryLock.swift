import CSystem
import Glibc
package import Primitives

/// An exclusive lock that one process holds on a directory itself, released when the value goes or the process dies:
/// for a file of the user's that is read, changed and replaced, and beside which nothing is to be left.
///
/// Where the file system locks no directories (some network drives do not), nothing is locked.
package struct DirectoryLock: ~Copyable {
  private let descriptor: Int32

  /// Takes the lock, and waits for it. Throws `.timedOut` where another process has held it for all of `patience`.
  package init(_ directory: FilePath, patience: Duration = .seconds(20)) throws(Failure) {
    let opened = unsafe directory.withCPath { unsafe csystem_open($0, O_RDONLY | O_DIRECTORY, 0) }
    guard opened >= 0 else { throw Failure(errno: errno, path: directory, action: "open") }
    let deadline = ContinuousClock.now + patience
    while flock(opened, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else { break }
      guard ContinuousClock.now < deadline else {
        close(opened)
        throw Failure(
          .timedOut, "another program holds a lock on this directory; end it, or try again later", path: directory)
      }
      pause(milliseconds: 5)
    }
    descriptor = opened
  }

  deinit { close(descriptor) }
}
