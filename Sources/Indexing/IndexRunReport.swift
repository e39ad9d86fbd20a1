package import Catalog
package import Corpus
package import Primitives

/// What a run did. `filesSeen` = `filesIndexed` + `filesUnchanged` + the sum of `skipped`.
package struct IndexRunReport: Sendable {
  package var generation: Generation = 0
  /// Why the index was begun anew, in words; nothing when it was brought up to date.
  package var rebuildReason: String?
  /// A file that vanished between the walk and its reading counts as never seen.
  package var filesSeen = 0
  package var filesIndexed = 0
  /// Files whose content is what the index has, whether or not they had to be read to know it.
  package var filesUnchanged = 0
  /// By reason; a directory left out whole counts once.
  package var skipped: [SkipReason: Int] = [:]
  /// Files that were in the index and are gone from it: deleted, or skipped from now on.
  package var filesRemoved = 0
  package var chunksAdded = 0
  package var bytesIndexed = 0
  /// Segments written, and merges made.
  package var segmentsAdded = 0
  package var mergeCount = 0
  /// Files and chunks live after the run.
  package var liveFileCount = 0
  package var liveChunkCount = 0
  /// One line for each file that could not be read, and for a merge that failed.
  package var failures: [Failure] = []
  /// Seconds of thread time by stage: walk, read, chunk, analyse, embed, build, commit, merge.
  package var stageSeconds: [(stage: String, seconds: Double)] = []
  package var seconds = 0.0
  package init() {}
}
