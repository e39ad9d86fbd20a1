package import Catalog
package import Chunking
package import Corpus
import Disk
package import Embedding
package import Primitives
package import Segments

package struct IndexingOptions: Hashable, Sendable {
  package var walk = WalkOptions()
  /// Threads for the heavy stages; 0 is one for each core.
  package var threadCount = 0
  /// A builder that holds more than this is written out as a segment and committed.
  package var memoryByteCount = 256 << 20
  /// Forget what is indexed and begin anew.
  package var rebuilds = false
  package init() {}
}

/// How far a run is; sent now and then from any thread.
package struct IndexProgress: Hashable, Sendable {
  package enum Stage: String, Sendable { case walking, indexing, merging }
  package var stage: Stage
  package var filesDone: Int
  /// Unknown while walking.
  package var filesTotal: Int?
  package var bytesDone: Int
  package var bytesTotal: Int?
  package init(stage: Stage, filesDone: Int, filesTotal: Int?, bytesDone: Int, bytesTotal: Int?) {
    self.stage = stage
    self.filesDone = filesDone
    self.filesTotal = filesTotal
    self.bytesDone = bytesDone
    self.bytesTotal = bytesTotal
  }
}

/// What a run did. `filesSeen` = `filesIndexed` + `filesUnchanged` + the sum of `skipped`.
package struct IndexRunReport: Sendable {
  package var generation: Generation = 0
  package var filesSeen = 0
  package var filesIndexed = 0
  package var filesUnchanged = 0
  /// By reason; a directory left out whole counts once.
  package var skipped: [SkipReason: Int] = [:]
  /// Files that were in the index and are gone.
  package var filesRemoved = 0
  package var chunksAdded = 0
  package var bytesIndexed = 0
  /// Files and chunks live after the run.
  package var liveFileCount = 0
  package var liveChunkCount = 0
  /// One line for each file that could not be read.
  package var failures: [Failure] = []
  /// Seconds of thread time by stage: walk, read, chunk, analyse, embed, build, commit, merge.
  package var stageSeconds: [(stage: String, seconds: Double)] = []
  package var seconds = 0.0
  package init() {}
}

/// The write flow over one index directory. One writer at a time: a second one, in this process or another, is told so.
package struct IndexWriter: Sendable {
  /// - Parameters:
  ///   - root: the corpus.
  ///   - directory: where the index lives; made when missing.
  package init(
    root: FilePath, directory: FilePath, embedder: any Embedder, chunker: Chunker, options: IndexingOptions
  ) {}

  /// Brings the index up to date. Throws `.locked` when another writer is at work.
  @concurrent package func run(progress: (@Sendable (IndexProgress) -> Void)? = nil) async throws(Failure) -> IndexRunReport {
    IndexRunReport()
  }
}

/// Opens the live segments of the index in `directory` as a snapshot. When a file vanishes between the catalog's answer and its opening (a
/// merge), the catalog is asked again.
package func openSnapshot(directory: FilePath) throws(Failure) -> IndexSnapshot {
  throw Failure(.notFound, "not written yet")
}
