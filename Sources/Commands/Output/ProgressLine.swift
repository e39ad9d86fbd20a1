import Cairn
import Glibc
import Rendering
import Synchronization

/// One line on the terminal that says how far the run is; it is drawn over itself and erased at the end. Silent where
/// standard error is no terminal. Reports may come from any thread.
final class ProgressLine: Sendable {
  private struct State {
    var stage: IndexProgress.Stage?
    var stageBegan: ContinuousClock.Instant
    var lastDrawn: ContinuousClock.Instant?
    var isVisible = false
  }

  /// A run shorter than this shows nothing: a line that only flickers tells nobody anything.
  private static let patience = Duration.milliseconds(300)
  private static let interval = Duration.milliseconds(100)

  private let began = ContinuousClock.now
  private let state: Mutex<State>

  init() { state = Mutex(State(stageBegan: began)) }

  func report(_ progress: IndexProgress) {
    let now = ContinuousClock.now
    state.withLock { state in
      if state.stage != progress.stage {
        state.stage = progress.stage
        state.stageBegan = now
      }
      guard now - began > Self.patience else { return }
      if let last = state.lastDrawn, now - last < Self.interval { return }
      state.lastDrawn = now
      state.isVisible = true
      let text = ProgressText.line(
        progress, seconds: (now - state.stageBegan).seconds, columns: Terminal.columns(of: STDERR_FILENO))
      _ = writeAll(Array("\r\(text)\u{1B}[K".utf8), to: STDERR_FILENO)
    }
  }

  /// Erases the line.
  func finish() {
    state.withLock { state in
      guard state.isVisible else { return }
      state.isVisible = false
      _ = writeAll(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO)
    }
  }
}

/// Runs `body` with a progress line where a person sees one and it is to be shown. Elsewhere a wait for another process
/// is told once, in a line, unless it is to be quiet.
func withProgress<Result>(
  on terminal: Terminal, isShown: Bool, isQuiet: Bool,
  _ body: ((@Sendable (IndexProgress) -> Void)?) async throws(CairnError) -> Result
) async throws(CairnError) -> Result {
  guard terminal.errorIsTerminal, isShown else {
    if isQuiet { return try await body(nil) }
    let isTold = Atomic(false)
    return try await body { progress in
      guard progress.stage == .waiting, !isTold.exchange(true, ordering: .relaxed) else { return }
      tell("cairn: note: " + ProgressText.waiting(progress))
    }
  }
  let line = terminal.redrawsErrorLine ? ProgressLine() : nil
  defer {
    Signals.tellsOfIndexing(false)
    line?.finish()
  }
  return try await body { progress in
    Signals.tellsOfIndexing(true)
    line?.report(progress)
  }
}
