import Primitives

/// The requests of a peer that are being answered: some at once, the rest waits its turn, and what would be too many is
/// refused. Each may be cancelled by its identifier, which is free again from then on, or from before its answer is
/// sent. Thread-safe; nothing here waits for a request but `waitForEnd`.
package final class RunningRequests: Sendable {
  /// What answers a request, and gives what sends the answer. It ends soon after its task is cancelled.
  package typealias Work = @Sendable () async -> @Sendable () -> Void

  private struct State: Sendable {
    /// By numbers that are given in turn: a request that was cancelled goes on for some moments.
    var running: [Int: Task<Void, Never>] = [:]
    /// Of those whose answers are wanted.
    var numbers: [RequestID: Int] = [:]
    var count = 0
    var waiting: [(id: RequestID, work: Work)] = []
    var isClosed = false
  }
  private let state = Monitor(State())
  private let limit: Int
  private let waitingLimit: Int

  /// - Parameters:
  ///   - limit: so many are answered at once.
  ///   - waitingLimit: so many may wait besides.
  package init(limit: Int, waitingLimit: Int) {
    self.limit = limit
    self.waitingLimit = waitingLimit
  }

  /// Has `work` answer the request `id` as soon as it is its turn. Throws where a request of this identifier is not
  /// answered yet, or too many are not.
  package func start(_ id: RequestID, _ work: @escaping Work) throws(MessageError) {
    var failure: MessageError?
    state.update { state in
      if state.isClosed { return }
      if state.numbers[id] != nil || state.waiting.contains(where: { $0.id == id }) {
        failure = MessageError(MessageError.invalidRequest, "a request with this id is not answered yet", id: id)
      } else if state.running.count < limit {
        begin(id, work, &state)
      } else if state.waiting.count < waitingLimit {
        state.waiting.append((id, work))
      } else {
        failure = MessageError(
          MessageError.overloaded,
          "too many requests: \(limit) are being answered and \(waitingLimit) wait; ask again when some are answered",
          id: id)
      }
    }
    if let failure { throw failure }
  }

  private func begin(_ id: RequestID, _ work: @escaping Work, _ state: inout State) {
    state.count += 1
    let number = state.count
    state.numbers[id] = number
    state.running[number] = Task { [self] in
      let send = await work()
      if ended(id, number) { send() }
    }
  }

  /// Whether the answer is wanted still. Begins the next request.
  private func ended(_ id: RequestID, _ number: Int) -> Bool {
    var isWanted = false
    state.update { state in
      isWanted = state.numbers[id] == number && !state.isClosed
      if state.numbers[id] == number { state.numbers[id] = nil }
      state.running[number] = nil
      guard !state.isClosed, state.running.count < limit, !state.waiting.isEmpty else { return }
      let next = state.waiting.removeFirst()
      begin(next.id, next.work, &state)
    }
    return isWanted
  }

  /// Has the request end without an answer. One that is not known is ignored.
  package func cancel(_ id: RequestID) {
    var running: Task<Void, Never>?
    state.update { state in
      state.waiting.removeAll { $0.id == id }
      running = state.numbers.removeValue(forKey: id).flatMap { state.running[$0] }
    }
    // Outside of the lock: what a cancellation calls may end the task.
    running?.cancel()
  }

  /// Cancels all, and takes no more.
  package func close() {
    var running: [Task<Void, Never>] = []
    state.update { state in
      state.isClosed = true
      state.waiting = []
      state.numbers = [:]
      running = Array(state.running.values)
    }
    for task in running { task.cancel() }
  }

  /// Waits until none is being answered, for no longer than `duration`. Blocks.
  package func waitForEnd(within duration: Duration) {
    _ = state.wait(for: duration) { $0.running.isEmpty }
  }

  /// How many are being answered, and how many wait.
  package var counts: (running: Int, waiting: Int) {
    state.wait { state -> (running: Int, waiting: Int)? in (state.running.count, state.waiting.count) }
  }
}
