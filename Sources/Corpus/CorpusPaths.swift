import Disk
package import Primitives

extension FilePath {
  /// Whether it is `directory` or lies in it.
  func isAtOrBelow(_ directory: FilePath) -> Bool { self == directory || relative(to: directory) != nil }

  /// Whether every component is a name: a tree object or a file may hold anything in the place of a path, such as `..`
  /// or nothing between two slashes.
  var isOrdinary: Bool {
    bytes.split(separator: .slash, omittingEmptySubsequences: false).allSatisfy { name in
      !name.isEmpty && !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8)
    }
  }

  /// This absolute path as a person in `directory` would write it: below it without its prefix, from a directory inside
  /// `top` with `../`, anything else absolute.
  ///
  ///     FilePath("/home/me/p/a.c").shown(from: "/home/me/p/doc", inside: "/home/me/p")   // ../a.c
  package func shown(from directory: FilePath, inside top: FilePath) -> FilePath {
    if self == directory { return "." }
    if let below = relative(to: directory) { return below }
    guard let inner = relative(to: top) else { return self }
    guard let depth = directory.relative(to: top) else { return self }
    // Only as far up as needed: the part of both paths that is the same is left out.
    let target = inner.bytes.split(separator: UInt8(ascii: "/"))
    let start = depth.bytes.split(separator: UInt8(ascii: "/"))
    var shared = 0
    while shared < target.count - 1, shared < start.count, target[shared].elementsEqual(start[shared]) { shared += 1 }
    let steps = Array(repeating: ArraySlice("..".utf8), count: start.count - shared) + target[shared...]
    return FilePath(bytes: Array(steps.joined(separator: [UInt8(ascii: "/")])))
  }
}

/// The paths inside a root of what a person names from some directory. Each function asks the file system.
package struct CorpusPaths: Sendable {
  /// The top of the tree, absolute, with no link in it.
  package let root: FilePath
  /// Whether links that lead out of the tree are followed.
  package let followsLinks: Bool

  package init(root: FilePath, followsLinks: Bool) {
    self.root = root
    self.followsLinks = followsLinks
  }

  /// The path inside the root of a file that a person named in `directory`; empty for the root itself, nil for one
  /// outside the root. The file itself need not exist.
  ///
  /// A relative path begins at `directory`; if nothing is there, or `directory` is not inside the root, at the root.
  package func path(of path: FilePath, from directory: FilePath) -> FilePath? {
    let wanted = wantedFiles(path, from: directory)
    let present = wanted.first { fileExists($0) && inside($0) != nil }
    return inside(present ?? wanted[0])
  }

  /// Whether what a person named in `directory` is there, inside the root.
  package func isPresent(_ path: FilePath, from directory: FilePath) -> Bool {
    wantedFiles(path, from: directory).contains { fileExists($0) && inside($0) != nil }
  }

  /// The path below the root of a directory that is there, as a shell names it (`PWD`): empty for the root itself, that
  /// of the link for what lies behind one that is followed, nil for one elsewhere.
  package func path(ofDirectory directory: FilePath) -> FilePath? {
    let real = (try? resolvedPath(directory)) ?? directory
    if real == root { return "" }
    return real.relative(to: root) ?? (followsLinks ? behindLink(directory) : nil)
  }

  /// Where a path that was written in `directory` may lead, the likeliest first.
  private func wantedFiles(_ path: FilePath, from directory: FilePath) -> [FilePath] {
    if path.isAbsolute { return [path] }
    let here = directory.appending(path)
    let below = root.appending(path)
    return self.path(ofDirectory: directory) == nil ? [below, here] : [here, below]
  }

  /// The path below the root of `wanted`, an absolute path; nil if it leads elsewhere.
  private func inside(_ wanted: FilePath) -> FilePath? {
    // The name itself may be a link, which the index knows under its own name; only what is above it is resolved.
    let name = wanted.lastComponent
    let real =
      name == ".." || name == "."
      ? try? resolvedPath(wanted)
      : (try? resolvedPrefix(of: wanted.parent.isEmpty ? "." : wanted.parent))?.appending(name)
    if real == root { return "" }
    return real?.relative(to: root) ?? (followsLinks ? behindLink(wanted) : nil)
  }

  /// The path below the root of what lies behind a link in the tree, which is known by the link's path.
  private func behindLink(_ wanted: FilePath) -> FilePath? {
    var directory = wanted.parent
    while directory.bytes.count > 1 {
      guard let behind = wanted.relative(to: directory) else { return nil }
      if let real = try? resolvedPath(directory) {
        if real == root { return behind }
        if let inside = real.relative(to: root) { return inside.appending(behind) }
      }
      directory = directory.parent
    }
    return nil
  }
}
