import Cairn

/// How paths of a tree are shown to a person, from the current directory.
struct PathView {
  let root: Path
  let currentDirectory: Path
  /// The same as the shell calls it, where links lead to it.
  let namedDirectory: Path

  /// A path of the tree as a person would type it from the current directory.
  func shown(_ path: Path) -> Path {
    let absolute = absolute(path)
    // Behind a followed link what lies below is known by the link's path, and `..` leads elsewhere.
    let prefix = namedDirectory.bytes + [UInt8(ascii: "/")]
    if namedDirectory != currentDirectory, absolute.bytes.starts(with: prefix) {
      return Path(bytes: Array(absolute.bytes.dropFirst(prefix.count)))
    }
    return absolute.shown(from: currentDirectory, inside: root)
  }

  /// The whole path of one inside the tree.
  func absolute(_ path: Path) -> Path {
    path.bytes.isEmpty ? root : Path(bytes: root.bytes + [UInt8(ascii: "/")] + path.bytes)
  }
}
