import CSystem
import Glibc
package import Primitives

/// A read-only file mapped into memory for as long as the value lives.
///
/// Opening costs two system calls, whatever the size; pages are read when they are touched and may be dropped by the
/// system at any time. The file must not be shortened in place while it is mapped: Cairn's own files never are (they are
/// written once and replaced by name), source files are read with `readFile` instead.
// `@unchecked Sendable`: the mapping is read-only and `base` never changes after `init`.
@safe package final class MappedFile: @unchecked Sendable {
  package let path: FilePath
  package let byteCount: Int
  private let base: UnsafeRawPointer?

  package init(_ path: FilePath) throws(Failure) {
    // Without `O_NONBLOCK` a named pipe would wait for a writer here.
    let descriptor = unsafe path.withCPath { unsafe csystem_open($0, O_RDONLY | O_NONBLOCK, 0) }
    guard descriptor >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
    defer { close(descriptor) }
    var raw = stat()
    guard unsafe fstat(descriptor, &raw) == 0 else { throw Failure(errno: errno, path: path, action: "examine") }
    guard raw.st_mode & S_IFMT == S_IFREG else { throw Failure(.inputOutput, "it is not a regular file", path: path) }
    self.path = path
    byteCount = Int(raw.st_size)
    if byteCount == 0 {
      unsafe base = nil
    } else {
      guard let start = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe start != MAP_FAILED
      else { throw Failure(errno: errno, path: path, action: "map") }
      unsafe base = UnsafeRawPointer(start)
    }
  }

  deinit { if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), byteCount) } }

  /// The whole file.
  package var bytes: Span<UInt8> {
    @_lifetime(borrow self) get {
      let start = unsafe base?.assumingMemoryBound(to: UInt8.self)
      let span = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: start, count: byteCount))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }
}
