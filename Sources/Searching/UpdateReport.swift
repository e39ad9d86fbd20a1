package import Catalog
import Corpus
package import Indexing
import Inspection
package import Primitives

/// What a run over an index did, with what is known of the model beside it.
package struct UpdateReport: Hashable, Sendable {
  package var run: IndexRunReport
  /// The model that made the vectors.
  package var modelName: String
  /// The full name of the commit that was indexed; nil for the files as they are.
  package var revision: String?
  /// Whether there is a cache of embeddings in front of the model.
  package var usesCache = false
  /// Embeddings that came from the cache, and those that the model made; both 0 without a cache.
  package var keptEmbeddingCount = 0
  package var newEmbeddingCount = 0
  /// What the user should know about the run besides, such as a cache that was damaged.
  package var notes: [Failure] = []
  /// With `local_first`, what was done for the index of the slower model after this one.
  package var later: [UpdateReport] = []

  init(_ run: IndexRunReport, modelName: String) {
    self.run = run
    self.modelName = modelName
  }

  /// Whether searches may answer otherwise after it.
  var hasNews: Bool { run.segmentsAdded > 0 || run.filesRemoved > 0 || run.rebuildReason != nil }

  /// Files left out, by the raw values of `SkipReason`. A directory left out whole counts once.
  package var skipped: [String: Int] {
    var counts: [String: Int] = [:]
    for (reason, count) in run.skipped where count > 0 { counts[reason.rawValue] = count }
    return counts
  }
}

extension UnreadRecord {
  /// More lines than this hide what else there is to read.
  private static let shownCount = 3

  /// What to say of `records` beside an answer: a line for each of the first, and how many more there are.
  package static func notes(_ records: [UnreadRecord]) -> [Failure] {
    var notes = records.prefix(shownCount).map { record in
      let what = record.isDirectory ? "this directory" : "this file"
      var note = record.failure
      // Where another file is at fault, the reason names that.
      let cause = note.path == record.path ? "" : note.path.map { "\($0): " } ?? ""
      note.message = "\(what) could not be read, and answers as it was before, if at all: \(cause)\(note.message)"
      note.path = record.path
      return note
    }
    if records.count > shownCount {
      notes.append(
        Failure(
          .inputOutput, "\(records.count - shownCount) more places could not be read", remedy: Remedy(.showStatus)))
    }
    return notes
  }
}
