import Chunking
import Corpus
import Disk
import Embedding
import IndexStorage
package import Indexing
import Inspection
import Primitives
import Segments
import TreeSitterChunking

/// One source tree and its index: the door for programs.
///
///     let workspace = try Workspace(root: "/home/me/project")
///     let response = try await workspace.search(SearchRequest("where do sessions expire"))
///     for hit in response.hits { print("\(hit.path):\(hit.lines.lowerBound)") }
///
/// Any number of workspaces, in any number of processes, may search one tree; one of them at a time may index it.
public struct Workspace: Sendable {
  /// The top of the tree, absolute, with no symbolic link in it.
  public let root: Path
  /// Where the index lives.
  public let indexDirectory: Path
  public let configuration: Configuration
  /// What the user should know about this workspace, such as an index that had to go elsewhere.
  public let notes: [CairnError]

  let place: IndexPlace
  let environment: Environment
  /// Shared by all copies of this value, so that a process that answers many questions opens the index once.
  let snapshot: KeptSnapshot

  /// Opens the tree at `root`. Looks at what stands where the index is to be; nothing is written yet.
  ///
  /// Throws `notFound` where `root` is no directory, and what `Configuration.load` throws when `configuration` is left out.
  public init(
    root: Path, configuration: Configuration? = nil, environment: Environment = .process
  ) throws(CairnError) {
    let resolved = try asCairnError { () throws(Failure) -> FilePath in
      let resolved = try resolvedPath(root.filePath)
      guard try FileStatus(of: resolved).kind == .directory else {
        throw Failure(.invalidArgument, "it is not a directory; name the directory that holds it", path: resolved)
      }
      return resolved
    }
    self.root = Path(resolved)
    var held: Configuration
    if let configuration {
      held = configuration
    } else {
      held = try Configuration.load(root: self.root, environment: environment)
    }
    let place = try asCairnError { [held] () throws(Failure) in
      try IndexPlace(root: resolved, configuration: held, environment: environment)
    }
    var notes = place.notes
    do throws(Failure) { try held.recall(from: place.site) } catch { notes.append(CairnError(error)) }
    self.configuration = held
    self.place = place
    self.environment = environment
    snapshot = KeptSnapshot(place.site)
    indexDirectory = Path(place.directory)
    self.notes = notes
  }

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
  ///   - trace: a file that the steps of the run are written to, in the Chrome trace format.
  ///   - progress: called now and then, from any thread.
  @concurrent public func index(
    rebuild: Bool = false, trace: Path? = nil, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> IndexReport {
    if !rebuild { try checkTree() }
    return try await reopening { _, notes throws(CairnError) in
      do throws(Failure) {
        if place.readOnly == nil { try configuration.remember(in: place.site) }
        var report: IndexReport
        if let later = try laterModel() {
          report = try await index(and: later, rebuild: rebuild, trace, progress)
        } else {
          report = try await fill(place.site, with: try indexingModel(), rebuild: rebuild, trace: trace, progress)
        }
        report.notes = notes + report.notes
        return report
      } catch { throw CairnError(error) }
    }
  }

  /// Throws where the place that the user named holds the index of another tree: neither answers for the other, and none is
  /// replaced unasked.
  func checkTree() throws(CairnError) {
    guard place.isNamed, let other = try? place.site.open().otherRoot(than: root.filePath) else { return }
    throw CairnError(
      .invalidArgument,
      "this is the index of \(other); name another directory with --index-dir, or give this one to \(root) with "
        + "`cairn index --rebuild`", path: indexDirectory)
  }

  /// Whether there is an index to answer from.
  package var hasIndex: Bool { ((try? snapshot.newest())?.generation ?? 0) > 0 }

  /// One run over the index at `site`.
  ///
  /// - Parameter includesGenerated: which files come in although they are bulk, as `include_generated` takes all in.
  func fill(
    _ site: IndexSite, with model: OpenedModel, rebuild: Bool = false, trace: Path? = nil,
    includesGenerated: (@Sendable (FilePath) -> Bool)? = nil,
    _ progress: (@Sendable (IndexProgress) -> Void)?
  ) async throws(Failure) -> IndexReport {
    if let readOnly = place.readOnly {
      throw Failure(
        .permissionDenied, readOnly.message, path: readOnly.path?.filePath)
    }
    let before = model.cache?.counts ?? (hits: 0, misses: 0)
    var options = indexingOptions(rebuild: rebuild, for: model.choice)
    options.includesGenerated = includesGenerated
    var writer = IndexWriter(
      root: root.filePath, site: site, embedder: model.embedder,
      chunker: Chunker(parser: TreeSitterParser()), options: options)
    var report: IndexReport
    if let trace {
      let chrome = ChromeTrace()
      writer.trace = chrome
      try checkWritable(trace.filePath)
      do throws(Failure) {
        report = try await run(writer, progress)
        try chrome.write(to: trace.filePath)
      } catch {
        // What a run did until it failed is what one wants to see then.
        try? chrome.write(to: trace.filePath)
        throw error
      }
    } else {
      report = try await run(writer, progress)
    }
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

  private func run(
    _ writer: IndexWriter, _ progress: (@Sendable (IndexProgress) -> Void)?
  ) async throws(Failure) -> IndexReport {
    guard let progress else { return IndexReport(try await writer.run()) }
    return IndexReport(try await writer.run { progress(IndexProgress($0)) })
  }

  /// Asked before a run that may take minutes, not after it.
  private func checkWritable(_ file: FilePath) throws(Failure) {
    let directory: FilePath = file.parent.isEmpty ? "." : file.parent
    guard isWritable(directory) else {
      throw Failure(
        .invalidArgument, "a trace cannot be written here; name a file in a directory that can be", path: file)
    }
    guard let status = try? FileStatus(of: file, followsLinks: false) else { return }
    guard status.kind == .file, status.byteCount == 0 || ChromeTrace.isTrace(file) else {
      throw Failure(
        .invalidArgument, "what is here is no trace of Cairn's and is not written over; remove it or name a new file",
        path: file)
    }
  }

  /// How a run over the index with the built-in model works, as the configuration says.
  package var indexingOptions: IndexingOptions { indexingOptions(rebuild: false, for: .builtIn) }

  func indexingOptions(rebuild: Bool, for model: ModelChoice) -> IndexingOptions {
    var options = IndexingOptions()
    // Places in a file are kept in 32 bits here and there.
    options.walk.maximumFileByteCount = min(configuration.maximumFileByteCount, 1 << 30)
    options.walk.includesHidden = configuration.includesHidden
    options.walk.includesVendored = configuration.includesVendored
    options.walk.includesGenerated = configuration.includesGenerated
    options.walk.includesSecrets = configuration.includesSecrets
    // What comes with somebody's repository must not send the user's secrets away.
    if case .endpoint = model { options.walk.ignoreFilesIncludeSecrets = false }
    options.walk.obeysGitIgnore = configuration.obeysGitIgnore
    options.walk.followsLinks = configuration.followsLinks
    options.walk.fileLimit = configuration.fileLimit
    let seconds = configuration.walkTimeLimitSeconds
    options.walk.timeLimit = seconds > 0 ? .seconds(seconds) : nil
    options.walk.threadCount = configuration.isParallel ? configuration.threadCount : 1
    options.threadCount = options.walk.threadCount
    options.memoryByteCount = configuration.maximumMemoryMegabytes << 20
    let interval = configuration.commitIntervalSeconds
    options.commitInterval = interval > 0 ? .seconds(interval) : nil
    options.rebuilds = rebuild
    options.excludedDirectory = place.directory
    return options
  }
}
