import Cairn
import DoorSupport
import Primitives
import Synchronization

/// What keeps the index of one tree: makes the first one, and then watches the tree if no other process does, so that a
/// search need not look at it. In the background; an answer waits for none of it. Thread-safe.
final class TreeKeeper: Sendable {
  private struct State: Sendable {
    var task: Task<Void, Never>?
    var progress: IndexProgress?
    var failure: CairnError?
    /// Whether it is looking at the tree and does not know it yet.
    var isComingUp = false
    var isOutdated = false
    var isOver = false
    var isAnnounced = false
    var isStopped = false
  }
  private let state = Mutex(State())
  private let workspace: Workspace
  private let watches: Bool

  init(_ workspace: Workspace, watches: Bool) {
    self.workspace = workspace
    self.watches = watches
  }

  /// Whether the settings of the tree may be others by now.
  var isOutdated: Bool { state.withLock { $0.isOutdated } }
  /// Whether it has come to its end, or was never started.
  var isOver: Bool { state.withLock { $0.task == nil || $0.isOver } }
  /// Whether the tree will be watched in a moment, by this process, and is not yet.
  var isComingUp: Bool { state.withLock { $0.isComingUp } }
  /// How far the first index is; nil where this process makes none.
  var progress: IndexProgress? { state.withLock { $0.progress } }
  /// Why there is no index yet.
  var failure: CairnError? { state.withLock { $0.failure } }

  /// Says that it will begin once an answer is given (`startIfAnnounced`), which a look at the tree would slow down.
  func announce() {
    state.withLock { state in
      guard state.task == nil else { return }
      state.isAnnounced = true
      state.isComingUp = watches
    }
  }

  /// Begins, if that was said and it has not.
  func startIfAnnounced() { if state.withLock({ $0.isAnnounced && $0.task == nil }) { start() } }

  /// Begins, if it has not.
  func start() {
    state.withLock { state in
      guard state.task == nil, !state.isStopped else { return }
      state.isComingUp = watches
      // It hardly works by itself: what it begins does, on threads of its own.
      state.task = Task(priority: .userInitiated) { [self] in
        await keep()
        self.state.withLock { state in
          state.isOver = true
          state.isComingUp = false
        }
      }
    }
  }

  func stop() {
    // Outside of the lock: what a cancellation calls may come back here.
    let task = state.withLock { state in
      state.isStopped = true
      return state.task
    }
    task?.cancel()
  }

  private func keep() async {
    var pause = Duration.milliseconds(250)
    while !Task.isCancelled {
      do throws(CairnError) {
        if try await !offPool({ [workspace] () throws(CairnError) in workspace.isFilled }) { try await build() }
        state.withLock { $0.failure = nil }
        guard watches else { return }
        try await watch()
        return state.withLock { $0.isOutdated = true }
      } catch {
        if Task.isCancelled { return }
        state.withLock { state in
          (state.failure, state.progress) = (error, nil)
          state.isComingUp = false
        }
        // Only reading is allowed, or there is nothing to keep: each call looks for itself.
        if [.permissionDenied, .treeGone, .notFound, .invalidArgument, .differentModel].contains(error.code) { return }
        // Another process makes the first index, and is soon done; what else is wrong is not tried every moment.
        pause = error.code == .locked ? .milliseconds(250) : min(pause * 2, .seconds(60))
        try? await Task.sleep(for: pause)
      }
    }
  }

  private func build() async throws(CairnError) {
    state.withLock { state in
      state.progress = .beginning
    }
    defer { state.withLock { $0.progress = nil } }
    _ = try await workspace.index { [self] progress in
      state.withLock { state in if state.progress != nil { state.progress = progress } }
    }
  }

  private func watch() async throws(CairnError) {
    try await workspace.watch { [self] event in
      state.withLock { state in
        switch event {
        case .standingBy, .watching: state.isComingUp = false
        case .updated: break
        case .failed: break
        }
      }
    }
  }
}

/// Runs `body`, which reads files, on a thread outside the shared pool.
func offPool<Value: Sendable>(
  _ body: @escaping @Sendable () throws(CairnError) -> Value
) async throws(CairnError) -> Value {
  let outcome: Result<Result<Value, CairnError>, Failure> = await onBlockingThread {
    .success(Result { () throws(CairnError) in try body() })
  }
  switch outcome {
  case .success(let result): return try result.get()
  case .failure(let failure): throw CairnError(failure)
  }
}
