import Synchronization

/// A few threads that wait for short pieces of work, kept for the life of the process: for work of less than a millisecond, to which
/// the making of a thread would add a tenth.
///
/// Threads are made at the first call that can use them. Whoever calls works too, so that a call never waits for the others to be
/// free, calls may come from several threads at once and from inside each other, and without any thread it is a loop.
package final class ThreadTeam: Sendable {
  /// As many threads as there are processors, the caller's included.
  package static let shared = ThreadTeam(size: coreCount)

  private struct State: Sendable {
    var jobs: [Job] = []
    var threadCount = 0
  }

  private let size: Int
  private let monitor = Monitor(State())

  /// - Parameter size: how many threads work at once at most, the caller's included.
  package init(size: Int) { self.size = max(1, size) }

  /// The results of `body` for 0..<`count`, in that order; every call of `body` is finished.
  ///
  /// - Parameter threadLimit: how many threads may work on it, the caller's included.
  package func map<Result: Sendable>(
    _ count: Int, threadLimit: Int = .max, _ body: @escaping @Sendable (Int) -> Result
  ) -> [Result] {
    let threadCount = min(size, threadLimit, count)
    if threadCount <= 1 { return (0..<max(0, count)).map(body) }
    let results = Results<Result>(count: count)
    let job = Job(count: count, places: threadCount - 1) { i in
      let result = body(i)
      results.held.withLock { $0[i] = result }
    }
    monitor.update { state in
      while state.threadCount < min(size, threadCount) - 1, startThread() { state.threadCount += 1 }
      state.jobs.append(job)
    }
    job.work()
    _ = monitor.wait { state in
      state.jobs.removeAll { $0 === job }
      return job.isDone ? true : nil
    }
    return results.held.withLock { $0.compactMap { $0 } }
  }

  private func startThread() -> Bool {
    let monitor = monitor
    let thread = OwnThread {
      while true {
        let job: Job = monitor.wait { state in
          guard let i = state.jobs.firstIndex(where: { $0.places > 0 }) else { return nil }
          state.jobs[i].places -= 1
          return state.jobs[i]
        }
        job.work()
        // Whoever waits for the job looks again.
        monitor.update { _ in }
      }
    }
    thread?.detach()
    return thread != nil
  }

  private final class Results<Result: Sendable>: Sendable {
    let held: Mutex<[Result?]>
    init(count: Int) { held = Mutex(Array(repeating: nil, count: count)) }
  }
}

/// Numbered pieces of work of which each is done once.
// `@unchecked Sendable`: `places` is only touched with the team's monitor held; the rest is constant or atomic.
private final class Job: @unchecked Sendable {
  private let count: Int
  private let body: @Sendable (Int) -> Void
  private let next = Atomic(0)
  private let doneCount = Atomic(0)
  /// How many more threads may join in.
  var places: Int

  init(count: Int, places: Int, body: @escaping @Sendable (Int) -> Void) {
    self.count = count
    self.places = places
    self.body = body
  }

  var isDone: Bool { doneCount.load(ordering: .acquiring) == count }

  /// Does pieces until none is left to begin.
  func work() {
    while true {
      let i = next.add(1, ordering: .relaxed).oldValue
      if i >= count { return }
      body(i)
      doneCount.add(1, ordering: .releasing)
    }
  }
}
