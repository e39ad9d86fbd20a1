/// One line of the journal: a run that changed the index, or was about to. A run that finds nothing to change writes
/// nothing, not even here.
package struct RunRecord: Hashable, Sendable {
  package var id: Int64 = 0
  /// Nanoseconds since 1970.
  package var started: Int64
  /// Nothing while it runs, and for ever when it was killed.
  package var finished: Int64?
  package var filesSeen = 0
  package var filesIndexed = 0
  package var filesUnchanged = 0
  package var filesSkipped = 0
  package var filesRemoved = 0
  /// What ended it early.
  package var failure: String?

  package init(started: Int64) { self.started = started }
}
