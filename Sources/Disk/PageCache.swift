import CSystem
import Glibc
package import Primitives

/// What the system keeps of files in memory: its own cache, which every process shares.
package enum PageCache {
  /// How many bytes of the file are in memory, to whole pages. Touches none of them.
  package static func residentByteCount(of path: FilePath) throws(Failure) -> Int {
    let descriptor = unsafe path.withCPath { unsafe csystem_open($0, O_RDONLY | O_NONBLOCK, 0) }
    guard descriptor >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
    defer { close(descriptor) }
    var raw = stat()
    guard unsafe fstat(descriptor, &raw) == 0 else { throw Failure(errno: errno, path: path, action: "examine") }
    let byteCount = Int(raw.st_size)
    if byteCount == 0 { return 0 }
    guard let start = unsafe mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0),
      unsafe start != MAP_FAILED
    else { throw Failure(errno: errno, path: path, action: "map") }
    defer { unsafe munmap(start, byteCount) }
    let page = Int(getpagesize())
    var pages = [UInt8](repeating: 0, count: (byteCount + page - 1) / page)
    guard unsafe mincore(start, byteCount, &pages) == 0 else {
      throw Failure(errno: errno, path: path, action: "examine")
    }
    return min(byteCount, pages.count { $0 & 1 != 0 } * page)
  }

  /// Reads the file once from beginning to end, so that the next who wants it finds it in memory. Returns its bytes.
  package static func load(_ path: FilePath) throws(Failure) -> Int {
    let descriptor = unsafe path.withCPath { unsafe csystem_open($0, O_RDONLY | O_NONBLOCK, 0) }
    guard descriptor >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
    defer { close(descriptor) }
    var block = [UInt8](repeating: 0, count: 1 << 20)
    var total = 0
    while true {
      let got = unsafe block.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress!, $0.count) }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw Failure(errno: errno, path: path, action: "read") }
      if got == 0 { return total }
      total += got
    }
  }
}
