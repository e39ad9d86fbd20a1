import Glibc

/// The cores that the system lets a process run on.
package var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

/// Does work that makes more work, on `threadCount` threads of its own (the calling one is the first), and returns when
/// nothing is left. `body` takes an item and the number of the thread it runs on (from 0), and gives the items that came
/// out of it. Items are taken newest first, so that what waits stays small; the order is otherwise not defined.
///
/// Blocks the calling thread. Where the system gives no more threads, fewer do the work.
package func drainInParallel<Item: Sendable>(
  _ items: [Item], threadCount: Int, _ body: @escaping @Sendable (_ item: Item, _ thread: Int) -> [Item]
) {
  let stack = WorkStack(items)
  let work: @Sendable (Int) -> Void = { thread in
    while let item = stack.take() { stack.finish(adding: body(item, thread)) }
  }
  var threads: [pthread_t] = []
  for number in 1..<max(1, threadCount) {
    var thread = pthread_t()
    let start = unsafe Unmanaged.passRetained(ThreadStart { work(number) })
    let result = unsafe pthread_create(
      &thread, nil,
      { context in
        unsafe Unmanaged<ThreadStart>.fromOpaque(context!).takeRetainedValue().body()
        return nil
      }, start.toOpaque())
    guard result == 0 else {
      unsafe start.release()
      break
    }
    threads.append(thread)
  }
  work(0)
  for thread in threads { pthread_join(thread, nil) }
}

/// What a new thread runs.
private final class ThreadStart: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// Items waiting to be worked on, and how many threads are at work on one.
// `@unchecked Sendable`: `items` and `busyCount` are only touched with `mutex` held.
@safe private final class WorkStack<Item: Sendable>: @unchecked Sendable {
  private var items: [Item]
  private var busyCount = 0
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(_ items: [Item]) {
    self.items = items
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe changed.initialize(to: pthread_cond_t())
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(changed, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  /// The next item, waiting while there is none but a busy thread may still add some; nothing when all is done.
  func take() -> Item? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while items.isEmpty && busyCount > 0 { unsafe pthread_cond_wait(changed, mutex) }
    guard let item = items.popLast() else { return nil }
    busyCount += 1
    return item
  }

  /// Ends the work on one item that `take` gave.
  func finish(adding more: [Item]) {
    unsafe pthread_mutex_lock(mutex)
    items.append(contentsOf: more)
    busyCount -= 1
    if busyCount == 0 || !more.isEmpty { unsafe pthread_cond_broadcast(changed) }
    unsafe pthread_mutex_unlock(mutex)
  }
}
