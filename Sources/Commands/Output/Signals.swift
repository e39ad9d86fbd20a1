import Glibc
import Synchronization

/// What the program does when it is interrupted or its reader goes.
enum Signals {
  /// Whether an indexing run is in flight that somebody watches.
  private static let isIndexing = Atomic(false)

  /// Whether a progress line may be on standard error, which the last words are drawn over.
  private static let mayErase = Atomic(false)

  static func tellsOfIndexing(_ tells: Bool) { isIndexing.store(tells, ordering: .relaxed) }

  static func prepare() {
    // A write to a pipe without a reader then fails with EPIPE, which `Output` treats as a quiet end.
    _ = signal(SIGPIPE, SIG_IGN)
    // A write beyond `ulimit -f` then fails with EFBIG, and says so.
    _ = signal(SIGXFSZ, SIG_IGN)
    mayErase.store(Terminal.movesCursor && isatty(STDERR_FILENO) != 0, ordering: .relaxed)
    // The index needs no farewell: what was committed stays, the rest is swept up by the next run.
    for number in [SIGINT, SIGTERM, SIGHUP] { end(at: number) }
    endAtFault()
  }

  /// Segments and the index of the catalog's log survive being cut while they are read (`MappedFile`, `OpenDatabase`),
  /// and their handler comes before this one. What else is mapped (the program itself, its libraries, a model's
  /// weights) ends the program with a line and not without a word.
  private static func endAtFault() {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in
      Signals.say(
        "cairn: a file that the program uses was cut, or could not be read; try again\n")
      _exit(ExitCode.error)
    }
    unsafe sigfillset(&action.sa_mask)
    unsafe sigaction(SIGBUS, &action, nil)
  }

  private static let isAskedToStop = Atomic(false)

  /// Whether SIGTERM or SIGINT came since `stopGently`.
  static var isStopping: Bool { isAskedToStop.load(ordering: .relaxed) }

  /// From now on the first SIGTERM or SIGINT only asks: who works looks at `isStopping`, and ends at a good moment. The
  /// second ends the program.
  static func stopGently() {
    for number in [SIGTERM, SIGINT] {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { number in
        if Signals.isAskedToStop.exchange(true, ordering: .relaxed) { _exit(128 + number) }
        Signals.say("cairn: ends with the task that it is at; another signal ends it at once\n")
      }
      unsafe sigfillset(&action.sa_mask)
      unsafe sigaction(number, &action, nil)
    }
  }

  /// Ends the program when `number` comes, with the code that shells give. One that is ignored, as `nohup` and shells
  /// ask for their background jobs, stays ignored.
  private static func end(at number: Int32) {
    var before = sigaction()
    guard unsafe sigaction(number, nil, &before) == 0 else { return }
    let isIgnored = unsafe unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == 1
    if isIgnored { return }
    var action = sigaction()
    // Only calls that are allowed in a signal handler are made.
    unsafe action.__sigaction_handler.sa_handler = { number in
      if Signals.mayErase.load(ordering: .relaxed) { Signals.say("\r\u{1B}[K") }
      if number == SIGINT, Signals.isIndexing.load(ordering: .relaxed) {
        Signals.say("cairn: stopped; what was committed can be searched, and the next run goes on from there\n")
      }
      // Who interrupts knows it; who finds a job ended wants to know by what.
      if number == SIGTERM { Signals.say("cairn: stopped by SIGTERM; what was committed is kept\n") }
      if number == SIGHUP { Signals.say("cairn: stopped by SIGHUP; what was committed is kept\n") }
      _exit(128 + number)
    }
    unsafe sigfillset(&action.sa_mask)
    unsafe sigaction(number, &action, nil)
  }

  /// Writes a few words, if that can be done without waiting: a full pipe must not keep the program from its end.
  private static func say(_ words: StaticString) {
    var wanted = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&wanted, 1, 0) == 1 else { return }
    _ = unsafe write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
  }
}
