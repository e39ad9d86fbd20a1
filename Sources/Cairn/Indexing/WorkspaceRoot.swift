import Disk
import Primitives

extension Workspace {
  /// The root that a command means when none is named: the nearest directory at or above `directory` that has an index
  /// (`.cairn`; a link or a file of that name does not count, nor does a directory that somebody put into another's) or is the top
  /// of a git repository or worktree, else `directory` itself. An index of `/` or of the home directory is only that of what has no
  /// other root and is searched from there.
  ///
  /// A directory that is named by a path through a link, as shells do (`PWD`), belongs to the tree that the link stands in where that has an
  /// index and links are followed.
  ///
  /// - Parameter followsLinks: whether links are followed, whatever the configuration of that tree says; nil for what it says.
  ///     let root = try Workspace.findRoot(from: ".")
  public static func findRoot(
    from directory: Path, followsLinks: Bool? = nil, environment: Environment = .process
  ) throws(CairnError) -> Path {
    let start = try asCairnError { () throws(Failure) in try resolvedPath(directory.filePath) }
    if directory.filePath.isAbsolute, directory.filePath != start,
      let root = followingRoot(around: directory.filePath, followsLinks, environment)
    {
      return root
    }
    var candidate = start
    while true {
      if hasIndex(candidate), candidate == start || !isCatchAll(Path(candidate), environment) { return Path(candidate) }
      // In a worktree and in a submodule `.git` is a file.
      if fileExists(candidate.appending(".git")) { return Path(candidate) }
      if candidate.parent.isEmpty || candidate.parent == candidate { return Path(start) }
      candidate = candidate.parent
    }
  }

  /// The nearest root around a path through a link, where links are followed there; nothing where another root is nearer.
  private static func followingRoot(
    around directory: FilePath, _ followsLinks: Bool?, _ environment: Environment
  ) -> Path? {
    var candidate = directory
    while candidate.bytes.count > 1, let real = try? resolvedPath(candidate) {
      if hasIndex(real), !isCatchAll(Path(real), environment) {
        let root = Path(real)
        let follows =
          followsLinks ?? (try? Configuration.load(root: root, environment: environment))?.followsLinks ?? false
        return follows ? root : nil
      }
      if fileExists(real.appending(".git")) { return nil }
      candidate = candidate.parent
    }
    return nil
  }

  /// Whether `root` is a directory in which everything else lies: `/`, or the home directory. Nobody means to index one by accident.
  ///
  ///     Workspace.isCatchAll("/", .process)    // true
  public static func isCatchAll(_ root: Path, _ environment: Environment) -> Bool {
    isWholeMachine(root) || environment.home.map { isSameDirectory(root.filePath, $0) } ?? false
  }

  /// Whether `root` is `/`.
  ///
  ///     Workspace.isWholeMachine("/")    // true
  public static func isWholeMachine(_ root: Path) -> Bool { isSameDirectory(root.filePath, "/") }

  /// Whether two paths lead to one directory, as the file system tells: by links, or where one is mounted at a second
  /// place.
  private static func isSameDirectory(_ a: FilePath, _ b: FilePath) -> Bool {
    if a == b { return true }
    guard let a = try? FileStatus(of: a), let b = try? FileStatus(of: b) else { return false }
    return (a.device, a.inode) == (b.device, b.inode)
  }

  /// The top of the git repository in which the root lies, where that is another directory: the root is a part of it that has an index
  /// of its own.
  public var enclosingRepository: Path? {
    if fileExists(root.filePath.appending(".git")) { return nil }
    var candidate = root.filePath.parent
    while !candidate.isEmpty {
      if fileExists(candidate.appending(".git")) { return Path(candidate) }
      if candidate.parent == candidate { break }
      candidate = candidate.parent
    }
    return nil
  }

  private static func hasIndex(_ directory: FilePath) -> Bool {
    guard
      let index = try? FileStatus(of: directory.appending(IndexPlace.defaultName), followsLinks: false),
      index.kind == .directory
    else { return false }
    if index.owner == effectiveUser { return true }
    return (try? FileStatus(of: directory))?.owner == index.owner
  }
}
