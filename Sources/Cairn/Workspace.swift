import Disk
import IndexStorage
import ModelOpening
import Primitives
import Retrieval
import Searching
import Segments
import Settings

/// One source tree and its index: the entry point for programs.
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

  /// What works below. What it has open is shared by all copies of this value, so that a process that runs many
  /// searches opens the index once.
  let session: IndexSession
  var environment: EnvironmentVariables { session.environment }
  var index: StoredIndex { session.index }

  /// Opens the tree at `root`. Checks what is at the index's path; writes nothing yet.
  ///
  /// Throws `notFound` where `root` is no directory, `invalidArgument` for an embedder whose name, version or
  /// dimensions cannot be used, and what `Configuration.load` throws when `configuration` is left out.
  ///
  /// - Parameter embedder: makes the vectors in place of the model that the configuration names; nil for that one.
  public init(
    root: Path, configuration: Configuration? = nil, environment: Environment = .process,
    embedder: (any TextEmbedder)? = nil
  ) throws(CairnError) {
    let resolved = try asCairnError { () throws(Failure) in try IndexSession.top(at: root.filePath) }
    self.root = Path(resolved)
    let given: Configuration
    if let configuration {
      given = configuration
    } else {
      given = try Configuration.load(root: self.root, environment: environment)
    }
    session = try asCairnError { () throws(Failure) in
      try IndexSession(
        root: resolved, settings: given.values, environment: environment.variables,
        embedder: try embedder.map { (embedder) throws(Failure) in try CustomEmbedder(embedder) })
    }
    self.configuration = Configuration(session.settings)
    indexDirectory = Path(session.place.directory)
    notes = session.notes.map { CairnError($0) }
  }

  /// Whether there is an index to search.
  package var hasIndex: Bool { ((try? index.snapshot())?.generation ?? 0) > 0 }

  /// Runs `body` on a thread outside the shared pool, as all that opens files, waits for servers or computes for long.
  /// A task that is cancelled meanwhile cancels its context, and so does the end of `timeLimit`, which then throws
  /// `timedOut`: whatever waits for a server, a run or a model hears of it.
  func offPool<Value: Sendable>(
    timeLimit: Duration? = nil, _ body: @escaping @Sendable (SearchContext) throws(CairnError) -> Value
  ) async throws(CairnError) -> Value {
    let context = SearchContext(deadline: timeLimit.map { ContinuousClock.now + $0 })
    let alarm = timeLimit.map { limit in
      Task {
        try await Task.sleep(for: limit)
        context.cancellation.cancel()
      }
    }
    let outcome = await onBlockingThread(cancelling: context.cancellation) {
      () -> Result<Result<Value, CairnError>, Failure> in
      .success(Result { () throws(CairnError) in try body(context) })
    }
    alarm?.cancel()
    let result = try asCairnError { () throws(Failure) in try outcome.get() }
    do { return try result.get() } catch {
      guard error.code == .cancelled, !Task.isCancelled, context.remaining == .zero else { throw error }
      throw CairnError(.timedOut, "the time that the search was given is over")
    }
  }
}
