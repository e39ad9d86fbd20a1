import Cairn

/// How paths of a tree are shown to a person, from the current directory.
struct PathView {
  let root: Path
  let currentDirectory: Path
  /// The same as the shell calls it, where links lead to it.
  let namedDirectory: Path
  /// In a search of several repositories, the root of each by its name.
  var repositories: [String: Path] = [:]

  /// The file of a hit for a person: `NAME:PATH` where it is in a repository of the list.
  func shown(_ hit: SearchHit) -> Path {
    guard let name = hit.repository else { return shown(hit.path) }
    return Path(bytes: Array("\(name):".utf8) + hit.path.bytes)
  }

  /// The same for a program that opens it: a path that leads there from the current directory.
  func openable(_ hit: SearchHit) -> Path {
    guard let root = hit.repository.flatMap({ repositories[$0] }) else { return shown(hit.path) }
    let view = PathView(root: root, currentDirectory: currentDirectory, namedDirectory: namedDirectory)
    return view.shown(hit.path)
  }

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
