import CSystem
import Glibc

/// The cores that the system lets the calling thread run on, and those that it starts (`taskset`, a container's set of
/// cores).
package var coreCount: Int {
  let allowed = Int(csystem_allowed_cores())
  // A machine with more cores than a set has places does not say.
  return allowed > 0 ? allowed : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
}

/// Does work that makes more work, on `threadCount` threads of its own (the calling one is the first), and returns when
/// nothing is left. `body` takes an item and the number of the thread it runs on (from 0), and returns the items that
/// came out of it. Items are taken newest first, so that what waits stays small; the order is otherwise not defined.
///
/// Blocks the calling thread. Where the system gives no more threads, fewer do the work.
package func parallelWalk<Item: Sendable>(
  _ items: [Item], threadCount: Int, _ body: @escaping @Sendable (_ item: Item, _ thread: Int) -> [Item]
) {
  let stack = Monitor(WorkStack(items: items))
  let work: @Sendable (Int) -> Void = { thread in
    while true {
      // Nothing to take while a busy thread may still add some: wait. Nothing and nobody busy: the end.
      let item: Item? = stack.wait { (stack) -> Item?? in
        if stack.items.isEmpty { return stack.busyCount > 0 ? nil : .some(nil) }
        stack.busyCount += 1
        return stack.items.removeLast()
      }
      guard let item else { return }
      let more = body(item, thread)
      stack.update {
        $0.items.append(contentsOf: more)
        $0.busyCount -= 1
      }
    }
  }
  var threads: [BlockingThread] = []
  for number in 1..<max(1, threadCount) {
    guard let thread = BlockingThread({ work(number) }) else { break }
    threads.append(thread)
  }
  work(0)
  for thread in threads { thread.join() }
}

/// Items waiting to be worked on, and how many threads are at work on one.
private struct WorkStack<Item: Sendable>: Sendable {
  var items: [Item]
  var busyCount = 0
}
