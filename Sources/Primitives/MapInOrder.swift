/// Applies `transform` to 0..<`count` on `threadCount` threads and hands each result to `consume` on the calling thread, in
/// ascending order, so that what follows does not depend on the number of threads. Blocks.
///
/// Results that wait for their turn are bounded: work on an item begins only while the costs of all items begun and not
/// yet consumed stay within `costLimit` (or no other is under way). With one thread everything happens on the calling one.
/// When `consume` throws, no further item is begun and the failure is thrown on once the threads have ended.
package func mapInOrder<Output: Sendable>(
  count: Int, threadCount: Int, costLimit: Int, cost: @escaping @Sendable (Int) -> Int,
  transform: @escaping @Sendable (Int) -> Output, consume: (Int, Output) throws(Failure) -> Void
) throws(Failure) {
  let monitor = Monitor(OrderedWork<Output>())
  let work: @Sendable () -> Void = {
    while true {
      let item: Int? = monitor.wait { (state) -> Int?? in
        if state.isStopped || state.nextToBegin == count { return .some(nil) }
        let item = state.nextToBegin
        guard state.costUnderWay == 0 || state.costUnderWay + cost(item) <= costLimit else { return nil }
        state.nextToBegin += 1
        state.costUnderWay += cost(item)
        return item
      }
      guard let item else { return }
      let output = transform(item)
      monitor.update { $0.waiting[item] = output }
    }
  }
  var threads: [OwnThread] = []
  if threadCount > 1 {
    for _ in 0..<min(threadCount, count) {
      guard let thread = OwnThread(work) else { break }
      threads.append(thread)
    }
  }
  if threads.isEmpty {
    for item in 0..<count { try consume(item, transform(item)) }
    return
  }
  defer {
    monitor.update { $0.isStopped = true }
    for thread in threads { thread.join() }
  }
  for item in 0..<count {
    let output = monitor.wait { $0.waiting.removeValue(forKey: item) }
    try consume(item, output)
    monitor.update { $0.costUnderWay -= cost(item) }
  }
}

/// How far `mapInOrder` is.
private struct OrderedWork<Output: Sendable>: Sendable {
  var nextToBegin = 0
  /// The cost of the items that were begun and not yet consumed.
  var costUnderWay = 0
  /// Results whose turn has not come.
  var waiting: [Int: Output] = [:]
  var isStopped = false
}
