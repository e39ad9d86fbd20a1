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
  return (try readDescriptor(descriptor, status, path: path, limit: limit, upTo: end), status)
}

/// The content of the regular file that is open as `descriptor` and has this status.
func readDescriptor(
  _ descriptor: Int32, _ status: FileStatus, path: FilePath, limit: Int, upTo end: Int
) throws(Failure) -> [UInt8] {
  try checkSize(of: status, limit: limit, path: path)
  let wanted = min(status.byteCount, max(0, end))
  var failure: Int32 = 0
  let bytes = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
    let buffer = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<wanted])
    (count, failure) = unsafe fill(buffer) { at, capacity, _ in unsafe read(descriptor, at, capacity) }
  }
  guard failure == 0 else { throw Failure(errno: failure, path: path, action: "read") }
  return bytes
}

func checkSize(of status: FileStatus, limit: Int, path: FilePath) throws(Failure) {
  guard status.byteCount <= limit else {
    throw Failure(.tooLarge, "it has \(status.byteCount) bytes, more than the limit of \(limit)", path: path)
  }
}

extension Failure.Code {
  package static let tooLarge = Self(rawValue: "too-large")
}

/// The text of a file that the system makes up as it is read (`/proc`, `/sys`), whose size is therefore not known
/// before. Returns no more than `limit` bytes. Throws where it cannot be opened or read.
package func readSystemFile(_ path: FilePath, limit: Int = 1 << 20) throws(Failure) -> String {
  String(decoding: try readSystemBytes(path, limit: limit), as: UTF8.self)
}

/// All that a pipe, a device or a file that the system makes up gives, up to its end, for which it waits. Throws
/// `.tooLarge` where that is more than `limit` bytes.
package func readStream(_ path: FilePath, limit: Int = 1 << 32) throws(Failure) -> [UInt8] {
  let bytes = try readSystemBytes(path, limit: limit + 1, waits: true)
  guard bytes.count <= limit else {
    throw Failure(.tooLarge, "it gives more than the limit of \(limit) bytes", path: path)
  }
  return bytes
}

/// The same as bytes, for what names paths.
///
/// - Parameter waits: for what somebody writes into a pipe.
func readSystemBytes(_ path: FilePath, limit: Int, waits: Bool = false) throws(Failure) -> [UInt8] {
  let descriptor = unsafe path.withCPath { unsafe csystem_open($0, waits ? O_RDONLY : O_RDONLY | O_NONBLOCK, 0) }
  guard descriptor >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 4096)
  while bytes.count < limit {
    let got = unsafe block.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress!, $0.count) }
    if got < 0 && errno == EINTR { continue }
    guard got >= 0 else { throw Failure(errno: errno, path: path, action: "read") }
    if got == 0 { break }
    bytes += block.prefix(got)
  }
  return Array(bytes.prefix(limit))
}
