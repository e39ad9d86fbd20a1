import Cairn
import Packing
import Primitives
import Savings
import Synchronization

/// Adds up what answers come to, for `SavingsLog`: the first at once, later ones together, since each writing of the
/// file waits for the disk. Thread-safe.
final class SavingsRecorder: Sendable {
  /// An answer before its files were looked at.
  private struct Given: Sendable {
    var tool: String
    var tokens: Int
    var root: Path
    var paths: [Path]
    var isEmpty: Bool
  }
  private struct State: Sendable {
    var given: [Given] = []
    var nextFlush = ContinuousClock.now
  }
  private let state = Mutex(State())
  /// Held while the file is written, so that the last flush waits for the one that is running.
  private let writing = Mutex(())
  private let log: SavingsLog?
  private static let interval = Duration.seconds(5)

  init(_ environment: Environment) { log = SavingsLog(environment.variables) }

  /// Takes an answer in before it is sent, so that a client that leaves with it is counted too; what there is is
  /// written from time to time, on a thread of its own.
  func note(_ tool: String, _ answer: ToolAnswer) {
    guard log != nil, let shown = answer.shown else { return }
    let given = Given(
      tool: tool, tokens: TokenBudget.estimate(answer.text), root: shown.root, paths: shown.paths,
      isEmpty: shown.isEmpty)
    let isDue = state.withLock { state in
      state.given.append(given)
      guard state.nextFlush <= .now else { return false }
      state.nextFlush = .now + Self.interval
      return true
    }
    if isDue { BlockingThread { [self] in flush() }?.detach() }
  }

  /// Writes what is not written yet. Looks at the sizes of files: not for the shared pool.
  func flush() {
    guard let log else { return }
    writing.withLock { _ in
      let given = state.withLock { state in
        defer { state.given = [] }
        return state.given
      }
      if given.isEmpty { return }
      // That numbers are lost is no reason to fail, nor to say something to a model.
      try? log.add(
        given.map { answer in
          SavingsLog.Answer(
            tool: answer.tool, tokens: answer.tokens,
            fileByteCount: SavingsLog.byteCount(of: answer.paths.map(\.filePath), in: answer.root.filePath),
            fileCount: answer.paths.count, isEmpty: answer.isEmpty)
        })
    }
  }
}
