package import Primitives

/// The top of a tree, held open with the path that led to it: for who works in it for long, and must neither follow the
/// path to another directory that was put there nor make it anew where it is gone. Safe to share by threads.
package struct HeldRoot: Sendable {
  /// Absolute, without links.
  package let path: FilePath
  package let directory: OpenDirectory

  /// Opens `path`, absolute; no link is followed on the way to it.
  package init(_ path: FilePath) throws(Failure) {
    directory = try OpenDirectory(exactly: path)
    self.path = path
  }

  /// Whether the path still leads to the directory. Two system calls.
  package var isInPlace: Bool {
    guard let named = try? FileStatus(of: path, followsLinks: false), let held = try? directory.status() else {
      return false
    }
    return named.device == held.device && named.inode == held.inode
  }

  /// The names of the directories that lead from the root to `path`; nil where that does not lie in it.
  package func names(to path: FilePath) -> [FilePath]? {
    if path == self.path { return [] }
    return path.relative(to: self.path)?.bytes.split(separator: UInt8(ascii: "/")).map { FilePath(bytes: Array($0)) }
  }
}
