import CSystem
import Glibc
package import Primitives

/// The text of a file that the system makes up as it is read (`/proc`, `/sys`), whose size is therefore not known before.
/// Gives no more than `limit` bytes. Throws where it cannot be opened or read.
package func readSystemFile(_ path: FilePath, limit: Int = 1 << 20) throws(Failure) -> String {
  let descriptor = unsafe path.withCPath { unsafe csystem_open($0, O_RDONLY | O_NONBLOCK, 0) }
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
  return String(decoding: bytes.prefix(limit), as: UTF8.self)
}
