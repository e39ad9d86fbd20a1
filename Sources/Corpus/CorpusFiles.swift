package import Disk
package import Primitives
import Synchronization

/// The files of a tree, read by their paths in it. No symbolic link is followed, whatever was put in the place of a
/// file since the tree was walked; only where the user wants it, one that leads out of the tree: it is resolved, the
/// place is judged as the walk judges it (`LinkedPlace`), and then opened by itself without following any. Safe to
/// share by threads.
package final class CorpusFiles: Sendable {
  private let tree: HeldDirectory
  /// Absolute, without symbolic links; nil if none is followed.
  private let root: FilePath?
  /// The directories that links lead to, by the paths of the links.
  private let held = Mutex<[FilePath: Held]>([:])

  private struct Held: Sendable {
    var place: LinkedPlace
    /// The place, or the directory above it where it is a file.
    var directory: HeldDirectory
  }

  package init(root: FilePath, followsLinks: Bool) throws(Failure) {
    self.root = followsLinks ? try resolvedPath(root) : nil
    tree = try HeldDirectory(root)
  }

  /// As `HeldDirectory` reads the file at `path`.
  package func readFile(
    _ path: FilePath, limit: Int = .max, upTo end: Int = .max
  ) throws(Failure) -> (bytes: [UInt8], status: FileStatus) {
    let file = try openFile(path)
    return (try file.read(limit: limit, upTo: end), file.status)
  }

  /// As `HeldDirectory` opens the file at `path`.
  package func openFile(_ path: FilePath) throws(Failure) -> OpenFile {
    do throws(Failure) { return try tree.openFile(path) } catch {
      guard let root, error.code == .notRegular else { throw error }
      do throws(Failure) { return try openLinked(path, root, failure: error) } catch {
        throw Failure(error.code, error.message, path: path, cause: error.cause, remedy: error.remedy)
      }
    }
  }

  /// Opens what lies behind a link; throws `failure` where none is followed.
  private func openLinked(_ path: FilePath, _ root: FilePath, failure: Failure) throws(Failure) -> OpenFile {
    var base = root
    var rest = path
    // Links behind links: as many as the system follows.
    for _ in 0..<40 {
      guard let (link, behind) = try Self.firstLink(in: rest, below: base), let held = try place(ofLink: link, root)
      else { throw failure }
      if held.place.status.kind == .file {
        guard behind.isEmpty else { throw failure }
        return try held.directory.openFile(held.place.path.lastComponent, as: path)
      }
      do throws(Failure) { return try held.directory.openFile(behind, as: path) } catch {
        guard error.code == .notRegular, !behind.isEmpty else { throw error }
      }
      base = held.place.path
      rest = behind
    }
    throw failure
  }

  /// The first symbolic link on the way from `base` to the relative `path`, and what comes after it.
  private static func firstLink(
    in path: FilePath, below base: FilePath
  ) throws(Failure) -> (link: FilePath, behind: FilePath)? {
    var link = base
    var names = path.bytes.split(separator: .slash)[...]
    while let name = names.popFirst() {
      link = link.appending(FilePath(bytes: Array(name)))
      if try FileStatus(of: link, followsLinks: false).kind == .symbolicLink {
        return (link, FilePath(bytes: Array(names.joined(separator: [.slash]))))
      }
    }
    return nil
  }

  private func place(ofLink link: FilePath, _ root: FilePath) throws(Failure) -> Held? {
    if let known = held.withLock({ $0[link] }) { return known }
    guard let place = try LinkedPlace(ofLink: link, outside: root) else { return nil }
    let directory = try HeldDirectory(exactly: place.status.kind == .directory ? place.path : place.path.parent)
    let made = Held(place: place, directory: directory)
    held.withLock { $0[link] = made }
    return made
  }
}
