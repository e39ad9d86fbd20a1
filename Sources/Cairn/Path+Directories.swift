import Disk
import Primitives

extension Path {
  /// The directory this process works in, absolute.
  ///
  ///     print(try Path.current())
  public static func current() throws(CairnError) -> Path {
    Path(try asCairnError { () throws(Failure) in try currentDirectory() })
  }

  /// This path without links in it. Throws where it leads nowhere.
  ///
  ///     print(try Path("/usr/bin/cc").resolved())
  public func resolved() throws(CairnError) -> Path {
    Path(try asCairnError { () throws(Failure) in try resolvedPath(filePath) })
  }

  /// This absolute path as a person in `directory` would write it: below it without its prefix, from a directory inside
  /// `top` with `../`, anything else absolute.
  ///
  ///     Path("/home/me/project/a.c").shown(from: "/home/me/project/doc", inside: "/home/me/project")   // ../a.c
  public func shown(from directory: Path, inside top: Path) -> Path {
    if self == directory { return "." }
    if let below = filePath.relative(to: directory.filePath) { return Path(below) }
    guard let inner = filePath.relative(to: top.filePath) else { return self }
    guard let depth = directory.filePath.relative(to: top.filePath) else { return self }
    // Only as far up as needed: the part of both paths that is the same is left out.
    let target = inner.bytes.split(separator: UInt8(ascii: "/"))
    let start = depth.bytes.split(separator: UInt8(ascii: "/"))
    var shared = 0
    while shared < target.count - 1, shared < start.count, target[shared].elementsEqual(start[shared]) { shared += 1 }
    let steps = Array(repeating: ArraySlice("..".utf8), count: start.count - shared) + target[shared...]
    return Path(bytes: Array(steps.joined(separator: [UInt8(ascii: "/")])))
  }
}

extension Workspace {
  /// The path inside the root of a file that a person named in `directory`; empty for the root itself. Throws
  /// `invalidArgument` for one outside the root; the file itself need not exist.
  ///
  ///     try workspace.pathInside(of: "../Sources/a.c", from: "/home/me/project/doc")   // Sources/a.c
  public func pathInside(of path: Path, from directory: Path) throws(CairnError) -> Path {
    let wanted = path.filePath.isAbsolute ? path.filePath : directory.filePath.appending(path.filePath)
    let real = try asCairnError { () throws(Failure) in
      // The name itself may be a link, which the index knows under its own name; only what is above it is resolved.
      let name = wanted.lastComponent
      return name == ".." || name == "."
        ? try resolvedPath(wanted)
        : try resolvedPrefix(of: wanted.parent.isEmpty ? "." : wanted.parent).appending(name)
    }
    if real == root.filePath { return Path(bytes: []) }
    guard let inside = real.relative(to: root.filePath) ?? (configuration.followsLinks ? behindLink(wanted) : nil)
    else {
      throw CairnError(.invalidArgument, "it is not inside \(root); choose another root with --root", path: path)
    }
    return Path(inside)
  }

  /// The path below the root of what lies behind a link in the tree, which is known by the link's path.
  private func behindLink(_ wanted: FilePath) -> FilePath? {
    var directory = wanted.parent
    while directory.bytes.count > 1 {
      guard let behind = wanted.relative(to: directory) else { return nil }
      if let real = try? resolvedPath(directory) {
        if real == root.filePath { return behind }
        if let inside = real.relative(to: root.filePath) { return inside.appending(behind) }
      }
      directory = directory.parent
    }
    return nil
  }
}
