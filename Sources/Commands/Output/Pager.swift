import CSystem
import Cairn
import Glibc

/// Shows what does not fit on the terminal a screen at a time, as git does: through the program that `CAIRN_PAGER`,
/// `GIT_PAGER` or
/// `PAGER` names, else `less`. Only the user's environment chooses it: `core.pager` can be set in a stranger's
/// checkout.
struct Pager {
  private let command: String
  private let rows: Int

  /// Nil if output goes as it is: it is no terminal, or the pager is none, `cat`, or refused.
  init?(_ terminal: Terminal, environment: Environment) {
    guard terminal.outputIsTerminal else { return nil }
    // On a terminal that cannot move its cursor `less` only asks for keys; who names it there gets it.
    let usual = ["dumb", ""].contains(environment["TERM"] ?? "") ? "cat" : "less"
    let named = environment["CAIRN_PAGER"] ?? environment["GIT_PAGER"] ?? environment["PAGER"] ?? usual
    let rows = Int(csystem_terminal_rows(STDOUT_FILENO))
    guard !named.allSatisfy(\.isWhitespace), named != "cat", rows > 1 else { return nil }
    command = named
    self.rows = rows
  }

  /// Whether `text` has more lines than the terminal, with one to spare for the shell's.
  func isNeeded(for text: [UInt8]) -> Bool { text.count { $0 == UInt8(ascii: "\n") } > rows - 1 }

  /// Shows `text` and waits until the reader has seen enough. False if there is no such program: nothing was shown
  /// then.
  func show(_ text: [UInt8]) -> Bool {
    // Ends by itself where a screen is enough, passes colours on, and leaves what was shown on the screen.
    unsafe setenv("LESS", "FRX", 0)
    unsafe setenv("LV", "-c", 0)
    var ends: [Int32] = [-1, -1]
    guard unsafe csystem_pipe(&ends) == 0 else { return false }
    // An interrupt is for the program in front.
    let before = signal(SIGINT, SIG_IGN)
    let process = unsafe csystem_start_shell(command, ends[0])
    close(ends[0])
    guard process >= 0 else {
      close(ends[1])
      signal(SIGINT, before)
      return false
    }
    _ = writeAll(text, to: ends[1])
    close(ends[1])
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    signal(SIGINT, before)
    // What a shell says where it finds no such command, or may not run it.
    return ![126, 127].contains(status >> 8 & 0xFF) || status & 0x7F != 0
  }
}
