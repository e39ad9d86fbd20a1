import CSystem
import Glibc
package import Primitives

/// An exclusive lock that one process holds on a file, released when the value goes or the process dies.
package struct FileLock: ~Copyable {
  private let descriptor: Int32

  /// Takes the lock on `path`, making the file if need be. Gives nothing when another process (or another value in this one)
  /// holds it and `waits` is false.
  package init?(_ path: FilePath, waits: Bool = false) throws(Failure) {
    let opened = unsafe path.withCPath { unsafe csystem_open($0, O_RDWR | O_CREAT, 0o666) }
    guard opened >= 0 else { throw Failure(errno: errno, path: path, action: "lock") }
    var result = flock(opened, LOCK_EX | (waits ? 0 : LOCK_NB))
    while result != 0 && errno == EINTR { result = flock(opened, LOCK_EX | (waits ? 0 : LOCK_NB)) }
    if result != 0 {
      let code = errno
      close(opened)
      if code == EWOULDBLOCK { return nil }
      throw Failure(errno: code, path: path, action: "lock")
    }
    descriptor = opened
  }

  deinit { close(descriptor) }
}
