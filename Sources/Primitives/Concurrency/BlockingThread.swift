import Glibc

/// A thread outside the shared pool, for work that blocks or lasts. It must be joined.
package struct BlockingThread {
  private let thread: pthread_t

  /// Starts `body`; returns nil if the system has no more threads.
  package init?(_ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    // The usual size of a main thread's stack, whatever the limit that the process was started with.
    unsafe pthread_attr_setstacksize(&attributes, 8 << 20)
    var started = pthread_t()
    let box = unsafe Unmanaged.passRetained(Body(body))
    let result = unsafe pthread_create(
      &started, &attributes,
      { context in
        unsafe Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard result == 0 else {
      unsafe box.release()
      return nil
    }
    thread = started
  }

  package func join() { _ = pthread_join(thread, nil) }
  /// Lets the thread end by itself.
  package func detach() { _ = pthread_detach(thread) }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}

/// Runs `body`, which may block, on a thread of its own while the task waits without holding one of the pool's. Where
/// the system has no more threads, it runs on the pool's.
///
/// Any number of bodies run at once, each on its thread: one that waits for a server keeps no other waiting. A few
/// threads are kept for the next one, since making a thread costs as much as a short search of a small index.
package func onBlockingThread<Value: Sendable>(
  _ body: @escaping @Sendable () -> Result<Value, Failure>
) async -> Result<Value, Failure> {
  await withCheckedContinuation { continuation in
    let work: @Sendable () -> Void = { continuation.resume(returning: body()) }
    if !IdleThreads.shared.run(work) { work() }
  }
}

/// The same with a way to stop it: `cancellation`, which `body` asks, is cancelled when the waiting task is.
package func onBlockingThread<Value: Sendable>(
  cancelling cancellation: Cancellation, _ body: @escaping @Sendable () -> Result<Value, Failure>
) async -> Result<Value, Failure> {
  await withTaskCancellationHandler {
    await onBlockingThread(body)
  } onCancel: {
    cancellation.cancel()
  }
}

/// The same with a context: that of a task that is cancelled meanwhile is cancelled, and so it is at the end of
/// `timeLimit`, where the result is then `.timedOut`.
///
/// - Parameter timeLimit: nil for work that may take as long as it takes.
package func onBlockingThread<Value: Sendable>(
  timeLimit: Duration?, _ body: @escaping @Sendable (SearchContext) throws(Failure) -> Value
) async -> Result<Value, Failure> {
  let context = SearchContext(deadline: timeLimit.map { ContinuousClock.now + $0 })
  let alarm = timeLimit.map { limit in
    Task {
      try await Task.sleep(for: limit)
      context.cancellation.cancel()
    }
  }
  let outcome = await onBlockingThread(cancelling: context.cancellation) {
    Result { () throws(Failure) in try body(context) }
  }
  alarm?.cancel()
  guard case .failure(let failure) = outcome, failure.code == .cancelled, !Task.isCancelled,
    context.remaining == .zero
  else { return outcome }
  return .failure(Failure(.timedOut, "the time that the search was given is over"))
}

/// Runs `body`, which cannot be interrupted, on a thread of its own while this one waits for it, but for no longer than
/// `context` lasts: then it throws what the context says, `body` goes on by itself, and what it gives is dropped. Where
/// the system has no more threads, it runs on this one.
package func onBlockingThread<Value: Sendable>(
  until context: SearchContext, _ body: @escaping @Sendable () -> Result<Value, Failure>
) throws(Failure) -> Value {
  try context.check()
  let result = Monitor<Result<Value, Failure>?>(nil)
  guard
    IdleThreads.shared.run({
      let made = body()
      result.update { $0 = made }
    })
  else { return try body().get() }
  let wake: @Sendable () -> Void = { result.update { _ in } }
  var made: Result<Value, Failure>?
  try context.cancellation.whileWatching(wake) { () throws(Failure) in
    // Decades, where there is no deadline.
    _ = result.wait(for: context.remaining ?? .seconds(1 << 30)) { state in
      made = state
      return state != nil || context.cancellation.isCancelled
    }
  }
  try context.check()
  guard let made else { throw Failure(.timedOut, "the time that the search was given is over") }
  return try made.get()
}

/// Threads that have nothing to do, kept for `onBlockingThread`.
private final class IdleThreads: Sendable {
  static let shared = IdleThreads()
  /// More end when their work does.
  private static let keptCount = 8

  private struct State: Sendable {
    var waiting: [@Sendable () -> Void] = []
    var idleCount = 0
  }
  private let monitor = Monitor(State())

  /// Has `work` run by an idle thread, or by a new one where none is idle. False if the system has no more threads.
  func run(_ work: @escaping @Sendable () -> Void) -> Bool {
    var isTaken = false
    monitor.update { state in
      guard state.idleCount > state.waiting.count else { return }
      state.waiting.append(work)
      isTaken = true
    }
    if isTaken { return true }
    guard let thread = BlockingThread({ [self] in serve(work) }) else { return false }
    thread.detach()
    return true
  }

  private func serve(_ first: @Sendable () -> Void) {
    first()
    while true {
      var isKept = false
      monitor.updateSilently { state in
        guard state.idleCount < Self.keptCount else { return }
        state.idleCount += 1
        isKept = true
      }
      if !isKept { return }
      let work = monitor.wait { state in
        let next = state.waiting.popLast()
        if next != nil { state.idleCount -= 1 }
        return next
      }
      work()
    }
  }
}
