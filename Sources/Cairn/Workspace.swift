import Disk
import IndexStorage
import Primitives
import Segments

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
  /// Shared by all copies of this value, so that a process that runs many searches opens the index once.
  let index: StoredIndex
  /// The index that a slower model fills, shared in the same way; or what keeps it from being known.
  let secondaryIndex: Result<SecondaryIndex?, Failure>

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
    index = StoredIndex(place.site)
    secondaryIndex = Result { () throws(Failure) in try SecondaryIndex(held, environment, beside: place.site) }
    indexDirectory = Path(place.directory)
    self.notes = notes
  }

  /// Whether there is an index to search.
  package var hasIndex: Bool { ((try? index.snapshot())?.generation ?? 0) > 0 }

  /// Throws where the place that the user named holds the index of another tree: neither answers for the other, and none is
  /// replaced unasked.
  func checkTree() throws(CairnError) {
    guard place.isNamed, let other = index.otherRoot(than: root.filePath) else { return }
    throw CairnError(
      .invalidArgument,
      "this is the index of \(other), not of \(root)", path: indexDirectory,
      remedy: CairnError.Remedy(.set, "index_dir", or: .rebuild))
  }

  /// Runs `body` on a thread outside the shared pool, as all that opens files, waits for servers or computes for long. A task that
  /// is cancelled meanwhile cancels its context.
  func offPool<Value: Sendable>(
    timeLimit: Duration? = nil, _ body: @escaping @Sendable (SearchContext) throws(CairnError) -> Value
  ) async throws(CairnError) -> Value {
    let context = SearchContext(deadline: timeLimit.map { ContinuousClock.now + $0 })
    let outcome = await onBlockingThread(cancelling: context.cancellation) {
      () -> Result<Result<Value, CairnError>, Failure> in
      .success(Result { () throws(CairnError) in try body(context) })
    }
    return try asCairnError { () throws(Failure) in try outcome.get() }.get()
  }
}
