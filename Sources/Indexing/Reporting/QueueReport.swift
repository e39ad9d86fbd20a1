/// How two parts of a run that work side by side waited for each other.
package struct QueueReport: Hashable, Sendable {
  /// Threads that prepare files, all together: because as much as memory allows was in flight.
  package var workersWaitedSeconds = 0.0
  /// The thread that builds and commits: for the next file in the order of paths.
  package var writerWaitedSeconds = 0.0
  /// The most prepared files that waited for their turn at once.
  package var greatestWaitingCount = 0
  /// The most bytes, by estimate, that files in flight held at once.
  package var greatestByteCount = 0

  package init() {}
}
