import Cairn
import Packing
import Primitives
import Savings
import Synchronization

/// Adds up what answers come to, for `SavingsLog`: the first at once, later ones together, since each writing of the
/// file waits for the disk. Thread-safe.
final class SavingsRecorder: Sendable {
  private struct State: Sendable {
    var answers: [SavingsLog.Answer] = []
    var nextFlush = ContinuousClock.now
  }
  private let state = Mutex(State())
  private let log: SavingsLog?
  private static let interval = Duration.seconds(5)

  init(_ environment: Environment) { log = SavingsLog(environment.variables) }

  /// Takes an answer in, and writes what there is from time to time. Looks at the sizes of the files: not for the
  /// shared pool.
  func note(_ tool: String, _ answer: ToolAnswer) {
    guard let log, let shown = answer.shown else { return }
    let entry = SavingsLog.Answer(
      tool: tool, tokens: TokenBudget.estimate(answer.text),
      fileByteCount: SavingsLog.byteCount(of: shown.paths.map(\.filePath), in: shown.root.filePath),
      fileCount: shown.paths.count, isEmpty: shown.isEmpty)
    let isDue = state.withLock { state in
      state.answers.append(entry)
      guard state.nextFlush <= .now else { return false }
      state.nextFlush = .now + Self.interval
      return true
    }
    if isDue { flush(log) }
  }

  /// Writes what is not written yet.
  func flush() { if let log { flush(log) } }

  private func flush(_ log: SavingsLog) {
    let answers = state.withLock { state in
      defer { state.answers = [] }
      return state.answers
    }
    // That numbers are lost is no reason to fail, nor to say something to a model.
    try? log.add(answers)
  }
}
