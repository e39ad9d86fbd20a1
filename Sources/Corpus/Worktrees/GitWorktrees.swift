import Disk
package import Primitives

/// The other work trees of a repository: those that `git worktree` made, and the one that they were made from.
package enum GitWorktrees {
  /// The directories that are what `root` is, each in another work tree of the repository that `root` lies in: their
  /// tops where it is a top, the same directory below them where it is not. Only those that are there. None where
  /// `root` is in no repository, or in one whose work trees do not know of each other: a `.git` that points at a
  /// repository which does not point back is not believed, and no more is a repository that names a tree whose own
  /// `.git` leads to another one. What a stranger's repository says of a private tree gives it nothing of that.
  ///
  /// Reads a small file for each work tree; runs nothing.
  ///
  /// - Parameter root: absolute, with no link in it.
  package static func siblings(of root: FilePath) -> [FilePath] {
    guard let (top, own, common) = GitRepository.workTree(around: root) else { return [] }
    let suffix = root.relative(to: top)
    return siblings(ofTop: top, own, common).compactMap { sibling in
      let place = suffix.map { sibling.appending($0) } ?? sibling
      guard let real = try? resolvedPath(place), real != root, (try? FileStatus(of: real))?.kind == .directory
      else { return nil }
      return real
    }
  }

  private static func siblings(ofTop top: FilePath, _ own: FilePath, _ common: FilePath) -> [FilePath] {
    let administration = common.appending("worktrees")
    let names = ((try? listDirectory(administration)) ?? []).map(\.name).sorted()
    var tops: [FilePath] = []
    // The first work tree has the repository in it; a `.git` that only points at one, by a line or as a link, may be
    // anybody's.
    var isKnown = own == common && common == top.appending(".git")
    // The first work tree has the repository in it, as a rule.
    if common.lastComponent == ".git" { tops.append(common.parent) }
    for name in names.prefix(limit) {
      let entry = administration.appending(name)
      // `gitdir` has the path of the work tree's file `.git`.
      guard let content = try? readFile(entry.appending("gitdir"), limit: 1 << 16).bytes else { continue }
      let line = content.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
      var dotGit = FilePath(bytes: Array(line))
      if !dotGit.isAbsolute { dotGit = entry.appending(dotGit) }
      guard dotGit.lastComponent == ".git", let worktree = try? resolvedPath(dotGit.parent) else { continue }
      if worktree == top {
        if own == (try? resolvedPath(entry)) { isKnown = true }
      } else {
        tops.append(worktree)
      }
    }
    guard isKnown else { return [] }
    return tops.filter { $0 != top && GitRepository.directories(ofTop: $0)?.common == common }
  }

  /// More work trees than anybody has; so many small files are read in some milliseconds.
  private static let limit = 1024
}
