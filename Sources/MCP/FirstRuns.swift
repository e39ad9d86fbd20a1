import Cairn
import DoorSupport
import Primitives
import Registry
import Synchronization

/// The first indexes of repositories of the list, made one after the other in the background: an answer comes from what
/// is there, and says which are not indexed yet. Thread-safe.
final class FirstRuns: Sendable {
  private struct State: Sendable {
    var waiting: [Workspace] = []
    var task: Task<Void, Never>?
    var isStopped = false
  }
  private let state = Mutex(State())
  /// Where others have an index to answer from, no longer is waited.
  private static let patience = Duration.milliseconds(150)

  /// Has those of `entries` indexed that have no index, and waits for all of them, but no longer than `limit`. Gives
  /// whether one is not indexed yet.
  func begin(
    _ entries: [RepositoryEntry], _ registry: RepositoryRegistry, within limit: Duration
  ) async throws(CairnError) -> Bool {
    let (missing, hasOthers) = try await offPool { () throws(CairnError) in
      // One that cannot be opened is told of by the search.
      let opened = entries.compactMap { try? registry.workspace(of: $0) }
      let missing = opened.filter { !$0.isFilled }
      return (missing, missing.count < opened.count)
    }
    if missing.isEmpty { return false }
    let limit = hasOthers ? min(limit, Self.patience) : limit
    state.withLock { state in
      for workspace in missing where !state.waiting.contains(where: { $0.root == workspace.root }) {
        state.waiting.append(workspace)
      }
      if state.task == nil, !state.isStopped { state.task = Task { [self] in await run() } }
    }
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
      if try await offPool({ () throws(CairnError) in missing.allSatisfy(\.isFilled) }) { return false }
      // Why one could not be indexed is told by the search, which finds no index.
      if isOver { return false }
      do { try await Task.sleep(for: .milliseconds(20)) } catch { throw CairnError(.cancelled, "stopped") }
    }
    return !isOver
  }

  private func run() async {
    while let next = next() {
      _ = try? await next.index()
      state.withLock { if !$0.waiting.isEmpty { $0.waiting.removeFirst() } }
    }
  }

  /// The one whose turn it is; nil where there is none, and then nothing goes on any more.
  private func next() -> Workspace? {
    state.withLock { state in
      if let next = state.waiting.first, !state.isStopped { return next }
      state.task = nil
      return nil
    }
  }

  func stop() {
    let task = state.withLock { state in
      state.isStopped = true
      return state.task
    }
    task?.cancel()
  }

  /// Whether nothing of it goes on any more.
  var isOver: Bool { state.withLock { $0.task == nil } }
}
