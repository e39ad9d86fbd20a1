import Chunking
import Corpus
import Disk
import Embedding
import IndexStorage
package import Indexing
package import ModelOpening
package import Primitives
import Segments
import Settings
import TreeSitterChunking

/// How a run over an index was asked for.
package struct RunRequest {
  /// Forget what is indexed and begin anew.
  package var rebuilds = false
  /// Is told of every step of the run, from many threads.
  package var trace: (any TraceSink)?
  /// Which files come in although they are bulk, as `include_generated` takes all in.
  package var includesGenerated: (@Sendable (FilePath) -> Bool)?
  /// What was made elsewhere of the files.
  package var prepared: (any PreparedSource)?
  /// What is known of the tree, so that it need not be walked.
  var corpus = CorpusKnowledge.unknown
  /// How much of the machine it takes.
  var pace = Pace.asSet
  /// How much is merged.
  var merging = IndexingOptions.Merging.all
  package var cancellation: Cancellation
  /// Whether a run that is cancelled is waited for.
  package var waitsForEnd = true
  /// Whether somebody waits for it who can go on without it, so that an endpoint gets as little time as a search gives.
  package var isInteractive = false
  /// Called now and then, from any thread.
  package var progress: (@Sendable (IndexProgress) -> Void)?
  /// Asked while another run of this process is at work: a failure ends the waiting.
  package var mayLeave: () -> Failure? = { nil }

  package init(cancellation: Cancellation) { self.cancellation = cancellation }

  /// How much of the machine a run takes.
  enum Pace: Hashable, Sendable {
    /// It gives way to others where the settings say so.
    case asSet
    /// It does, unless they say that it does not: nobody waits for it.
    case background
    /// It does not: somebody waits.
    case awaited
  }

  /// Whether the run sees the tree for itself, and merges.
  fileprivate var isOfTree: Bool {
    if case .unknown = corpus, merging == .all { return true }
    return false
  }
}

extension IndexSession {
  /// Brings the index up to date, and that of a slower model after it. Keeps with the index what a command line says.
  ///
  /// Throws `permissionDenied` where the index may only be read, `differentModel` where it is of another model than the
  /// chosen one, `locked` when another writer is at work, `invalidArgument` where it is the index of another tree,
  /// unless the run rebuilds it.
  package func update(_ request: RunRequest) throws(Failure) -> UpdateReport {
    if !request.rebuilds { try checkTree() }
    return try reopening { _, notes throws(Failure) in
      if revision == nil, place.readOnly == nil, let lines = settings.linesToRemember {
        try place.site.make().keep(options: lines)
      }
      var report: UpdateReport
      if let secondary = try secondary.get() {
        report = try fill(and: secondary, request)
      } else {
        report = try fill(index, with: try indexingModel(), request)
      }
      report.notes = notes + report.notes
      return report
    }
  }

  /// What makes two requests one run.
  private struct RunKey: Hashable, Sendable {
    var root: FilePath
    var settings: SettingValues
    var model: ModelIdentity
    var isInteractive: Bool
    var givesWay: Bool
  }

  /// The runs of this process.
  private static let runs = IndexRuns<RunKey, UpdateReport>()

  /// One run over `index`, shared with all callers that ask for the same meanwhile.
  func fill(_ index: StoredIndex, with model: OpenedModel, _ request: RunRequest) throws(Failure) -> UpdateReport {
    try place.checkWritable()
    var options = indexingOptions(rebuild: request.rebuilds, for: model.choice, pace: request.pace)
    options.includesGenerated = request.includesGenerated
    options.merging = request.merging
    options.comparesOnlyChanges = request.isInteractive
    if index === self.index, ((try? index.snapshot())?.generation ?? 0) == 0 {
      options.siblings = siblings()
      if revision != nil { beginAtOthers(&options) }
    }
    if revision != nil {
      try prepareForInner()
      // What is shared with other indexes is shared no more once it is merged.
      options.merging = .small
    }
    let isPlain =
      !request.rebuilds && request.trace == nil && request.includesGenerated == nil && request.prepared == nil
      && request.isOfTree
    let key = RunKey(
      root: root, settings: settings, model: model.identity, isInteractive: request.isInteractive,
      givesWay: options.givesWay)
    let embedder = request.isInteractive ? model.embedder.interactive : model.embedder
    let (trace, corpus, prepared) = (request.trace, request.corpus, request.prepared)
    return try Self.runs.perform(
      at: (try? resolvedPath(index.path)) ?? index.path, sharing: isPlain ? key : nil, request.cancellation,
      waitsForEnd: request.waitsForEnd, progress: request.progress, mayLeave: request.mayLeave
    ) { [options] cancellation, progress in
      Result { () throws(Failure) in
        var writer = writer(of: index, embedder, options)
        writer.trace = trace
        writer.prepared = prepared
        return try run(writer, model, corpus, cancellation, progress)
      }
    }
  }

  private func writer(of index: StoredIndex, _ embedder: any Embedder, _ options: IndexingOptions) -> IndexWriter {
    var writer = IndexWriter(
      root: root, site: index.site, embedder: embedder, chunker: Chunker(parser: TreeSitterParser()),
      options: options)
    writer.revision = revision?.files
    return writer
  }

  /// Merges what a watcher's runs have left to be merged, as a run of its own.
  func merge(
    _ index: StoredIndex, with model: OpenedModel, after state: IndexedState?, _ cancellation: Cancellation
  ) throws(Failure) -> IndexRunReport {
    let writer = writer(
      of: index, model.embedder, indexingOptions(rebuild: false, for: model.choice, pace: .background))
    return try Self.runs.perform(
      at: (try? resolvedPath(index.path)) ?? index.path, sharing: nil, cancellation, waitsForEnd: true
    ) { cancellation, _ in
      Result { () throws(Failure) in
        UpdateReport(try writer.merge(cancellation, after: state), modelName: model.identity.name)
      }
    }.run
  }

  private func run(
    _ writer: IndexWriter, _ model: OpenedModel, _ corpus: CorpusKnowledge, _ cancellation: Cancellation,
    _ progress: @escaping @Sendable (IndexProgress) -> Void
  ) throws(Failure) -> UpdateReport {
    let before = model.cache?.counts ?? (hits: 0, misses: 0)
    let run = try writer.perform(cancellation, corpus: corpus, progress: progress)
    var report = UpdateReport(run, modelName: model.identity.name)
    remember(model)
    if let cache = model.cache {
      report.usesCache = true
      report.keptEmbeddingCount = cache.counts.hits - before.hits
      report.newEmbeddingCount = cache.counts.misses - before.misses
      cache.saveCounts()
      report.notes = cache.notes
    }
    if let revision {
      report.revision = revision.commit.description
      report.notes += keepRevisions(revision.commit, model)
    }
    return report
  }

  /// Where the indexes are of the other work trees of the repository that the tree lies in.
  private func siblings() -> [IndexingOptions.Sibling] {
    GitWorktrees.siblings(of: root).compactMap { other in
      guard let place = try? IndexPlace(IndexPlacement(root: other, settings, environment)),
        place.directory != self.place.directory
      else { return nil }
      return IndexingOptions.Sibling(site: place.site, root: other)
    }
  }

  /// How a run over the index with `model` works, as the settings say.
  package func indexingOptions(rebuild: Bool, for model: ModelChoice) -> IndexingOptions {
    indexingOptions(rebuild: rebuild, for: model, pace: .asSet)
  }

  /// The same for a run of this pace.
  func indexingOptions(rebuild: Bool, for model: ModelChoice, pace: RunRequest.Pace) -> IndexingOptions {
    let settings = resolvedSettings
    var options = IndexingOptions()
    // Places in a file are kept in 32 bits here and there.
    options.walk.maximumFileByteCount = min(settings.maximumFileByteCount, 1 << 30)
    options.walk.includesHidden = settings.includesHidden
    options.walk.includesVendored = settings.includesVendored
    options.walk.includesGenerated = settings.includesGenerated
    options.walk.includesSecrets = settings.includesSecrets
    // What comes with somebody's repository must not send the user's secrets away.
    switch model {
    case .endpoint, .custom: options.walk.ignoreFilesIncludeSecrets = false
    case .builtIn, .named, .directory: break
    }
    options.walk.obeysGitIgnore = settings.obeysGitIgnore
    options.walk.followsLinks = settings.followsLinks
    options.walk.fileLimit = settings.fileLimit ?? 0
    options.walk.timeLimit = settings.walkTimeLimit
    options.walk.threadCount = settings.threadCount
    options.threadCount = settings.threadCount
    options.givesWay = pace != .awaited && settings.givesWay ?? (pace == .background)
    options.sparesBattery = pace == .background && settings.batteryUse != .same
    options.memoryByteCount = settings.memoryByteCount
    options.storesGrams = settings.indexesPatterns
    options.commitInterval = settings.commitInterval
    options.rebuilds = rebuild
    options.excludedDirectory = place.directory
    return options
  }
}
