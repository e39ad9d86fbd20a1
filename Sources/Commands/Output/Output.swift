import Glibc

/// Standard output, in large writes. Remembers the first error instead of throwing from every line.
final class Output {
  private var buffer: [UInt8] = []
  /// Shows all of it at the end, where that is more than a screen.
  var pager: Pager?
  /// The `errno` of the write that failed; nothing more is written after it.
  private(set) var failure: Int32 = 0

  /// Whether the reader has gone: `cairn search ... | head -1`. There is nobody to tell, so it is no error.
  var isClosed: Bool { failure == EPIPE }

  func write(_ text: String) { write(Array(text.utf8)) }
  func line(_ text: String = "") { write(text + "\n") }
  func write(_ bytes: [UInt8]) {
    guard failure == 0 else { return }
    buffer += bytes
    if buffer.count >= 1 << 16, pager == nil { flush() }
  }

  func flush() {
    if let pager, pager.isNeeded(for: buffer), pager.show(buffer) { buffer = [] }
    if failure == 0, !buffer.isEmpty { failure = writeAll(buffer, to: STDOUT_FILENO) }
    buffer.removeAll(keepingCapacity: true)
  }
}

/// Writes a line to standard error. When even that fails there is no place left to say so.
func tell(_ line: String) { _ = writeAll(Array((line + "\n").utf8), to: STDERR_FILENO) }

/// Writes a question to standard error, on whose line it is answered.
func ask(_ question: String) { _ = writeAll(Array(question.utf8), to: STDERR_FILENO) }

/// Writes all of `bytes`; gives 0, or the `errno` of the failure.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
  var done = 0
  while done < bytes.count {
    let wrote = unsafe bytes.withUnsafeBytes { buffer in
      unsafe write(descriptor, buffer.baseAddress! + done, buffer.count - done)
    }
    if wrote < 0 && errno == EINTR { continue }
    if wrote < 0 && errno == EAGAIN {
      // Somebody made the pipe non-blocking; wait until it takes more.
      var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = unsafe poll(&wait, 1, -1)
      continue
    }
    guard wrote > 0 else { return errno }
    done += wrote
  }
  return 0
}

/// Reads `descriptor` to its end; nil if that fails or exceeds `limit` bytes.
///
/// - Parameter isEnough: whether no more is wanted than this. Asked each time the text has doubled, and of a short one
///   whenever no more is there yet: all that is asked about is twice the whole, whatever its length.
func readAll(from descriptor: Int32, limit: Int, until isEnough: ([UInt8]) -> Bool = { _ in false }) -> [UInt8]? {
  var all: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  var askedByteCount = 0
  while all.count <= limit {
    let count = unsafe piece.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    if count < 0 { return nil }
    if count == 0 { return all }
    all += piece[..<count]
    if all.count >= max(2 * askedByteCount, 1 << 16) || all.count < 1 << 20 && !hasMore(descriptor) {
      askedByteCount = all.count
      if isEnough(all) { return all }
    }
  }
  return nil
}

/// Whether there is something to read at once, be it the end.
private func hasMore(_ descriptor: Int32) -> Bool {
  var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  return unsafe poll(&wait, 1, 0) != 0
}

/// Reads the file at `path` to its end; nil if that fails or it has more than `limit` bytes.
func readAll(_ path: [UInt8], limit: Int) -> [UInt8]? {
  let descriptor = unsafe (path + [0]).withUnsafeBytes { bytes in
    unsafe open(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), O_RDONLY | O_CLOEXEC)
  }
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  return readAll(from: descriptor, limit: limit)
}
