import CSystem
import Glibc
package import Primitives
import Synchronization

/// A file that appears under its name whole or not at all: written under a temporary name beside it, synced, renamed,
/// and its directory synced. Dropped without `commit`, it leaves nothing behind; a killed process leaves a file whose name
/// ends in `.tmp`, which the next vacuum removes.
package struct AtomicFile: ~Copyable {
  package static let temporarySuffix = ".tmp"

  /// Files that this process has begun.
  private static let count = Atomic<Int>(0)

  private let target: FilePath
  private let temporary: FilePath
  private let descriptor: Int32
  /// Bytes written so far.
  package private(set) var byteCount = 0

  package init(_ target: FilePath) throws(Failure) {
    self.target = target
    // The number keeps two writers of one process apart, whatever they write.
    let number = Self.count.add(1, ordering: .relaxed).newValue
    temporary = FilePath(bytes: target.bytes + Array("-\(getpid())-\(number)\(Self.temporarySuffix)".utf8))
    descriptor = unsafe temporary.withCPath { unsafe csystem_open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o666) }
    guard descriptor >= 0 else { throw Failure(errno: errno, path: target, action: "create") }
  }

  /// Appends `bytes`.
  package mutating func write(_ bytes: Span<UInt8>) throws(Failure) {
    var failure: Int32 = 0
    unsafe bytes.withUnsafeBufferPointer { buffer in
      var done = 0
      while done < buffer.count {
        let wrote = unsafe Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
        if wrote < 0 && errno == EINTR { continue }
        guard wrote > 0 else {
          failure = errno
          return
        }
        done += wrote
      }
    }
    guard failure == 0 else { throw Failure(errno: failure, path: target, action: "write") }
    byteCount += bytes.count
  }
  package mutating func write(_ bytes: [UInt8]) throws(Failure) { try write(bytes.span) }

  /// Makes the file durable and gives it its name.
  ///
  /// - Parameter isDurable: false for a file whose loss in a power failure does no harm; it may then be the one from before,
  ///   none, or empty.
  package consuming func commit(isDurable: Bool = true) throws(Failure) {
    guard !isDurable || fsync(descriptor) == 0 else { throw Failure(errno: errno, path: target, action: "write") }
    let renamed = unsafe temporary.withCPath { from in unsafe target.withCPath { to in unsafe rename(from, to) } }
    guard renamed == 0 else { throw Failure(errno: errno, path: target, action: "name") }
    if isDurable { try syncDirectory(target.parent.isEmpty ? "." : target.parent) }
  }

  deinit {
    close(descriptor)
    // After a commit the temporary name is gone and there is nothing to remove.
    _ = unsafe temporary.withCPath { name in unsafe unlink(name) }
  }
}

/// Makes the names in `directory` durable.
package func syncDirectory(_ directory: FilePath) throws(Failure) {
  let descriptor = unsafe directory.withCPath { unsafe csystem_open($0, O_RDONLY | O_DIRECTORY, 0) }
  guard descriptor >= 0 else { throw Failure(errno: errno, path: directory, action: "open") }
  defer { close(descriptor) }
  guard fsync(descriptor) == 0 else { throw Failure(errno: errno, path: directory, action: "sync") }
}
