import Glibc
package import Primitives

/// A regular file that is open to be read; closed when the value goes.
package struct OpenFile: ~Copyable, Sendable {
  private let descriptor: Int32
  /// As it was when the file was opened.
  package let status: FileStatus
  /// For errors.
  private let path: FilePath

  /// Takes over `descriptor`, which is that of a regular file.
  init(_ descriptor: Int32, _ status: FileStatus, path: FilePath) {
    self.descriptor = descriptor
    self.status = status
    self.path = path
  }

  deinit { close(descriptor) }

  /// The bytes of the file up to `end`. Throws `.tooLarge` when it holds more than `limit`.
  package func read(limit: Int = .max, upTo end: Int = .max) throws(Failure) -> [UInt8] {
    try readDescriptor(descriptor, status, path: path, limit: limit, upTo: end)
  }

  /// Throws `.tooLarge` when the file holds more than `limit` bytes.
  package func checkSize(limit: Int) throws(Failure) { try Disk.checkSize(of: status, limit: limit, path: path) }

  /// The bytes in `range`, as far as the file has some.
  package func read(_ range: Range<Int>) throws(Failure) -> [UInt8] {
    var failure: Int32 = 0
    let descriptor = descriptor
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      (count, failure) = unsafe fill(UnsafeMutableRawBufferPointer(buffer)) { at, capacity, filled in
        unsafe pread(descriptor, at, capacity, off_t(range.lowerBound + filled))
      }
    }
    guard failure == 0 else { throw Failure(errno: failure, path: path, action: "read") }
    return bytes
  }

  /// Hands the bytes before `end` to `body`, in order and in pieces that stay in a cache of the processor; returns
  /// how much that was, which is less where the file ends before.
  package func forEachPiece(upTo end: Int, _ body: (Span<UInt8>) -> Void) throws(Failure) -> Int {
    var offset = 0
    var failure: Int32 = 0
    let descriptor = descriptor
    unsafe withUnsafeTemporaryAllocation(byteCount: min(max(0, end), 32 << 10), alignment: 64) { piece in
      while offset < end {
        let part = unsafe UnsafeMutableRawBufferPointer(rebasing: piece[..<min(piece.count, end - offset)])
        let got = unsafe fill(part) { unsafe pread(descriptor, $0, $1, off_t(offset + $2)) }
        failure = got.failure
        if failure != 0 || got.filled == 0 { break }
        unsafe body(UnsafeRawBufferPointer(part).bindMemory(to: UInt8.self).span.extracting(0..<got.filled))
        offset += got.filled
      }
    }
    guard failure == 0 else { throw Failure(errno: failure, path: path, action: "read") }
    return offset
  }
}

/// Fills `buffer` by calls of `readMore`, which returns as `read` does how many bytes it wrote at an address, at most
/// `capacity`, until it is full or there are no more.
///
/// - Returns: how many there are, and what the system said where a call failed, or 0.
func fill(
  _ buffer: UnsafeMutableRawBufferPointer,
  _ readMore: (_ at: UnsafeMutableRawPointer, _ capacity: Int, _ filled: Int) -> Int
) -> (filled: Int, failure: Int32) {
  guard let base = buffer.baseAddress else { return (0, 0) }
  var filled = 0
  while filled < buffer.count {
    let got = unsafe readMore(base + filled, buffer.count - filled, filled)
    if got < 0, errno == EINTR { continue }
    if got < 0 { return (filled, errno) }
    if got == 0 { break }
    filled += got
  }
  return (filled, 0)
}
