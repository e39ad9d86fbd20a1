import Glibc
import MCP

/// Standard input and output for a protocol alone: what else reads or prints meets an empty file and standard error.
enum ProtocolStreams {
  /// Takes both, for as long as the process lives. Nil where the system has no descriptors left.
  static func take() -> Server.Streams? {
    let input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
    let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    guard input >= 0, output >= 0 else { return nil }
    let empty = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    guard empty >= 0, dup2(empty, STDIN_FILENO) >= 0 else { return nil }
    if dup2(STDERR_FILENO, STDOUT_FILENO) < 0, dup2(empty, STDOUT_FILENO) < 0 { return nil }
    return Server.Streams(
      read: { readSome(from: input) }, write: { writeAll($0, to: output) == 0 }, isRead: { isRead(output) })
  }

  /// False for a pipe or a socket whose other end is closed.
  private static func isRead(_ descriptor: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: 0, revents: 0)
    return unsafe poll(&state, 1, 0) <= 0 || state.revents & Int16(POLLERR | POLLHUP | POLLNVAL) == 0
  }

  /// What comes next; nil at the end.
  private static func readSome(from descriptor: Int32) -> [UInt8]? {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe piece.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        // Somebody made the pipe non-blocking.
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&wait, 1, -1)
        continue
      }
      return count > 0 ? Array(piece[..<count]) : nil
    }
  }
}
