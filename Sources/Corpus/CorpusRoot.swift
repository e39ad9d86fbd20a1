import Disk
package import Primitives

// Which directory is the top of a tree.

extension FilePath {
  /// The directory at the root of a tree in which its index lives, unless somebody named another.
  package static let indexDirectoryName: FilePath = ".cairn"

  /// Whether it lies in a directory that no walk enters and no rule brings in.
  package var isNeverIndexed: Bool {
    bytes.split(separator: UInt8(ascii: "/")).contains {
      $0.elementsEqual(".git".utf8) || $0.elementsEqual(Self.indexDirectoryName.bytes)
    }
  }

  /// The nearest directory at or above this one that has an index (`.cairn`; a link or a file of that name does not
  /// count, nor does a directory that somebody put into another's) or is the top of a git repository or worktree, else
  /// this directory itself, without links. An index of `/` or of the home directory is only that of what has no other
  /// root and is searched from there. Throws if this directory is not there.
  ///
  /// A directory that is named by a path through a link, as shells do (`PWD`), belongs to the tree that the link is
  /// in if that has an index and links are followed there.
  ///
  /// - Parameters:
  ///   - home: the user's home directory.
  ///   - followsLinks: whether links are followed in the tree at a root.
  package func corpusRoot(home: FilePath?, followsLinks: (FilePath) -> Bool) throws(Failure) -> FilePath {
    let start = try resolvedPath(self)
    if isAbsolute, self != start, let root = followingRoot(home, followsLinks) { return root }
    var candidate = start
    while true {
      if candidate.hasIndex, candidate == start || !candidate.isCatchAll(home: home) { return candidate }
      // In a worktree and in a submodule `.git` is a file.
      if fileExists(candidate.appending(".git")) { return candidate }
      if candidate.parent.isEmpty || candidate.parent == candidate { return start }
      candidate = candidate.parent
    }
  }

  /// The nearest root around a path through a link, if links are followed there; nil if another root is nearer.
  private func followingRoot(_ home: FilePath?, _ followsLinks: (FilePath) -> Bool) -> FilePath? {
    var candidate = self
    while candidate.bytes.count > 1, let real = try? resolvedPath(candidate) {
      if real.hasIndex, !real.isCatchAll(home: home) { return followsLinks(real) ? real : nil }
      if fileExists(real.appending(".git")) { return nil }
      candidate = candidate.parent
    }
    return nil
  }

  /// Whether this is a directory in which everything else lies: `/`, or the home directory. Nobody means to index one
  /// by accident.
  package func isCatchAll(home: FilePath?) -> Bool {
    isSameDirectory(as: "/") || home.map { isSameDirectory(as: $0) } ?? false
  }

  /// Whether two paths lead to one directory, as the file system tells: by links, or where one is mounted at a second
  /// place.
  package func isSameDirectory(as other: FilePath) -> Bool {
    if self == other { return true }
    guard let a = try? FileStatus(of: self), let b = try? FileStatus(of: other) else { return false }
    return (a.device, a.inode) == (b.device, b.inode)
  }

  /// The top of the git repository in which this directory lies, if that is another directory.
  package var enclosingRepository: FilePath? {
    if fileExists(appending(".git")) { return nil }
    var candidate = parent
    while !candidate.isEmpty {
      if fileExists(candidate.appending(".git")) { return candidate }
      if candidate.parent == candidate { break }
      candidate = candidate.parent
    }
    return nil
  }

  private var hasIndex: Bool {
    guard
      let index = try? FileStatus(of: appending(Self.indexDirectoryName), followsLinks: false),
      index.kind == .directory
    else { return false }
    if index.owner == effectiveUser { return true }
    return (try? FileStatus(of: self))?.owner == index.owner
  }
}
