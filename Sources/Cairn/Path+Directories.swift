import Disk
import Primitives
import QueryLanguage
import Retrieval

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
  /// A relative path begins at `directory`; where nothing is there, or `directory` is not inside the root, at the root.
  ///
  ///     try workspace.pathInside(of: "../Sources/a.c", from: "/home/me/project/doc")   // Sources/a.c
  public func pathInside(of path: Path, from directory: Path) throws(CairnError) -> Path {
    let wanted = wantedFiles(path.filePath, from: directory.filePath)
    let present = wanted.first { fileExists($0) && inside($0) != nil }
    if let inside = inside(present ?? wanted[0]) { return Path(inside) }
    throw CairnError(.invalidArgument, "it is not inside \(root)", path: path, remedy: CairnError.Remedy(.chooseRoot))
  }

  /// The file, relative to the root, and the line that `text` names in one of the ways in which compilers, tracebacks, editors and
  /// people write one: `main.c:12`, `main.c:12:5:`, `main.c(12,5)`, `main.c#L12`, `File "main.py", line 12`. A file that has a name of
  /// this kind is meant by it. Throws `invalidArgument` where `text` names no line, or a file outside the root; the file need not
  /// exist.
  ///
  ///     try workspace.place(named: "a.c:12:5", from: "/home/me/project/src")   // (path: src/a.c, line: 12)
  public func place(named text: Path, from directory: Path) throws(CairnError) -> (path: Path, line: Int) {
    let readings = PlaceReference.readings(of: text.bytes)
    let present = readings.filter { reading in
      wantedFiles(FilePath(bytes: reading.path), from: directory.filePath).contains {
        fileExists($0) && inside($0) != nil
      }
    }
    // A file may be called as is typed, with a quotation mark or a blank before its name; a mark behind it is the other
    // half of a pair.
    let typed = present.first { reading in
      text.bytes.starts(with: reading.path)
        && !"\"'`".utf8.contains(text.bytes.dropFirst(reading.path.count).first ?? 0)
    }
    guard let reading = typed ?? present.first ?? readings.first else {
      throw CairnError(
        .invalidArgument, "it names no line; write FILE:LINE, a file and the number of a line in it, such as main.c:12",
        path: text)
    }
    return (try pathInside(of: Path(bytes: reading.path), from: directory), reading.line)
  }

  /// Where a path that was written in `directory` may lead, the likeliest first.
  private func wantedFiles(_ path: FilePath, from directory: FilePath) -> [FilePath] {
    if path.isAbsolute { return [path] }
    let here = directory.appending(path)
    let below = root.filePath.appending(path)
    return insidePath(ofDirectory: directory) == nil ? [below, here] : [here, below]
  }

  /// The path below the root of `wanted`, an absolute path; nothing where it leads elsewhere.
  private func inside(_ wanted: FilePath) -> FilePath? {
    // The name itself may be a link, which the index knows under its own name; only what is above it is resolved.
    let name = wanted.lastComponent
    let real =
      name == ".." || name == "."
      ? try? resolvedPath(wanted)
      : (try? resolvedPrefix(of: wanted.parent.isEmpty ? "." : wanted.parent))?.appending(name)
    if real == root.filePath { return "" }
    return real?.relative(to: root.filePath) ?? (configuration.followsLinks ? behindLink(wanted) : nil)
  }

  /// The path below the root of a directory that is there, as a shell names it (`PWD`): empty for the root itself, that of the link for
  /// what lies behind one that is followed, nothing for one elsewhere.
  func insidePath(ofDirectory directory: FilePath) -> FilePath? {
    let real = (try? resolvedPath(directory)) ?? directory
    if real == root.filePath { return "" }
    return real.relative(to: root.filePath) ?? (configuration.followsLinks ? behindLink(directory) : nil)
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
