/// Applies `transform` to 0..<`count` on `threadCount` threads and hands each result to `consume` on the calling
/// thread, in ascending order, so that what follows does not depend on the number of threads. Blocks. Returns who
/// waited for whom.
///
/// Results that wait for their turn are bounded: work on an item begins only while the costs of all items started and
/// not yet consumed stay within `costLimit` and `mayBegin` says so (or no other is in flight). With one thread
/// everything happens on the calling one. When `consume` throws, no further item is started and the failure is thrown
/// on once the threads have ended.
///
/// - Parameters:
///   - prepareThread: called on each thread but the calling one before its first item.
///   - mayBegin: asked with the work's lock held each time a thread wants to begin an item, and again after each that
///     was finished or consumed; is given how many threads are at work and the number of the one that asks, and must be
///     quick. While nothing is in flight it is not asked, so that the work goes on.
///   - transform: is given the item and the number of the thread it runs on: 0 for the calling one, others from 1.
@discardableResult
package func mapInOrder<Output: Sendable>(
  count: Int, threadCount: Int, costLimit: Int, cost: @escaping @Sendable (Int) -> Int,
  prepareThread: @escaping @Sendable (_ thread: Int) -> Void = { _ in },
  mayBegin: @escaping @Sendable (_ workingCount: Int, _ thread: Int) -> Bool = { _, _ in true },
  transform: @escaping @Sendable (_ item: Int, _ thread: Int) -> Output,
  consume: (Int, Output) throws(Failure) -> Void
) throws(Failure) -> OrderedWorkReport {
  let monitor = Monitor(OrderedWork<Output>())
  let work: @Sendable (Int) -> Void = { thread in
    prepareThread(thread)
    var waited = Duration.zero
    while true {
      let start = ContinuousClock.now
      let item: Int? = monitor.wait { (state) -> Int?? in
        if state.isStopped || state.nextToBegin == count { return .some(nil) }
        let item = state.nextToBegin
        guard
          state.costUnderWay == 0
            || (state.costUnderWay + cost(item) <= costLimit && mayBegin(state.workingCount, thread))
        else { return nil }
        state.begin(cost(item))
        return item
      }
      guard let item else { break }
      waited += start.duration(to: .now)
      let output = transform(item, thread)
      monitor.update { $0.finish(item, output) }
    }
    monitor.update { $0.report.workersWaited += waited }
  }
  var threads: [BlockingThread] = []
  if threadCount > 1 {
    for number in 1...min(threadCount, max(1, count)) {
      guard let thread = BlockingThread({ work(number) }) else { break }
      threads.append(thread)
    }
  }
  if threads.isEmpty {
    for item in 0..<count { try consume(item, transform(item, 0)) }
    return OrderedWorkReport()
  }
  func join() {
    monitor.update { $0.isStopped = true }
    for thread in threads { thread.join() }
  }
  var waited = Duration.zero
  for item in 0..<count {
    let start = ContinuousClock.now
    let output = monitor.wait { $0.waiting.removeValue(forKey: item) }
    waited += start.duration(to: .now)
    do throws(Failure) {
      try consume(item, output)
    } catch {
      join()
      throw error
    }
    monitor.update { $0.costUnderWay -= cost(item) }
  }
  join()
  var report = monitor.wait { $0.report }
  report.consumerWaited = waited
  return report
}

/// How far `mapInOrder` is.
private struct OrderedWork<Output: Sendable>: Sendable {
  var nextToBegin = 0
  /// The cost of the items that were started and not yet consumed.
  var costUnderWay = 0
  /// Items that a thread is at.
  var workingCount = 0
  /// Results whose turn has not come.
  var waiting: [Int: Output] = [:]
  var isStopped = false
  var report = OrderedWorkReport()

  mutating func begin(_ cost: Int) {
    nextToBegin += 1
    workingCount += 1
    costUnderWay += cost
    report.greatestCost = max(report.greatestCost, costUnderWay)
  }

  mutating func finish(_ item: Int, _ output: Output) {
    workingCount -= 1
    waiting[item] = output
    report.greatestWaitingCount = max(report.greatestWaitingCount, waiting.count)
  }
}

/// Who waited for whom in `mapInOrder`.
package struct OrderedWorkReport: Hashable, Sendable {
  /// Time that all working threads together waited for leave to begin the next item, because enough was in flight.
  package var workersWaited = Duration.zero
  /// Time that the calling thread waited for the next result in order.
  package var consumerWaited = Duration.zero
  /// The most results that waited for their turn at once.
  package var greatestWaitingCount = 0
  /// The greatest cost that was in flight at once.
  package var greatestCost = 0
  package init() {}
}
