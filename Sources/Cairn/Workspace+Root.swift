import Corpus
import Primitives
import Settings

extension Workspace {
  /// The root that a command means when none is named: the nearest directory at or above `directory` that has an index
  /// (`.cairn`; a link or a file of that name does not count, nor does a directory that somebody put into another's) or
  /// is the top of a git repository or worktree, else `directory` itself. An index of `/` or of the home directory is
  /// only that of what has no other root and is searched from there.
  ///
  /// A directory that is named by a path through a link, as shells do (`PWD`), belongs to the tree that the link is
  /// in where that has an index and links are followed.
  ///
  ///     let root = try Workspace.findRoot(from: ".")
  ///
  /// - Parameters:
  ///   - directory: where to begin.
  ///   - followsLinks: whether links are followed, whatever the configuration of that tree says; nil for what it says.
  ///   - environment: the variables that say where the home directory is.
  public static func findRoot(
    from directory: Path, followsLinks: Bool? = nil, environment: Environment = .process
  ) throws(CairnError) -> Path {
    try asCairnError { () throws(Failure) in
      let root = try directory.filePath.corpusRoot(home: environment.home) { root in
        followsLinks ?? (try? Configuration.load(root: Path(root), environment: environment))?.boolean(.followsLinks)
          ?? false
      }
      return Path(root)
    }
  }

  /// Whether `root` is a directory in which everything else lies: `/`, or the home directory. Nobody means to index one
  /// by accident.
  ///
  ///     Workspace.isCatchAll("/", .process)    // true
  public static func isCatchAll(_ root: Path, _ environment: Environment) -> Bool {
    root.filePath.isCatchAll(home: environment.home)
  }

  /// Whether `root` is `/`.
  ///
  ///     Workspace.isWholeMachine("/")    // true
  public static func isWholeMachine(_ root: Path) -> Bool { root.filePath.isSameDirectory(as: "/") }

  /// The top of the git repository in which the root lies, where that is another directory: the root is a part of it
  /// that has an index of its own.
  public var enclosingRepository: Path? { root.filePath.enclosingRepository.map { Path($0) } }

  /// Adds the patterns that are not there to `.cairnignore` at the root, which is made where there is none. Gives its
  /// path.
  ///
  ///     try workspace.addIgnorePatterns(["**/generated/**"])
  public func addIgnorePatterns(_ patterns: [String]) throws(CairnError) -> Path {
    Path(try asCairnError { () throws(Failure) in try Settings.addIgnorePatterns(patterns, at: root.filePath) })
  }
}
