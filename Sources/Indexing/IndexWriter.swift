package import Chunking
package import Corpus
import Disk
package import Embedding
package import IndexStorage
package import Primitives

/// The write flow over one index directory. One writer at a time: a second one, in this process or another, is told so.
///
/// What is committed stays, whatever happens after: a run that is killed, cancelled or fails leaves the last generation
/// answering, and the next run takes up what is missing.
package struct IndexWriter: Sendable {
  private let root: FilePath
  private let site: IndexSite
  private let embedder: any Embedder
  private let chunker: Chunker
  private let options: IndexingOptions
  /// The time, in nanoseconds since 1970, by which the file system's times are judged. Only a test sets another.
  package var wallClock: @Sendable () -> Int64 = { wallClockNanoseconds() }
  /// The commit whose files are the corpus, in place of those in the directory at the root.
  package var revision: RevisionFiles?
  /// What was made elsewhere of the files.
  package var prepared: (any PreparedSource)?
  /// Is told of each step of the run.
  package var trace: (any TraceSink)?

  /// - Parameters:
  ///   - root: the corpus.
  ///   - site: where the index lives; made when missing.
  package init(
    root: FilePath, site: IndexSite, embedder: any Embedder, chunker: Chunker, options: IndexingOptions
  ) {
    self.root = root
    self.site = site
    self.embedder = embedder
    self.chunker = chunker
    self.options = options
  }

  /// The same with the index in `directory`, which the caller made or is made when missing.
  package init(
    root: FilePath, directory: FilePath, embedder: any Embedder, chunker: Chunker, options: IndexingOptions
  ) {
    self.init(root: root, site: IndexSite(directory), embedder: embedder, chunker: chunker, options: options)
  }

  /// Brings the index up to date. Throws `.locked` when another writer is at work, `.cancelled` when the task is
  /// cancelled (between two files or two merges). Runs on threads of its own and holds none of the shared pool's.
  @concurrent package func run(
    progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(Failure) -> IndexRunReport {
    let cancellation = Cancellation()
    return try await onBlockingThread(cancelling: cancellation) {
      Result { () throws(Failure) in try perform(cancellation, progress: progress) }
    }.get()
  }

  /// The same, holding the calling thread for as long as it lasts.
  ///
  /// - Parameter corpus: what is known of the corpus. With `.changes`, throws `.needsWholeRun` before anything is
  ///   changed where the index must be compared with the whole corpus.
  package func perform(
    _ cancellation: Cancellation, corpus: CorpusKnowledge = .unknown,
    progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) throws(Failure) -> IndexRunReport {
    try onThread { () throws(Failure) in try performHere(cancellation, corpus, progress) }
  }

  private func performHere(
    _ cancellation: Cancellation, _ corpus: CorpusKnowledge, _ progress: (@Sendable (IndexProgress) -> Void)?
  ) throws(Failure) -> IndexRunReport {
    let directory: IndexDirectory
    if corpus.isPartial {
      do throws(Failure) { directory = try site.open() } catch {
        guard error.code == .notFound else { throw error }
        throw .needsWholeRun("there is no index", path: error.path)
      }
    } else {
      directory = try site.make()
    }
    return try makeRun(directory, corpus, cancellation, progress).perform()
  }

  /// Merges the segments that the planner thinks should be, and does nothing else: for a tree that is quiet, while the
  /// calling thread waits. Where it is cancelled it ends within milliseconds, without an error: the merges that were
  /// done are kept, of the one in flight nothing is left. Throws `.locked` when another writer is at work, `.notFound`
  /// where there is no index.
  ///
  /// - Parameter state: that of the report before; the report of this has one that follows from it. Nil there if the
  ///   index was not in that state.
  package func merge(
    _ cancellation: Cancellation, after state: IndexedState? = nil
  ) throws(Failure) -> IndexRunReport {
    try onThread { () throws(Failure) in
      try makeRun(site.open(), .unknown, cancellation, nil).performMerges(after: state)
    }
  }

  /// Runs `body` on the thread that calls, or, where the run is to give way, on one of low priority while that waits.
  private func onThread(
    _ body: @escaping @Sendable () throws(Failure) -> IndexRunReport
  ) throws(Failure) -> IndexRunReport {
    options.givesWay ? try givingWay(body) : try body()
  }

  private func makeRun(
    _ directory: IndexDirectory, _ corpus: CorpusKnowledge, _ cancellation: Cancellation,
    _ progress: (@Sendable (IndexProgress) -> Void)?
  ) throws(Failure) -> IndexRun {
    let run = IndexRun(
      root: root, directory: directory,
      preparer: try FilePreparer(
        root: root, revision: revision, followsLinks: options.walk.followsLinks, embedder: embedder, chunker: chunker,
        maximumFileByteCount: options.walk.maximumFileByteCount, storesGrams: options.storesGrams,
        removals: corpus.removals, cancellation: cancellation, wallClock: wallClock),
      options: options, knowledge: corpus, cancellation: cancellation, trace: trace, progress: progress)
    run.trust = site.trust
    run.preparer.elsewhere = prepared
    return run
  }
}

extension Cancellation {
  /// `check` in the words of a run.
  func checkRun() throws(Failure) {
    if isCancelled {
      throw Failure(.cancelled, "indexing was cancelled; what was done is kept, and the next run goes on from there")
    }
  }
}
