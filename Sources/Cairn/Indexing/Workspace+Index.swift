import Chunking
import Corpus
import Disk
import Embedding
import IndexStorage
package import Indexing
import ModelOpening
import Primitives
import Settings
import TreeSitterChunking

extension Workspace {
  /// Brings the index up to date: reads what changed, forgets what is gone. Costs little when little changed.
  ///
  /// Throws `permissionDenied` where the index may only be read.
  ///
  /// Settings that choose files and came as flags are kept with the index, so that later runs see the same files.
  ///
  /// The model is the one that was chosen, else the one that the index was built with. Throws `differentModel` where the index is
  /// of another model than the chosen one, `locked` when another writer is at work. A
  /// file or directory that cannot be read is a line in the report, not an error, and keeps what the index has of it; a root that
  /// cannot be listed is an error, and changes nothing.
  ///
  /// - Parameters:
  ///   - rebuild: forget what is indexed and begin anew.
  ///   - progress: called now and then, from any thread.
  @concurrent public func index(
    rebuild: Bool = false, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> IndexReport {
    try await index(rebuild: rebuild, trace: nil, progress: progress)
  }

  /// The same.
  ///
  /// - Parameter trace: is told of every step of the run, from many threads.
  @concurrent package func index(
    rebuild: Bool = false, trace: (any TraceSink)?, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> IndexReport {
    try await offPool { context throws(CairnError) in
      if !rebuild { try checkTree() }
      return try reopening { _, notes throws(CairnError) in
        try asCairnError { () throws(Failure) in
          if place.readOnly == nil { try configuration.remember(in: place.site) }
          let run = RunRequest(rebuilds: rebuild, trace: trace, cancellation: context.cancellation, progress: progress)
          var report: IndexReport
          if let secondary = try secondaryIndex.get() {
            report = try fill(and: secondary, run)
          } else {
            report = try fill(index, with: try indexingModel(), run)
          }
          report.notes = notes + report.notes
          return report
        }
      }
    }
  }

  /// How a run over an index was asked for.
  struct RunRequest {
    var rebuilds = false
    var trace: (any TraceSink)?
    /// Which files come in although they are bulk, as `include_generated` takes all in.
    var includesGenerated: (@Sendable (FilePath) -> Bool)?
    var cancellation: Cancellation
    /// Whether a run that is cancelled is waited for.
    var waitsForEnd = true
    var progress: (@Sendable (IndexProgress) -> Void)?
    /// Asked while another run of this process is at work: a failure ends the waiting.
    var mayLeave: () -> Failure? = { nil }
  }

  /// What makes two requests one run.
  struct RunKey: Hashable, Sendable {
    var root: Path
    var configuration: Configuration
    var model: ModelIdentity
  }

  /// The runs of this process.
  private static let runs = IndexRuns<RunKey, IndexReport>()

  /// One run over `index`, shared with whoever asks for the same meanwhile. Blocks.
  func fill(_ index: StoredIndex, with model: OpenedModel, _ request: RunRequest) throws(Failure) -> IndexReport {
    if let readOnly = place.readOnly {
      throw Failure(
        .permissionDenied, readOnly.message, path: readOnly.path?.filePath, remedy: .set("index_dir"))
    }
    var options = indexingOptions(rebuild: request.rebuilds, for: model.choice)
    options.includesGenerated = request.includesGenerated
    let isPlain = !request.rebuilds && request.trace == nil && request.includesGenerated == nil
    let key = RunKey(root: root, configuration: configuration, model: model.identity)
    var progress: (@Sendable (Indexing.IndexProgress) -> Void)?
    if let tell = request.progress { progress = { tell(IndexProgress($0)) } }
    let trace = request.trace
    return try Self.runs.perform(
      at: (try? resolvedPath(index.path)) ?? index.path, sharing: isPlain ? key : nil, request.cancellation,
      waitsForEnd: request.waitsForEnd, progress: progress, mayLeave: request.mayLeave
    ) { [options] cancellation, progress in
      Result { () throws(Failure) in try run(index, model, options, trace, cancellation, progress) }
    }
  }

  private func run(
    _ index: StoredIndex, _ model: OpenedModel, _ options: IndexingOptions, _ trace: (any TraceSink)?,
    _ cancellation: Cancellation,
    _ progress: @escaping @Sendable (Indexing.IndexProgress) -> Void
  ) throws(Failure) -> IndexReport {
    let before = model.cache?.counts ?? (hits: 0, misses: 0)
    var writer = IndexWriter(
      root: root.filePath, site: index.site, embedder: model.embedder, chunker: Chunker(parser: TreeSitterParser()),
      options: options)
    writer.trace = trace
    var report = IndexReport(try writer.perform(cancellation, progress: progress))
    remember(model)
    report.modelName = model.identity.name
    if let cache = model.cache {
      report.keptEmbeddingCount = cache.counts.hits - before.hits
      report.newEmbeddingCount = cache.counts.misses - before.misses
      cache.saveCounts()
      report.notes = cache.notes.map { CairnError($0) }
      report.profile.caches = [
        RunProfile.CacheUse(
          name: "embeddings", hitCount: report.keptEmbeddingCount, missCount: report.newEmbeddingCount)
      ]
    }
    return report
  }

  /// How a run over the index with the built-in model works, as the configuration says.
  package var indexingOptions: IndexingOptions { indexingOptions(rebuild: false, for: .builtIn) }

  func indexingOptions(rebuild: Bool, for model: ModelChoice) -> IndexingOptions {
    let settings = configuration.resolved()
    var options = IndexingOptions()
    // Places in a file are kept in 32 bits here and there.
    options.walk.maximumFileByteCount = min(settings.maximumFileByteCount, 1 << 30)
    options.walk.includesHidden = settings.includesHidden
    options.walk.includesVendored = settings.includesVendored
    options.walk.includesGenerated = settings.includesGenerated
    options.walk.includesSecrets = settings.includesSecrets
    // What comes with somebody's repository must not send the user's secrets away.
    if case .endpoint = model { options.walk.ignoreFilesIncludeSecrets = false }
    options.walk.obeysGitIgnore = settings.obeysGitIgnore
    options.walk.followsLinks = settings.followsLinks
    options.walk.fileLimit = settings.fileLimit ?? 0
    options.walk.timeLimit = settings.walkTimeLimit
    options.walk.threadCount = settings.threadCount
    options.threadCount = settings.threadCount
    options.memoryByteCount = settings.memoryByteCount
    options.commitInterval = settings.commitInterval
    options.rebuilds = rebuild
    options.excludedDirectory = place.directory
    return options
  }
}
