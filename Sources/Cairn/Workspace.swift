import Chunking
import Corpus
import Disk
import Embedding
import Indexing
import Primitives
import Synchronization
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
  let model = SharedModel()

  /// Opens the tree at `root`; nothing is read or written yet.
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
    let held: Configuration
    if let configuration {
      held = configuration
    } else {
      held = try Configuration.load(root: self.root, environment: environment)
    }
    let place = try asCairnError { () throws(Failure) in
      try IndexPlace(root: resolved, configuration: held, environment: environment)
    }
    self.configuration = held
    self.place = place
    indexDirectory = Path(place.directory)
    notes = place.note.map { [$0] } ?? []
  }

  /// Brings the index up to date: reads what changed, forgets what is gone. Costs little when little changed.
  ///
  /// Throws `locked` when another writer is at work. One file that cannot be read is a line in the report, not an error.
  ///
  /// - Parameters:
  ///   - rebuild: forget what is indexed and begin anew.
  ///   - progress: called now and then, from any thread.
  @concurrent public func index(
    rebuild: Bool = false, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> IndexReport {
    do throws(Failure) {
      let writer = IndexWriter(
        root: root.filePath, directory: place.directory, embedder: try model.get(),
        chunker: Chunker(parser: TreeSitterParser()), options: indexingOptions(rebuild: rebuild))
      guard let progress else { return IndexReport(try await writer.run()) }
      return IndexReport(try await writer.run { progress(IndexProgress($0)) })
    } catch { throw CairnError(error) }
  }

  func indexingOptions(rebuild: Bool) -> IndexingOptions {
    var options = IndexingOptions()
    options.walk.maximumFileByteCount = configuration.maximumFileByteCount
    options.walk.includesHidden = configuration.includesHidden
    options.walk.includesVendored = configuration.includesVendored
    options.walk.obeysGitIgnore = configuration.obeysGitIgnore
    options.walk.threadCount = configuration.threadCount
    options.threadCount = configuration.threadCount
    options.memoryByteCount = configuration.maximumMemoryMegabytes << 20
    options.rebuilds = rebuild
    return options
  }
}

/// The built-in model, opened when it is first needed and kept.
final class SharedModel: Sendable {
  private let opened = Mutex<StaticModel?>(nil)

  func get() throws(Failure) -> StaticModel {
    try opened.withLock { held throws(Failure) in
      if let held { return held }
      let model = try StaticModel.builtIn()
      held = model
      return model
    }
  }
}
