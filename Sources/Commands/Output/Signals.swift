import Glibc

/// What the program does when it is interrupted or its reader goes.
enum Signals {
  static func prepare() {
    // A write to a pipe without a reader then fails with EPIPE, which `Output` treats as a quiet end.
    _ = signal(SIGPIPE, SIG_IGN)
    // The index needs no farewell: what was committed stays, the rest is swept up by the next run. Only calls that are
    // allowed in a signal handler are made.
    _ = signal(SIGINT) { _ in
      if isatty(STDERR_FILENO) != 0 {
        let erase: StaticString = "\r\u{1B}[K"
        _ = unsafe write(STDERR_FILENO, erase.utf8Start, erase.utf8CodeUnitCount)
      }
      _exit(130)
    }
  }
}
