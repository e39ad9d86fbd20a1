import Cairn
import Glibc
import MCP
import Synchronization

/// Standard input and output for a protocol alone: what else reads or prints meets an empty file and standard error.
enum ProtocolStreams {
  /// What went wrong with one of them; no end of it, which is no mistake of anybody's.
  final class Problem: Sendable {
    private let code = Atomic<Int32>(0)

    fileprivate func note(_ code: Int32) {
      if ![0, EPIPE, ECONNRESET].contains(code) { self.code.store(code, ordering: .relaxed) }
    }

    /// Throws what there is to say of it.
    func check(_ name: String, _ verb: String) throws(CairnError) {
      let code = code.load(ordering: .relaxed)
      if code == 0 { return }
      let cause = code == EBADF ? "it is closed" : unsafe String(cString: strerror(code))
      throw CairnError(
        .inputOutput, "standard \(name) could not be \(verb) (\(cause)): a client holds a pipe at either end of this")
    }
  }

  /// Takes both, for as long as the process lives. Nil where the system has no descriptors left.
  static func take() -> (streams: Server.Streams, input: Problem, output: Problem)? {
    let input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
    let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    guard input >= 0, output >= 0 else { return nil }
    let empty = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    guard empty >= 0, dup2(empty, STDIN_FILENO) >= 0 else { return nil }
    if dup2(STDERR_FILENO, STDOUT_FILENO) < 0, dup2(empty, STDOUT_FILENO) < 0 { return nil }
    let (inputProblem, outputProblem) = (Problem(), Problem())
    let streams = Server.Streams(
      read: { readSome(from: input, inputProblem) },
      write: { bytes in
        let failure = writeAll(bytes, to: output)
        outputProblem.note(failure)
        return failure == 0
      }, isRead: { isRead(output) })
    return (streams, inputProblem, outputProblem)
  }

  /// False for a pipe or a socket whose other end is closed.
  private static func isRead(_ descriptor: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: 0, revents: 0)
    return unsafe poll(&state, 1, 0) <= 0 || state.revents & Int16(POLLERR | POLLHUP | POLLNVAL) == 0
  }

  /// What comes next; nil at the end.
  private static func readSome(from descriptor: Int32, _ problem: Problem) -> [UInt8]? {
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
      if count < 0 { problem.note(errno) }
      return count > 0 ? Array(piece[..<count]) : nil
    }
  }
}
