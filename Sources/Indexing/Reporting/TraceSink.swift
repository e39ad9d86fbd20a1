package import Primitives

/// Receives each step of a run when it ends, from whatever thread did it: thread-safe and quick. For a trace of a run.
package protocol TraceSink: Sendable {
  func record(_ span: TraceSpan)
}

/// One step of a run on one thread.
package struct TraceSpan: Hashable, Sendable {
  package var stage: IndexStage
  /// 0 for the thread that builds and commits, others from 1.
  package var thread: Int
  /// Since the beginning of the run.
  package var start: Duration
  package var duration: Duration
  /// The file, for a step that concerns a single one.
  package var path: FilePath?

  package init(stage: IndexStage, thread: Int, start: Duration, duration: Duration, path: FilePath? = nil) {
    self.stage = stage
    self.thread = thread
    self.start = start
    self.duration = duration
    self.path = path
  }
}
