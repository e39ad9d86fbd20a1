import Cluster
import IndexStorage
import ModelOpening
package import Primitives
package import Searching
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
  package let session: IndexSession
  var environment: EnvironmentVariables { session.environment }
  var index: StoredIndex { session.index }

  /// Opens the tree at `root`. Checks what is at the index's path; writes nothing yet.
  ///
  /// Throws `notFound` where `root` is no directory, `invalidArgument` for an embedder whose name, version or
  /// dimensions cannot be used, and what `Configuration.load` throws when `configuration` is left out.
  ///
  /// - Parameters:
  ///   - root: a directory; what is indexed is in it and below.
  ///   - configuration: the settings; nil for what `Configuration.load` reads.
  ///   - environment: the variables that settings and directories of the user come from.
  ///   - embedder: makes the vectors in place of the model that the configuration names; nil for that one.
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
      var session = try IndexSession(
        root: resolved, settings: given.values, environment: environment.variables,
        embedder: try embedder.map { (embedder) throws(Failure) in try CustomEmbedder(embedder) })
      session.shared = try StoreOpener(given.values, root: resolved)?.index
      return session
    }
    self.configuration = Configuration(session.settings)
    indexDirectory = Path(session.place.directory)
    notes = session.notes.map { CairnError($0) }
  }

  /// Runs `body` on a thread outside the shared pool, as all that opens files, waits for servers or computes for long.
  package func offPool<Value: Sendable>(
    timeLimit: Duration? = nil, _ body: @escaping @Sendable (SearchContext) throws(Failure) -> Value
  ) async throws(CairnError) -> Value {
    do { return try await onBlockingThread(timeLimit: timeLimit, body).get() } catch { throw CairnError(error) }
  }
}
