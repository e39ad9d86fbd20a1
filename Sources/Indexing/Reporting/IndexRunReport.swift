package import Catalog
import Corpus
package import Inspection
package import Primitives

/// What a run did. `filesSeen` = `filesIndexed` + `filesUnchanged` + the sum of `skipped`.
package struct IndexRunReport: Hashable, Sendable {
  package var generation: Generation = 0
  /// Where the next run may go on from, if it knows what changed meanwhile (`CorpusKnowledge.changes`); nil where it
  /// must look at everything again.
  package var state: IndexedState?
  /// Why the index was rebuilt, in words; nil if it was brought up to date.
  package var rebuildReason: String?
  /// The run before, if this one goes on where that one did not come to its end.
  package var resumed: ResumedRun?
  /// The index of another work tree that this run began from; nil if it began with nothing, or with its own.
  package var adoptedFrom: FilePath?
  /// What was damaged and is sound again, a sentence each: segments whose files were read again, commits that were
  /// lost.
  package var repairs: [Failure] = []
  /// A file that vanished between the walk and its reading counts as never seen.
  package var filesSeen = 0
  package var filesIndexed = 0
  /// Files whose content is what the index has, whether or not they had to be read to know it.
  package var filesUnchanged = 0
  /// By reason; a directory left out whole counts once.
  package var skipped: [SkipReason: Int] = [:]
  /// Directories that were not looked into because the time of the walk was over: the index is not complete.
  package var unvisited: [FilePath] = []
  /// What could not be read, in the order of the paths: what the index had of it, it still has, and is not complete.
  /// Each is among `failures`, and counts as skipped because it is unreadable.
  package var unread: [UnreadRecord] = []
  /// Files that were in the index and are gone from it: deleted, or skipped from now on.
  package var filesRemoved = 0
  package var chunksAdded = 0
  package var bytesIndexed = 0
  /// What of all that was not made again.
  package var reused = ReusedWork()
  /// Segments written, and merges made.
  package var segmentsAdded = 0
  package var mergeCount = 0
  /// Files and chunks live after the run.
  package var liveFileCount = 0
  package var liveChunkCount = 0
  /// One for each file and directory that could not be read, and for a merge that failed.
  package var failures: [Failure] = []
  package var seconds = 0.0

  // MARK: Where time and memory went

  /// One for each stage, in the order of `IndexStage`.
  package var stages: [StageReport] = []
  package var queue = QueueReport()
  /// Threads that prepared files.
  package var threadCount = 0
  /// Processor time of all threads together; divided by `seconds`, the cores that were busy.
  package var processorSeconds = 0.0
  /// The most private memory that the process had during the run: mapped files do not count.
  package var peakOwnByteCount = 0
  /// The same with the pages of mapped files.
  package var peakResidentByteCount = 0
  /// What the private memory of the process was to stay under.
  package var memoryCeilingByteCount = 0
  /// Bytes of segments written, by commits and by merges: divided by the size of the index, the write amplification.
  package var segmentBytesWritten = 0
  package init() {}

  /// Processor seconds of each stage.
  package var stageSeconds: [(stage: String, seconds: Double)] { stages.map { ($0.stage.rawValue, $0.seconds) } }
}

/// What a run took from an index in place of making it.
package struct ReusedWork: Hashable, Sendable {
  /// Files of another work tree's index that were not read, since git's records say that they are the same here. Of
  /// `filesUnchanged`.
  package var unreadFiles = 0
  /// Files that are back at their path as a segment still had them: neither parsed, embedded nor analysed. Of
  /// `filesIndexed`.
  package var revivedFiles = 0
  /// Files with the content of another one, or of one that was: not parsed. Of `filesIndexed`.
  package var copiedFiles = 0
  /// Chunks of the revived and the copied files. Of `chunksAdded`.
  package var chunks = 0

  package init() {}

  /// Each number by its name in reports; empty where nothing was reused.
  package var counts: [String: Int] {
    ["files_unread": unreadFiles, "files_revived": revivedFiles, "files_copied": copiedFiles, "chunks": chunks]
      .filter { $0.value > 0 }
  }
}

/// A run that was stopped or killed, and what the run that goes on after it found of its work.
package struct ResumedRun: Hashable, Sendable {
  /// When it ended, in nanoseconds since 1970; of one that was killed, when it was last known to be at work.
  package var stopped: Int64
  /// Whether it did not end by itself: it was killed, or the machine stopped.
  package var wasKilled: Bool
  /// Files that the index had as they are, and those that belong into it with them: the rest was left to be read.
  package var fileCount = 0
  package var totalFileCount = 0

  /// A run that has no end, or another one than it should have; nil for one that came to its end.
  init?(_ run: RunRecord, lastSeen: Int64?) {
    if let finished = run.finished {
      guard run.failure != nil else { return nil }
      (stopped, wasKilled) = (finished, false)
    } else {
      (stopped, wasKilled) = (max(run.started, lastSeen ?? 0), true)
    }
  }

  /// One that was killed before it had changed anything, and so is not in the journal.
  init(killedAt time: Int64) { (stopped, wasKilled) = (time, true) }
}
