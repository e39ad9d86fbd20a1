import Disk
import IndexStorage
import Indexing
import Primitives
import Synchronization
import TestSupport
import Testing

@Suite struct IndexRunsTests {
  typealias Runs = IndexRuns<String, Int>

  /// A gate that a run waits at until it is opened, and the count of those that have come to it.
  final class Gate: Sendable {
    private let state = Monitor((isOpen: false, arrived: 0))
    func open() { state.update { $0.isOpen = true } }
    func pass() {
      state.update { $0.arrived += 1 }
      state.wait { $0.isOpen ? () : nil }
    }
    /// Holds no thread of the shared pool meanwhile, which the run may need.
    func waitForArrival() async {
      _ = await onBlockingThread { [state] in
        state.wait { $0.arrived > 0 ? () : nil }
        return .success(true)
      }
    }
  }

  /// A number that several threads raise.
  final class Counter: Sendable {
    private let value = Atomic(0)
    @discardableResult func raise() -> Int { value.add(1, ordering: .relaxed).newValue }
    @discardableResult func lower() -> Int { value.subtract(1, ordering: .relaxed).newValue }
    var count: Int { value.load(ordering: .relaxed) }
  }

  final class Most: Sendable {
    private let most = Mutex(0)
    func note(_ number: Int) { most.withLock { $0 = max($0, number) } }
    var value: Int { most.withLock { $0 } }
  }

  let runs = Runs()

  /// Asks on a thread of its own.
  func ask(
    at path: FilePath = "/index", key: String? = "plain", stoppedBy cancellation: Cancellation = Cancellation(),
    waitsForEnd: Bool = false, mayLeave: @escaping @Sendable () -> Failure? = { nil }, work: @escaping Runs.Work
  ) async -> Result<Int, Failure> {
    await onBlockingThread { [runs] in
      Result { () throws(Failure) in
        try runs.perform(
          at: path, sharing: key, cancellation, waitsForEnd: waitsForEnd, mayLeave: mayLeave, work)
      }
    }
  }

  @Test func `requests that come while a run is in flight share the next one`() async throws {
    let gate = Gate()
    let started = Counter()
    let work: Runs.Work = { _, _ in
      let number = started.raise()
      if number == 1 { gate.pass() }
      return .success(number)
    }
    async let first = ask(work: work)
    await gate.waitForArrival()
    let waiting = Counter()
    await withTaskGroup(of: Int?.self) { group in
      for _ in 0..<50 {
        group.addTask {
          await ask(
            mayLeave: {
              // Once for each, which then is in the queue.
              if waiting.raise() == 50 { gate.open() }
              return nil
            }, work: work
          ).success
        }
      }
      for await number in group { #expect(number == 2) }
    }
    #expect(try await first.get() == 1)
    #expect(started.count == 2)
  }

  @Test func `runs of other keys or indexes are not shared, and of one index only one is at work`() async throws {
    let atWork = Counter()
    let mostAtWork = Most()
    let started = Counter()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<12 {
        group.addTask {
          _ = await ask(key: number % 2 == 0 ? nil : "\(number)") { _, _ in
            mostAtWork.note(atWork.raise())
            started.raise()
            atWork.lower()
            return .success(0)
          }
        }
      }
    }
    #expect(started.count == 12)
    #expect(mostAtWork.value == 1)
    let (gate, other) = (Gate(), Gate())
    async let here = ask(at: "/a") { _, _ in
      gate.pass()
      return .success(1)
    }
    async let there = ask(at: "/b") { _, _ in
      other.pass()
      return .success(2)
    }
    await gate.waitForArrival()
    await other.waitForArrival()
    gate.open()
    other.open()
    #expect(try await here.get() + there.get() == 3)
  }

  @Test func `a run has the priority of who waits for it, not of the run before it`() async throws {
    let gate = Gate()
    let priority: Runs.Work = { _, _ in .success(threadNiceValue()) }
    async let first = onBlockingThread { [runs] in
      Result { () throws(Failure) in
        try givingWay { () throws(Failure) in
          try runs.perform(at: "/index", sharing: "low", Cancellation()) { cancellation, progress in
            gate.pass()
            return priority(cancellation, progress)
          }
        }
      }
    }
    await gate.waitForArrival()
    let queued = Gate()
    queued.open()
    async let second = ask(
      mayLeave: {
        queued.pass()
        return nil
      }, work: priority)
    await queued.waitForArrival()
    gate.open()
    let (low, usual) = (try await first.get(), try await second.get())
    #expect(low >= 10 && usual < low, "\(low) \(usual)")
  }

  @Test func `whoever is cancelled leaves at once, and the run goes on for the others`() async throws {
    let gate = Gate()
    let runCancelled = Counter()
    let cancellation = Cancellation()
    let begun = Gate()
    begun.open()
    async let first = ask { _, _ in
      gate.pass()
      return .success(1)
    }
    await gate.waitForArrival()
    // Two that share the next run; one of them leaves.
    let shared: Runs.Work = { cancellation, _ in
      if cancellation.isCancelled { runCancelled.raise() }
      return .success(2)
    }
    async let staying = ask(
      mayLeave: {
        begun.pass()
        return nil
      }, work: shared)
    await begun.waitForArrival()
    async let leaving = ask(
      stoppedBy: cancellation,
      mayLeave: {
        cancellation.cancel()
        return nil
      }, work: shared)
    #expect(await leaving.failure?.code == .cancelled)
    gate.open()
    #expect(try await first.get() == 1)
    #expect(try await staying.get() == 2)
    #expect(runCancelled.count == 0)
  }

  @Test func `a run that all have left is cancelled, and one that has not begun never does`() async throws {
    let gate = Gate()
    let cancellation = Cancellation()
    let sawIt = Gate()
    sawIt.open()
    async let first = ask(stoppedBy: cancellation) { own, _ in
      gate.pass()
      if own.isCancelled { sawIt.pass() }
      return .success(1)
    }
    await gate.waitForArrival()
    let later = Cancellation()
    let neverBegins: Runs.Work = { _, _ in
      Issue.record("it never begins")
      return .success(0)
    }
    let second = await ask(
      stoppedBy: later,
      mayLeave: {
        later.cancel()
        return nil
      }, work: neverBegins)
    #expect(second.failure?.code == .cancelled)
    cancellation.cancel()
    #expect(await first.failure?.code == .cancelled)
    gate.open()
    await sawIt.waitForArrival()
  }

  @Test func `a cancelled run that is waited for gives what it came to`() async throws {
    let gate = Gate()
    let cancellation = Cancellation()
    async let asked = ask(stoppedBy: cancellation, waitsForEnd: true) { own, _ in
      gate.pass()
      return own.isCancelled ? .failure(Failure(.cancelled, "kept")) : .success(1)
    }
    await gate.waitForArrival()
    cancellation.cancel()
    gate.open()
    let result = await asked
    #expect(result.failure?.message == "kept" || result.success == 1)
  }

  @Test func `a request that may leave takes its reason along`() async throws {
    let gate = Gate()
    async let first = ask { _, _ in
      gate.pass()
      return .success(1)
    }
    await gate.waitForArrival()
    let left = await ask(mayLeave: { Failure(.locked, "busy") }, work: { _, _ in .success(2) })
    #expect(left.failure?.message == "busy")
    gate.open()
    #expect(try await first.get() == 1)
  }

  @Test func `all that share a run are told how far it is`() async throws {
    let gate = Gate()
    let told = Counter()
    async let first = ask { _, _ in
      gate.pass()
      return .success(1)
    }
    await gate.waitForArrival()
    let waiting = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<3 {
        group.addTask {
          _ = await onBlockingThread { [runs] in
            Result { () throws(Failure) in
              try runs.perform(
                at: "/index", sharing: "plain", Cancellation(),
                progress: { _ in told.raise() },
                mayLeave: {
                  if waiting.raise() == 3 { gate.open() }
                  return nil
                }
              ) { _, progress in
                progress(IndexProgress(stage: .walking, filesDone: 1, filesTotal: nil, bytesDone: 0, bytesTotal: nil))
                return .success(2)
              }
            }
          }
        }
      }
    }
    _ = await first
    #expect(told.count == 3)
  }
}

extension Result {
  fileprivate var success: Success? { if case .success(let value) = self { value } else { nil } }
  fileprivate var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}
