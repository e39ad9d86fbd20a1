import Glibc

/// A thread outside the shared pool, for work that blocks or lasts. It must be joined.
package struct OwnThread {
  private let thread: pthread_t

  /// Starts `body`; gives nothing when the system has no more threads.
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

/// Runs `body`, which may block, on a thread of its own while the task waits without holding one of the pool's. Where the
/// system has no more threads, it runs on the pool's.
package func onOwnThread<Value: Sendable>(
  _ body: @escaping @Sendable () -> Result<Value, Failure>
) async -> Result<Value, Failure> {
  await withCheckedContinuation { continuation in
    if let thread = OwnThread({ continuation.resume(returning: body()) }) {
      thread.detach()
    } else {
      continuation.resume(returning: body())
    }
  }
}
