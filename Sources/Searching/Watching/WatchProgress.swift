import Disk
import IndexStorage
import Primitives

/// Shows the searches that wait for a watcher that its run goes on: they wait for as long as it does.
enum WatchProgress {
  /// How often it is shown: much more often than a search loses patience.
  private static let interval = Duration.milliseconds(100)
  /// Processor time that a process which goes on uses between; one that is stopped, or waits for a file system that
  /// does not answer, uses none.
  private static let least = Duration.microseconds(200)

  /// What `body` gives. A thread beside it shows the progress, from a moment after the beginning on.
  static func shown<Value>(
    in directory: IndexDirectory, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let isOver = Monitor(false)
    let thread = BlockingThread {
      var before = processorTime()
      while !isOver.wait(for: interval, until: { $0 }) {
        let now = processorTime()
        if now - before >= least { directory.showProgress() }
        before = now
      }
    }
    defer {
      isOver.update { $0 = true }
      thread?.join()
    }
    return try body()
  }
}
