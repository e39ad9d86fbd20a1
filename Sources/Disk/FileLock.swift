import CSystem
import Glibc
package import Primitives

/// An exclusive lock that one process holds on a file, released when the value goes or the process dies.
package struct FileLock: ~Copyable {
  private let descriptor: Int32

  /// Takes the lock on `path`, making the file if need be; a link is not followed. Returns nil if another process (or
  /// another value in this one) holds it and `waits` is false.
  package init?(_ path: FilePath, waits: Bool = false) throws(Failure) {
    let opened = unsafe path.withCPath {
      unsafe csystem_open($0, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o666)
    }
    guard opened >= 0 else { throw Failure(errno: errno, path: path, action: "lock") }
    guard try Self.lock(opened, path, waits: waits) else { return nil }
    descriptor = opened
  }

  /// The same in a held directory, for its owner alone. Throws `.damaged` where the entry is no file of the owner's.
  package init?(_ file: HeldName, waits: Bool = false) throws(Failure) {
    try file.makeIfMissing()
    let opened = try file.open(O_RDWR)
    guard try Self.lock(opened, file.path, waits: waits) else { return nil }
    descriptor = opened
  }

  /// Closes the file where it cannot be locked.
  private static func lock(_ opened: Int32, _ path: FilePath, waits: Bool) throws(Failure) -> Bool {
    var result = flock(opened, LOCK_EX | (waits ? 0 : LOCK_NB))
    while result != 0 && errno == EINTR { result = flock(opened, LOCK_EX | (waits ? 0 : LOCK_NB)) }
    if result == 0 { return true }
    let code = errno
    close(opened)
    if code == EWOULDBLOCK { return false }
    throw Failure(errno: code, path: path, action: "lock")
  }

  /// Whether somebody holds the lock on `file`; false where there is no such file. Makes nothing, and keeps who wants
  /// the lock from it for some microseconds.
  package static func isHeld(_ file: HeldName) throws(Failure) -> Bool {
    let opened: Int32
    do throws(Failure) { opened = try file.open(O_RDONLY) } catch {
      if error.code == .notFound { return false }
      throw error
    }
    defer { close(opened) }
    if flock(opened, LOCK_SH | LOCK_NB) == 0 { return false }
    if errno == EWOULDBLOCK { return true }
    throw Failure(errno: errno, path: file.path, action: "examine")
  }

  deinit { close(descriptor) }
}
