import CSystem
import Glibc
package import Primitives

/// The content and status of a regular file, read in one go through one descriptor, so that both speak of the same
/// file. Throws `.tooLarge` when it holds more than `limit` bytes. A final symbolic link is followed.
///
/// - Parameter end: what lies behind it is not read.
package func readFile(
  _ path: FilePath, limit: Int = .max, upTo end: Int = .max
) throws(Failure) -> (bytes: [UInt8], status: FileStatus) {
  let descriptor = unsafe path.withCPath { unsafe csystem_open($0, O_RDONLY | O_NONBLOCK, 0) }
  guard descriptor >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
  defer { close(descriptor) }
  return try readDescriptor(descriptor, path: path, limit: limit, upTo: end)
}

/// The content and status of the regular file that is open as `descriptor`, up to `end`; `path` is for errors.
func readDescriptor(
  _ descriptor: Int32, path: FilePath, limit: Int, upTo end: Int = .max
) throws(Failure) -> (bytes: [UInt8], status: FileStatus) {
  var raw = stat()
  guard unsafe fstat(descriptor, &raw) == 0 else { throw Failure(errno: errno, path: path, action: "examine") }
  let status = FileStatus(raw)
  guard status.kind == .file else { throw Failure(.inputOutput, "it is not a regular file", path: path) }
  guard status.byteCount <= limit else {
    throw Failure(.tooLarge, "it has \(status.byteCount) bytes, more than the limit of \(limit)", path: path)
  }
  var failure: Int32 = 0
  var filled = 0
  let wanted = min(status.byteCount, max(0, end))
  var bytes = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
    while filled < wanted {
      let got = unsafe read(descriptor, buffer.baseAddress! + filled, wanted - filled)
      if got < 0 && errno == EINTR { continue }
      if got < 0 { failure = errno }
      if got <= 0 { break }
      filled += got
    }
    count = filled
  }
  guard failure == 0 else { throw Failure(errno: failure, path: path, action: "read") }
  if filled < bytes.count { bytes.removeLast(bytes.count - filled) }
  return (bytes, status)
}

extension Failure.Code {
  package static let tooLarge = Self(rawValue: "too-large")
}
