import Glibc

/// State that threads share under a lock, with a way to wait until it changes. For threads of our own, never for the
/// shared pool: `wait` blocks.
// `@unchecked Sendable`: `state` is only touched with `mutex` held.
@safe package final class Monitor<State>: @unchecked Sendable {
  private var state: State
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  package init(_ state: State) {
    self.state = state
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe changed.initialize(to: pthread_cond_t())
    unsafe pthread_mutex_init(mutex, nil)
    // Waits are by a clock that nobody sets: one that is put back would make a moment an hour.
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(changed, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  /// Changes the state and wakes the waiters.
  package func update(_ body: (inout State) -> Void) {
    updateSilently(body)
    // Who wakes finds the lock free.
    unsafe pthread_cond_broadcast(changed)
  }

  /// Changes the state in a way that nobody waits for.
  package func updateSilently(_ body: (inout State) -> Void) {
    unsafe pthread_mutex_lock(mutex)
    body(&state)
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Calls `body` now and after every change until it gives a value.
  package func wait<Value>(until body: (inout State) -> Value?) -> Value {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let value = body(&state) { return value }
      unsafe pthread_cond_wait(changed, mutex)
    }
  }

  /// Calls `body` now and after every change until it says true, but for no longer than `duration`. Returns what it
  /// said last.
  package func wait(for duration: Duration, until body: (inout State) -> Bool) -> Bool {
    let (seconds, fraction) = duration.components
    var deadline = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
    deadline.tv_sec += Int(seconds)
    deadline.tv_nsec += Int(fraction / 1_000_000_000)
    if deadline.tv_nsec >= 1_000_000_000 {
      deadline.tv_sec += 1
      deadline.tv_nsec -= 1_000_000_000
    }
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if body(&state) { return true }
      if unsafe pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { return body(&state) }
    }
  }
}
