package import Cairn
import DoorSupport
import Primitives
import Registry
import Synchronization

/// What a server is started with.
package struct ServerOptions: Sendable {
  /// The absolute path of the directory that the server was started in, as the shell calls it.
  package var directory: Path
  /// The root that was named; nil for the nearest one, as the command line finds it.
  package var root: Path?
  package var environment: Environment
  /// What is configured for a tree.
  package var configuration: @Sendable (Path) throws(CairnError) -> Configuration
  /// Whether trees are watched.
  package var watches = true
  /// A call takes no longer.
  package var callLimit = Duration.seconds(60)
  /// For so long an answer waits for an index that is being brought up to date.
  package var freshLimit = Duration.seconds(8)
  /// A tree of more files is large: while nothing watches it yet, answers come from the index as it is, since a look at
  /// all of its files takes longer than an answer should.
  package var largeTree = 10_000
  /// For so long one waits for a first index.
  package var firstLimit = Duration.milliseconds(600)

  package init(
    directory: Path, root: Path? = nil, environment: Environment,
    configuration: @escaping @Sendable (Path) throws(CairnError) -> Configuration
  ) {
    self.directory = directory
    self.root = root
    self.environment = environment
    self.configuration = configuration
  }
}

/// A tree that is open, with what keeps it fresh.
struct OpenTree: Sendable {
  let workspace: Workspace
  let keeper: TreeKeeper
  let edits: EditCount
  /// What was configured when it was opened: where that has changed, it is opened anew.
  fileprivate let configuration: Configuration
  fileprivate var lastUse = 0
}

/// The trees that calls have named, the last few of them. Thread-safe. Its functions read files: none may be called on
/// the shared pool's threads.
final class OpenTrees: Sendable {
  private struct State: Sendable {
    var trees: [Path: OpenTree] = [:]
    var useCount = 0
    /// Of those that are closed, until they have come to their end.
    var closed: [TreeKeeper] = []
    var isClosed = false
  }
  private let state = Mutex(State())
  let options: ServerOptions
  /// The user's list, and those of it that are open; nil where it is not known where that is.
  let registry: RepositoryRegistry?
  /// Of those that had no index when they were searched.
  let firstRuns = FirstRuns()
  /// More are closed, the one used least first.
  private static let limit = 4

  init(_ options: ServerOptions) {
    self.options = options
    registry = try? RepositoryRegistry(options.environment, configure: options.configuration)
  }

  /// The tree that `name` means, a directory in it, or the one that the server was started in. Throws where it is none,
  /// and where nobody can mean it: `/` and the home directory are no trees unless they have an index.
  func tree(named name: String?) throws(CairnError) -> OpenTree {
    let root = try root(named: name)
    let configuration = try options.configuration(root)
    let known = state.withLock { state -> OpenTree? in
      state.useCount += 1
      guard state.trees[root] != nil else { return nil }
      state.trees[root]?.lastUse = state.useCount
      return state.trees[root]
    }
    if let known, known.configuration == configuration, !known.keeper.isOutdated { return known }
    let workspace = try Workspace(root: root, configuration: configuration, environment: options.environment)
    let isOfSystem = ["/proc/", "/sys/", "/dev/"].contains { "\(root)/".hasPrefix($0) }
    if isOfSystem || Workspace.isCatchAll(root, options.environment), !workspace.isFilled {
      throw CairnError(
        .invalidArgument,
        "\(root) is no project: name the directory of one as \"root\", or start the server in one", path: root)
    }
    let keeper = TreeKeeper(workspace, watches: options.watches)
    return state.withLock { state in
      // Somebody else was as fast.
      if let other = state.trees[root], other.configuration == configuration, !other.keeper.isOutdated { return other }
      if let other = state.trees[root] { Self.close(other.keeper, &state) }
      let tree = OpenTree(
        workspace: workspace, keeper: keeper, edits: EditCount(workspace), configuration: configuration,
        lastUse: state.useCount)
      state.trees[root] = tree
      if state.trees.count > Self.limit, let oldest = state.trees.min(by: { $0.value.lastUse < $1.value.lastUse }) {
        state.trees[oldest.key] = nil
        Self.close(oldest.value.keeper, &state)
      }
      if state.isClosed { Self.close(keeper, &state) }
      return tree
    }
  }

  private static func close(_ keeper: TreeKeeper, _ state: inout State) {
    keeper.stop()
    state.closed = state.closed.filter { !$0.isOver } + [keeper]
  }

  private func root(named name: String?) throws(CairnError) -> Path {
    guard let name else {
      if let root = options.root { return try root.resolved() }
      return try Workspace.findRoot(from: options.directory, environment: options.environment)
    }
    var path = name
    if name == "~" || name.hasPrefix("~/"), let home = options.environment["HOME"] {
      path = home + name.dropFirst()
    }
    // What a search of the list has found is read by the repository's name.
    if !name.contains("/"),
      let entry = try? registry?.list.entries().first(where: { RepositoryName.areSame($0.name, name) }),
      (try? Path(options.directory.description + "/" + name).resolved()) == nil
    {
      return try entry.root.resolved()
    }
    if !path.hasPrefix("/") { path = options.directory.description + "/" + path }
    return try Workspace.findRoot(from: try Path(path).resolved(), environment: options.environment)
  }

  /// Begins what was left until an answer was given: the keeping of trees that have an index.
  func startKeeping() {
    let keepers = state.withLock { $0.trees.values.map(\.keeper) }
    for keeper in keepers { keeper.startIfAnnounced() }
  }

  /// Stops all work in the background.
  func close() {
    firstRuns.stop()
    state.withLock { state in
      state.isClosed = true
      for tree in state.trees.values { Self.close(tree.keeper, &state) }
      state.trees = [:]
    }
  }

  /// Whether none of it goes on any more.
  var isOver: Bool { firstRuns.isOver && state.withLock { $0.closed.allSatisfy(\.isOver) } }
}
