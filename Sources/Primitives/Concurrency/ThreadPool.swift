import CSystem
import Glibc
import Synchronization

/// A few threads kept for the life of the process, for fork-join work of less than a millisecond that comes in several
/// short tasks, one after another: a parked thread takes as long to wake as such a task lasts.
///
/// `withScope` unparks them once, while its caller begins alone; whichever comes then spins for tasks without parking
/// in between, until the scope ends or none comes for a while (spin-then-park). Threads are made at the first call that
/// can use them. The caller works too, so that a call never waits for others to be free, calls may come from several
/// threads at once and be nested, and without any thread the caller does it all. When as many scopes are open as there
/// are processors, each keeps to its own thread; and so does a scope whose helper comes late or has to wait for other
/// threads of the machine, which have the better use for the processor.
package final class ThreadPool: Sendable {
  /// As many threads as there are processors, the callers' included.
  package static let shared = ThreadPool(size: coreCount)

  private struct State: Sendable {
    var scopes: [ThreadScope] = []
    var threadCount = 0
  }

  private let size: Int
  private let monitor = Monitor(State())
  /// How many scopes are open.
  private let scopeCount = Atomic(0)

  /// Whether helpers that come late take tasks all the same.
  fileprivate let toleratesDelay: Bool

  /// - Parameters:
  ///   - size: how many threads work at once at most, the callers' included.
  ///   - toleratesDelay: whether helpers take tasks although other threads of the machine keep them waiting.
  package init(size: Int, toleratesDelay: Bool = false) {
    self.size = max(1, size)
    self.toleratesDelay = toleratesDelay
  }

  /// Calls `body` with a scope that distributes its tasks to the threads.
  ///
  /// - Parameter threadLimit: how many threads may work for it, the caller's included.
  package func withScope<Value, Problem>(
    threadLimit: Int = .max, _ body: (ThreadScope) throws(Problem) -> Value
  ) throws(Problem) -> Value {
    let scopeCount = self.scopeCount.add(1, ordering: .relaxed).newValue
    let scope = ThreadScope(pool: self, helperLimit: max(0, min(threadLimit, size / scopeCount) - 1))
    scope.unpark()
    defer {
      scope.close()
      self.scopeCount.subtract(1, ordering: .relaxed)
    }
    return try body(scope)
  }

  /// Whether there are processors for another thread in each of the scopes.
  fileprivate var hasSpareProcessor: Bool { size / max(1, scopeCount.load(ordering: .relaxed)) > 1 }

  // MARK: Between scopes and threads

  fileprivate func add(_ scope: ThreadScope) {
    monitor.update { state in
      while state.threadCount < min(size - 1, scope.helperLimit), startThread() { state.threadCount += 1 }
      if !state.scopes.contains(where: { $0 === scope }) { state.scopes.append(scope) }
    }
  }

  fileprivate func remove(_ scope: ThreadScope) {
    monitor.updateSilently { state in state.scopes.removeAll { $0 === scope } }
  }

  /// Parks until `isDone` returns true; the thread that makes it true calls `notifyAll`.
  fileprivate func park(until isDone: () -> Bool) { _ = monitor.wait { _ in isDone() ? true : nil } }
  fileprivate func notifyAll() { monitor.update { _ in } }

  private func startThread() -> Bool {
    let monitor = monitor
    let thread = BlockingThread {
      while true {
        let scope = monitor.wait { state in state.scopes.first { $0.join() } }
        scope.help()
      }
    }
    thread?.detach()
    return thread != nil
  }
}

/// The tasks of one caller and the threads that help with them; for `ThreadPool.withScope`.
package final class ThreadScope: Sendable {
  private let pool: ThreadPool
  /// How many threads may help the caller.
  fileprivate let helperLimit: Int
  private let presentCount = Atomic(0)
  private let jobs = Mutex<[Job]>([])
  /// Changes with every job.
  private let jobNumber = Atomic(0)
  private let isClosed = Atomic(false)
  /// When a helper was unparked that has not come yet, in nanoseconds; 0 if none is on its way.
  private let unparkedAt = Atomic(0)
  /// Whether other threads of the machine compete for the processors.
  private let isContended = Atomic(false)

  /// A helper that finds no task for so long parks; it is unparked for what comes later.
  private static let spinNanoseconds = 300_000
  /// A thread that waits for the last tasks spins for so long before it parks.
  private static let spinNanosecondsAtEnd = 100_000
  /// A thread that wakes so much later than it was unparked, or is kept waiting for so long when it yields, would delay
  /// the task that it takes.
  private static let lateness = (waking: 300_000, yielding: 50_000)

  fileprivate init(pool: ThreadPool, helperLimit: Int) {
    self.pool = pool
    self.helperLimit = helperLimit
    size = helperLimit + 1
  }

  /// How many threads may work at once, the caller's included.
  package let size: Int

  /// The results of `body` for 0..<`count`, in that order; every call of `body` is finished.
  @inlinable
  package func map<Result: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Result) -> [Result] {
    if size == 1 || count <= 1 { return (0..<max(0, count)).map(body) }
    return start(count, body).results()
  }

  /// Distributes the calls of `body` for 0..<`count` and returns at once; the caller does what no thread has started
  /// when it asks for the results.
  @inlinable
  package func start<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Result
  ) -> Futures<Result> {
    let slots = ResultSlots<Result>(count: count)
    return Futures(
      job: start(count) { i in slots.set(i, to: body(i)) }, slots: slots)
  }

  @usableFromInline
  func start(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Job {
    let job = Job(max(0, count), of: self, body)
    if helperLimit > 0, count > 0 {
      jobs.withLock { $0.append(job) }
      jobNumber.add(1, ordering: .releasing)
      if presentCount.load(ordering: .relaxed) == 0, !isLate, pool.hasSpareProcessor { unpark() }
    }
    return job
  }

  fileprivate func unpark() {
    if helperLimit == 0 || unparkedAt.load(ordering: .relaxed) != 0 { return }
    unparkedAt.store(Self.now, ordering: .relaxed)
    pool.add(self)
  }

  fileprivate func close() {
    isClosed.store(true, ordering: .releasing)
    if helperLimit == 0 { return }
    pool.remove(self)
    // A job that nobody asked for its results holds the scope.
    jobs.withLock { $0.removeAll() }
  }

  /// Lets the calling thread help; false if enough do.
  fileprivate func join() -> Bool {
    if isClosed.load(ordering: .relaxed) || isLate { return false }
    unparkedAt.store(0, ordering: .relaxed)
    if presentCount.add(1, ordering: .relaxed).newValue <= helperLimit { return true }
    presentCount.subtract(1, ordering: .relaxed)
    return false
  }

  /// Whether a helper is or was kept waiting.
  private var isLate: Bool {
    if pool.toleratesDelay { return false }
    let called = unparkedAt.load(ordering: .relaxed)
    if called != 0, Self.now - called > Self.lateness.waking { isContended.store(true, ordering: .relaxed) }
    return isContended.load(ordering: .relaxed)
  }

  /// Works on what comes until the scope is closed, nothing comes for a while, or others want the processor.
  fileprivate func help() {
    var seen = -1
    var leaving = Self.now + Self.spinNanoseconds
    while !isClosed.load(ordering: .acquiring) {
      let newest = jobNumber.load(ordering: .acquiring)
      if newest != seen {
        seen = newest
        while let job = jobs.withLock({ $0.first { $0.hasMore } }) { job.work() }
        leaving = Self.now + Self.spinNanoseconds
        continue
      }
      if Self.spin(until: { isClosed.load(ordering: .relaxed) || jobNumber.load(ordering: .relaxed) != seen }) {
        continue
      }
      let before = Self.now
      if before > leaving || !pool.hasSpareProcessor { break }
      sched_yield()
      if !pool.toleratesDelay, Self.now - before > Self.lateness.yielding {
        isContended.store(true, ordering: .relaxed)
        break
      }
    }
    if !isClosed.load(ordering: .acquiring) { pool.remove(self) }
    presentCount.subtract(1, ordering: .relaxed)
  }

  fileprivate func remove(_ job: Job) { jobs.withLock { $0.removeAll { $0 === job } } }

  fileprivate func wait(for job: Job) {
    let sleeping = Self.now + Self.spinNanosecondsAtEnd
    while !job.isDone {
      if Self.now > sleeping {
        job.notifyAtEnd()
        pool.park { job.isDone }
        return
      }
      if !Self.spin(until: { job.isDone }) { sched_yield() }
    }
  }

  /// Spins for about a microsecond, with `pause`: another thread may run on the SMT sibling. Returns what `isTrue`
  /// returned last.
  private static func spin(until isTrue: () -> Bool) -> Bool {
    for _ in 0..<64 {
      if isTrue() { return true }
      csystem_pause()
    }
    return isTrue()
  }

  fileprivate func notifyAll() { pool.notifyAll() }

  /// Nanoseconds of a clock that never goes back.
  private static var now: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

/// Numbered tasks, each of which is done once.
@usableFromInline
final class Job: Sendable {
  private let scope: ThreadScope
  private let count: Int
  private let body: @Sendable (Int) -> Void
  private let next = Atomic(0)
  private let doneCount = Atomic(0)
  private let isAwaited = Atomic(false)

  fileprivate init(_ count: Int, of scope: ThreadScope, _ body: @escaping @Sendable (Int) -> Void) {
    self.scope = scope
    self.count = count
    self.body = body
  }

  /// Whether a task is left to begin.
  fileprivate var hasMore: Bool { next.load(ordering: .relaxed) < count }
  /// Whether every task is finished.
  fileprivate var isDone: Bool { doneCount.load(ordering: .sequentiallyConsistent) == count }

  /// Does tasks until none is left to begin.
  fileprivate func work() {
    while hasMore {
      let i = next.add(1, ordering: .relaxed).oldValue
      if i >= count { return }
      body(i)
      let doneCount = self.doneCount.add(1, ordering: .sequentiallyConsistent).newValue
      if doneCount == count, isAwaited.load(ordering: .sequentiallyConsistent) { scope.notifyAll() }
    }
  }

  /// Works on what is left, then waits for the others.
  @usableFromInline
  func finish() {
    work()
    if !isDone { scope.wait(for: self) }
    scope.remove(self)
  }

  /// Asks the thread that finishes the last task to notify.
  fileprivate func notifyAtEnd() { isAwaited.store(true, ordering: .sequentiallyConsistent) }
}

/// The results of what `ThreadScope.start` distributed.
package struct Futures<Result: Sendable>: Sendable {
  @usableFromInline let job: Job
  @usableFromInline let slots: ResultSlots<Result>

  @usableFromInline
  init(job: Job, slots: ResultSlots<Result>) {
    self.job = job
    self.slots = slots
  }

  /// The results in the order of their numbers. The caller works on what is left, then waits for the others. To be
  /// called once.
  @inlinable
  package func results() -> [Result] {
    job.finish()
    return slots.take()
  }
}

/// A slot for each result.
// `@unchecked Sendable`: each slot is written by the one thread that does the task, and read once all tasks are
// finished.
@usableFromInline
@safe final class ResultSlots<Result: Sendable>: @unchecked Sendable {
  @usableFromInline let slots: UnsafeMutablePointer<Result?>
  @usableFromInline let count: Int

  @inlinable
  init(count: Int) {
    self.count = max(0, count)
    unsafe slots = .allocate(capacity: self.count)
    unsafe slots.initialize(repeating: nil, count: self.count)
  }

  @inlinable
  deinit {
    unsafe slots.deinitialize(count: count)
    unsafe slots.deallocate()
  }

  @inlinable
  func set(_ index: Int, to result: Result) {
    precondition(index >= 0 && index < count)
    unsafe slots[index] = result
  }

  @inlinable
  func take() -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(count)
    for i in 0..<count { if let result = unsafe slots[i].take() { results.append(result) } }
    return results
  }
}
