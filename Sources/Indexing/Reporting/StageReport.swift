/// A part of the work of a run.
package enum IndexStage: String, CaseIterable, Hashable, Sendable {
  /// Listing the corpus.
  case walk
  /// Comparing the listing with the catalog.
  case compare
  /// Reading a file, its hash, and whether its content is to be indexed.
  case read
  /// Parsing a file and cutting it.
  case chunk
  case analyse, embed
  /// Putting a file into the segment in the making.
  case build
  /// Writing a segment and its generation.
  case commit
  case merge
}

/// What one stage of a run took, summed over the threads that worked at it.
package struct StageReport: Hashable, Sendable {
  package var stage: IndexStage
  /// Processor time.
  package var seconds = 0.0
  /// Time that the stage lasted beyond its processor time: it waited for the disk, an endpoint, or a core.
  package var waitingSeconds = 0.0
  /// Bytes that passed the stage: of source for most, of segments for `commit` and `merge`.
  package var byteCount = 0
  /// How often it ran: files for most, commits and merges for these.
  package var count = 0

  package init(stage: IndexStage) { self.stage = stage }
}
