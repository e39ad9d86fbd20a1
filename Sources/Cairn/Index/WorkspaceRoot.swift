import Disk
import Primitives

extension Workspace {
  /// The root that a command means when none is named: the nearest directory at or above `directory` that has an index
  /// (`.cairn`; a link or a file of that name does not count, nor does a directory that somebody put into another's), else the nearest one that is the top of a git repository, else `directory` itself.
  ///
  ///     let root = try Workspace.findRoot(from: ".")
  public static func findRoot(from directory: Path) throws(CairnError) -> Path {
    let start = try asCairnError { () throws(Failure) in try resolvedPath(directory.filePath) }
    var gitTop: FilePath?
    var candidate = start
    while true {
      if hasIndex(candidate) { return Path(candidate) }
      // In a worktree and in a submodule `.git` is a file.
      if gitTop == nil, fileExists(candidate.appending(".git")) { gitTop = candidate }
      if candidate.parent.isEmpty || candidate.parent == candidate { break }
      candidate = candidate.parent
    }
    return Path(gitTop ?? start)
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
