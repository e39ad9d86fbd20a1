import Cairn
import JSON
import JSONRPC
import Synchronization

/// Sends a client how far the work is that an answer waits for: a few times a second at most, and only what is more
/// than before. Thread-safe.
final class ProgressTeller: Sendable {
  private static let interval = Duration.milliseconds(250)

  private struct State: Sendable {
    var last: ContinuousClock.Instant?
    var done = -1
  }
  private let state = Mutex(State())
  private let token: JSONValue
  private let send: @Sendable (JSONValue) -> Void

  init(_ token: JSONValue, _ send: @escaping @Sendable (JSONValue) -> Void) {
    self.token = token
    self.send = send
  }

  func tell(_ progress: IndexProgress) {
    let isDue = state.withLock { state in
      let now = ContinuousClock.now
      if let last = state.last, last.duration(to: now) < Self.interval { return false }
      guard progress.filesDone > state.done else { return false }
      (state.last, state.done) = (now, progress.filesDone)
      return true
    }
    guard isDue else { return }
    var params: [JSONValue.Member] = [
      .init("progressToken", token), .init("progress", .integer(progress.filesDone)),
    ]
    if let total = progress.filesTotal { params.append(.init("total", .integer(total))) }
    params.append(.init("message", .string("indexing")))
    send(.notification("notifications/progress", .object(params)))
  }
}
