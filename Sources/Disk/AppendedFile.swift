import CSystem
import Glibc
package import Primitives

/// A file that grows at its end and keeps what it has when the program stops: for what comes in over hours.
/// One thread at a time.
package final class AppendedFile {
  private let path: FilePath
  private let descriptor: Int32
  /// What the file holds.
  package private(set) var byteCount: Int

  /// Opens `path`, or makes it.
  package init(_ path: FilePath) throws(Failure) {
    self.path = path
    descriptor = unsafe path.withCPath { unsafe csystem_open($0, O_WRONLY | O_CREAT | O_APPEND, 0o666) }
    guard descriptor >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
    byteCount = Int(lseek(descriptor, 0, SEEK_END))
  }

  deinit { close(descriptor) }

  package func append(_ bytes: Span<UInt8>) throws(Failure) {
    var failure: Int32 = 0
    unsafe bytes.withUnsafeBufferPointer { buffer in
      var done = 0
      while done < buffer.count {
        let wrote = unsafe write(descriptor, buffer.baseAddress! + done, buffer.count - done)
        if wrote < 0 && errno == EINTR { continue }
        guard wrote > 0 else {
          failure = errno
          return
        }
        done += wrote
        byteCount += wrote
      }
    }
    guard failure == 0 else { throw Failure(errno: failure, path: path, action: "write") }
  }

  /// Forgets everything.
  package func truncate() throws(Failure) {
    guard ftruncate(descriptor, 0) == 0 else { throw Failure(errno: errno, path: path, action: "empty") }
    byteCount = 0
  }

  /// Makes what was written durable.
  package func sync() throws(Failure) {
    guard fsync(descriptor) == 0 else { throw Failure(errno: errno, path: path, action: "sync") }
  }
}
