import CSystem
import Glibc
import Synchronization

/// A few threads kept for the life of the process, for work of less than a millisecond that comes in several short pieces one behind
/// the other: a sleeping thread takes as long to wake as such a piece lasts.
///
/// `together` wakes them once, while its caller begins alone; whoever came then looks out for pieces without going to sleep in between,
/// until the call ends or nothing comes for a while. Threads are made at the first call that can use them. Whoever calls works too, so
/// that a call never waits for the others to be free, calls may come from several threads at once and from inside each other, and
/// without any thread all is done by the caller. When as many calls are under way as there are processors, each keeps to its own thread;
/// and so does a call whose helper comes late or has to wait for other threads of the machine, which have the better use for it.
package final class ThreadTeam: Sendable {
  /// As many threads as there are processors, the callers' included.
  package static let shared = ThreadTeam(size: coreCount)

  private struct State: Sendable {
    var crews: [Crew] = []
    var threadCount = 0
  }

  private let size: Int
  private let monitor = Monitor(State())
  /// How many calls of `together` are under way.
  private let crewCount = Atomic(0)

  /// Whether helpers that come late take pieces all the same.
  fileprivate let toleratesDelay: Bool

  /// - Parameters:
  ///   - size: how many threads work at once at most, the callers' included.
  ///   - toleratesDelay: whether helpers take pieces although other threads of the machine keep them waiting.
  package init(size: Int, toleratesDelay: Bool = false) {
    self.size = max(1, size)
    self.toleratesDelay = toleratesDelay
  }

  /// Calls `body` with a crew that shares its pieces out.
  ///
  /// - Parameter threadLimit: how many threads may work for it, the caller's included.
  package func together<Value, Problem>(
    threadLimit: Int = .max, _ body: (Crew) throws(Problem) -> Value
  ) throws(Problem) -> Value {
    let crewCount = self.crewCount.add(1, ordering: .relaxed).newValue
    let crew = Crew(team: self, places: max(0, min(threadLimit, size / crewCount) - 1))
    crew.summon()
    defer {
      crew.close()
      self.crewCount.subtract(1, ordering: .relaxed)
    }
    return try body(crew)
  }

  /// Whether there are processors for another thread in each of the crews.
  fileprivate var hasRoom: Bool { size / max(1, crewCount.load(ordering: .relaxed)) > 1 }

  // MARK: Between crews and threads

  fileprivate func add(_ crew: Crew) {
    monitor.update { state in
      while state.threadCount < min(size - 1, crew.placeCount), startThread() { state.threadCount += 1 }
      if !state.crews.contains(where: { $0 === crew }) { state.crews.append(crew) }
    }
  }

  fileprivate func remove(_ crew: Crew) {
    monitor.updateSilently { state in state.crews.removeAll { $0 === crew } }
  }

  /// Sleeps until `isDone` gives true, which whoever makes it true tells by `tell`.
  fileprivate func sleep(until isDone: () -> Bool) { _ = monitor.wait { _ in isDone() ? true : nil } }
  fileprivate func tell() { monitor.update { _ in } }

  private func startThread() -> Bool {
    let monitor = monitor
    let thread = OwnThread {
      while true {
        let crew = monitor.wait { state in state.crews.first { $0.join() } }
        crew.help()
      }
    }
    thread?.detach()
    return thread != nil
  }
}

/// The threads at one task; for `ThreadTeam.together`.
package final class Crew: Sendable {
  private let team: ThreadTeam
  /// How many threads may help the caller.
  fileprivate let placeCount: Int
  private let presentCount = Atomic(0)
  private let jobs = Mutex<[Job]>([])
  /// Changes with every job.
  private let news = Atomic(0)
  private let isClosed = Atomic(false)
  /// When a helper was called that has not come yet, in nanoseconds; 0 where none is on its way.
  private let summonedAt = Atomic(0)
  /// Whether other threads of the machine are after the processors.
  private let isCrowded = Atomic(false)

  /// A helper that finds nothing to do for so long leaves; it is woken again for what comes later.
  private static let patience = 300_000
  /// Whoever waits for the last pieces looks out for so long before it goes to sleep.
  private static let patienceAtEnd = 100_000
  /// A thread that wakes so much later than it was called, or is kept waiting for so long when it lets others go first, would hold up
  /// the piece that it takes.
  private static let lateness = (waking: 300_000, yielding: 50_000)

  fileprivate init(team: ThreadTeam, places: Int) {
    self.team = team
    placeCount = places
    size = places + 1
  }

  /// How many threads may work at once, the caller's included.
  package let size: Int

  /// The results of `body` for 0..<`count`, in that order; every call of `body` is finished.
  @inlinable
  package func map<Result: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Result) -> [Result] {
    if size == 1 || count <= 1 { return (0..<max(0, count)).map(body) }
    return start(count, body).results()
  }

  /// Shares out the calls of `body` for 0..<`count` and returns at once; the caller does what no one has begun when it asks for the
  /// results.
  @inlinable
  package func start<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Result
  ) -> Pieces<Result> {
    let held = Held<Result>(count: count)
    return Pieces(
      job: start(count) { i in held.set(i, to: body(i)) }, held: held)
  }

  @usableFromInline
  func start(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Job {
    let job = Job(max(0, count), of: self, body)
    if placeCount > 0, count > 0 {
      jobs.withLock { $0.append(job) }
      news.add(1, ordering: .releasing)
      if presentCount.load(ordering: .relaxed) == 0, !isLate, team.hasRoom { summon() }
    }
    return job
  }

  fileprivate func summon() {
    if placeCount == 0 || summonedAt.load(ordering: .relaxed) != 0 { return }
    summonedAt.store(Self.now, ordering: .relaxed)
    team.add(self)
  }

  fileprivate func close() {
    isClosed.store(true, ordering: .releasing)
    if placeCount == 0 { return }
    team.remove(self)
    // A job that nobody asked for its results holds the crew.
    jobs.withLock { $0.removeAll() }
  }

  /// Takes a place for the calling thread; false where none is free.
  fileprivate func join() -> Bool {
    if isClosed.load(ordering: .relaxed) || isLate { return false }
    summonedAt.store(0, ordering: .relaxed)
    if presentCount.add(1, ordering: .relaxed).newValue <= placeCount { return true }
    presentCount.subtract(1, ordering: .relaxed)
    return false
  }

  /// Whether a helper was kept waiting, then or now.
  private var isLate: Bool {
    if team.toleratesDelay { return false }
    let called = summonedAt.load(ordering: .relaxed)
    if called != 0, Self.now - called > Self.lateness.waking { isCrowded.store(true, ordering: .relaxed) }
    return isCrowded.load(ordering: .relaxed)
  }

  /// Works on what comes until the crew is closed, nothing comes for a while, or others want the processor.
  fileprivate func help() {
    var seen = -1
    var leaving = Self.now + Self.patience
    while !isClosed.load(ordering: .acquiring) {
      let newest = news.load(ordering: .acquiring)
      if newest != seen {
        seen = newest
        while let job = jobs.withLock({ $0.first { $0.hasMore } }) { job.work() }
        leaving = Self.now + Self.patience
        continue
      }
      if Self.lookOut(until: { isClosed.load(ordering: .relaxed) || news.load(ordering: .relaxed) != seen }) {
        continue
      }
      let before = Self.now
      if before > leaving || !team.hasRoom { break }
      sched_yield()
      if !team.toleratesDelay, Self.now - before > Self.lateness.yielding {
        isCrowded.store(true, ordering: .relaxed)
        break
      }
    }
    if !isClosed.load(ordering: .acquiring) { team.remove(self) }
    presentCount.subtract(1, ordering: .relaxed)
  }

  fileprivate func forget(_ job: Job) { jobs.withLock { $0.removeAll { $0 === job } } }

  fileprivate func wait(for job: Job) {
    let sleeping = Self.now + Self.patienceAtEnd
    while !job.isDone {
      if Self.now > sleeping {
        job.callAtEnd()
        team.sleep { job.isDone }
        return
      }
      if !Self.lookOut(until: { job.isDone }) { sched_yield() }
    }
  }

  /// Looks out for about a microsecond, gently: another thread may have the other half of the same core. Gives what `isTrue` gave last.
  private static func lookOut(until isTrue: () -> Bool) -> Bool {
    for _ in 0..<64 {
      if isTrue() { return true }
      csystem_pause()
    }
    return isTrue()
  }

  fileprivate func tell() { team.tell() }

  /// Nanoseconds of a clock that never goes back.
  private static var now: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

/// Numbered pieces of work of which each is done once.
@usableFromInline
final class Job: Sendable {
  private let crew: Crew
  private let count: Int
  private let body: @Sendable (Int) -> Void
  private let next = Atomic(0)
  private let doneCount = Atomic(0)
  private let isAwaited = Atomic(false)

  fileprivate init(_ count: Int, of crew: Crew, _ body: @escaping @Sendable (Int) -> Void) {
    self.crew = crew
    self.count = count
    self.body = body
  }

  /// Whether a piece is left to begin.
  fileprivate var hasMore: Bool { next.load(ordering: .relaxed) < count }
  /// Whether every piece is finished.
  fileprivate var isDone: Bool { doneCount.load(ordering: .sequentiallyConsistent) == count }

  /// Does pieces until none is left to begin.
  fileprivate func work() {
    while hasMore {
      let i = next.add(1, ordering: .relaxed).oldValue
      if i >= count { return }
      body(i)
      let doneCount = self.doneCount.add(1, ordering: .sequentiallyConsistent).newValue
      if doneCount == count, isAwaited.load(ordering: .sequentiallyConsistent) { crew.tell() }
    }
  }

  /// Works on what is left, then waits for the others.
  @usableFromInline
  func finish() {
    work()
    if !isDone { crew.wait(for: self) }
    crew.forget(self)
  }

  /// Asks whoever finishes the last piece to tell.
  fileprivate func callAtEnd() { isAwaited.store(true, ordering: .sequentiallyConsistent) }
}

/// What `Crew.start` shared out.
package struct Pieces<Result: Sendable>: Sendable {
  @usableFromInline let job: Job
  @usableFromInline let held: Held<Result>

  @usableFromInline
  init(job: Job, held: Held<Result>) {
    self.job = job
    self.held = held
  }

  /// The results in the order of their numbers. The caller works on what is left, then waits for the others. To be called once.
  @inlinable
  package func results() -> [Result] {
    job.finish()
    return held.take()
  }
}

/// A place for each result.
// `@unchecked Sendable`: each place is written by the one thread that does the piece, and read once all pieces are finished.
@usableFromInline
@safe final class Held<Result: Sendable>: @unchecked Sendable {
  @usableFromInline let places: UnsafeMutablePointer<Result?>
  @usableFromInline let count: Int

  @inlinable
  init(count: Int) {
    self.count = max(0, count)
    unsafe places = .allocate(capacity: self.count)
    unsafe places.initialize(repeating: nil, count: self.count)
  }

  @inlinable
  deinit {
    unsafe places.deinitialize(count: count)
    unsafe places.deallocate()
  }

  @inlinable
  func set(_ place: Int, to result: Result) {
    precondition(place >= 0 && place < count)
    unsafe places[place] = result
  }

  @inlinable
  func take() -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(count)
    for i in 0..<count { if let result = unsafe places[i].take() { results.append(result) } }
    return results
  }
}
