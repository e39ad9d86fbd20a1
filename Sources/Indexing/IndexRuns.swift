package import Primitives
import Synchronization

/// The index runs of this process: of each index one at a time, and requests for the same run share it.
///
/// The writer's lock would keep two runs apart too, but the second would be told that somebody else is at work, and
/// would not know when that ends. A request that comes while a run is in flight does not take its result, since the run
/// may have passed the file that changed in between: it waits for the next run, which all that wait for the same share.
///
/// A run has a thread of its own, so that a caller can leave before it ends; it is cancelled when all have
/// left. Thread-safe.
package final class IndexRuns<Key: Hashable & Sendable, Report: Sendable>: Sendable {
  /// Is told how far a run is, from any thread.
  package typealias ProgressHandler = @Sendable (IndexProgress) -> Void
  /// What a run does: it is given what stops it, and whom to tell how far it is.
  package typealias Work = @Sendable (Cancellation, @escaping ProgressHandler) -> Result<Report, Failure>

  /// A run that somebody asked for. Its fields change under the monitor's lock only.
  private final class Run: Sendable {
    /// Callers with the same key that come before it begins share it; nil for a run that is shared with nobody.
    let key: Key?
    let work: Work
    let cancellation = Cancellation()
    let handlers = Mutex<[ProgressHandler]>([])
    let requestCount = Atomic(0)
    let hasBegun = Atomic(false)
    let outcome = Mutex<Result<Report, Failure>?>(nil)

    var isOver: Bool { outcome.withLock { $0 != nil } }

    init(_ key: Key?, _ work: @escaping Work) {
      self.key = key
      self.work = work
    }
  }

  /// By index, in the order in which they are to run: the first is in flight.
  private let queues = Monitor<[FilePath: [Run]]>([:])
  /// How often a caller that waits for another run is asked whether it still does.
  private static var patience: Duration { .milliseconds(20) }

  package init() {}

  /// Runs `work` on the index at `path` once no other run of this process is at work there, or waits for a run that was
  /// asked for with the same `key` and has not started. Blocks.
  ///
  /// - Parameters:
  ///   - cancellation: the caller leaves at once when it is cancelled.
  ///   - waitsForEnd: whether a run that is cancelled is waited for all the same, so that what it has done is kept when
  ///     this returns. Not of a run that others wait for, which goes on.
  ///   - mayLeave: asked now and then while another run of this process is in flight; a failure that it gives is
  ///     thrown.
  package func perform(
    at path: FilePath, sharing key: Key?, _ cancellation: Cancellation, waitsForEnd: Bool = false,
    progress: ProgressHandler? = nil, mayLeave: () -> Failure? = { nil }, _ work: @escaping Work
  ) throws(Failure) -> Report {
    let run = join(path, key, progress, work)
    defer { leave(run, at: path) }
    let wake: @Sendable () -> Void = { [queues] in queues.update { _ in } }
    return try cancellation.whileWatching(wake) { () throws(Failure) -> Report in
      while true {
        // A caller that waits for the run starts it, so that it has the priority of a thread that wants it.
        begin(run, at: path)
        _ = queues.wait(for: Self.patience) { queues in
          run.isOver || cancellation.isCancelled || Self.isNext(run, in: queues[path])
        }
        if let outcome = run.outcome.withLock({ $0 }) { return try outcome.get() }
        let hasBegun = run.hasBegun.load(ordering: .relaxed)
        if cancellation.isCancelled {
          guard waitsForEnd, hasBegun, run.requestCount.load(ordering: .relaxed) == 1 else {
            try cancellation.checkRun()
            continue
          }
          run.cancellation.cancel()
          return try queues.wait { _ in run.outcome.withLock { $0 } }.get()
        }
        if !hasBegun, let failure = mayLeave() { throw failure }
      }
    }
  }

  private func join(
    _ path: FilePath, _ key: Key?, _ progress: ProgressHandler?, _ work: @escaping Work
  ) -> Run {
    queues.wait { queues in
      let waiting = (queues[path] ?? []).first { key != nil && $0.key == key && !$0.hasBegun.load(ordering: .relaxed) }
      let run = waiting ?? Run(key, work)
      if waiting == nil { queues[path, default: []].append(run) }
      run.requestCount.add(1, ordering: .relaxed)
      if let progress { run.handlers.withLock { $0.append(progress) } }
      return run
    }
  }

  private func leave(_ run: Run, at path: FilePath) {
    queues.update { queues in
      guard run.requestCount.subtract(1, ordering: .relaxed).newValue == 0 else { return }
      // Of a run that is done nobody hears it.
      run.cancellation.cancel()
      if !run.hasBegun.load(ordering: .relaxed) { Self.remove(run, from: &queues[path, default: []]) }
    }
  }

  private static func remove(_ run: Run, from queue: inout [Run]) { queue.removeAll { $0 === run } }

  /// Whether it is the turn of a run that has not started.
  private static func isNext(_ run: Run, in queue: [Run]?) -> Bool {
    queue?.first === run && !run.hasBegun.load(ordering: .relaxed)
  }

  /// Starts the run if it is its turn and nobody has.
  private func begin(_ run: Run, at path: FilePath) {
    let isOurs: Bool = queues.wait { queues in
      guard Self.isNext(run, in: queues[path]) else { return false }
      run.hasBegun.store(true, ordering: .relaxed)
      return true
    }
    guard isOurs else { return }
    let work: @Sendable () -> Void = { [self] in
      let outcome = run.work(run.cancellation) { progress in
        for handler in run.handlers.withLock({ $0 }) { handler(progress) }
      }
      queues.update { queues in
        run.outcome.withLock { $0 = outcome }
        Self.remove(run, from: &queues[path, default: []])
      }
    }
    // If the system has no more threads, the caller does it.
    if let thread = BlockingThread(work) { thread.detach() } else { work() }
  }
}
