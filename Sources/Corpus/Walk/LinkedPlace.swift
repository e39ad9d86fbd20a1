import Disk
import Primitives

/// The file or directory outside a tree that a symbolic link in it leads to, for a user who wants such links followed.
struct LinkedPlace: Hashable, Sendable {
  /// A directory as the file system knows it, whatever leads to it.
  struct Identity: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64
    init(_ status: FileStatus) {
      device = status.device
      inode = status.inode
    }
  }

  /// Absolute, without symbolic links. It is opened without following any, so that what was judged is what is read.
  var path: FilePath
  /// A file or a directory.
  var status: FileStatus

  /// Nil if the link at the absolute path `link` is not followed, because it leads
  ///
  /// - nowhere, or in a circle;
  /// - into the tree at `root`, whose files are read where they lie, or to a directory around the tree;
  /// - into git's own directory or Cairn's;
  /// - to what is neither a regular file nor a directory, or to what the kernel makes up (`/proc`).
  ///
  /// Throws where that cannot be told.
  ///
  /// - Parameter root: absolute, without symbolic links.
  init?(ofLink link: FilePath, outside root: FilePath) throws(Failure) {
    guard let path = try target(ofLink: link), path != root, path.relative(to: root) == nil,
      root.relative(to: path) == nil
    else { return nil }
    let names = path.bytes.split(separator: .slash).map { Array($0).asciiLowercased }
    guard !names.contains(Array(".git".utf8)), !names.contains(Array(".cairn".utf8)) else { return nil }
    do throws(Failure) {
      status = try FileStatus(of: path, followsLinks: false)
      guard status.kind == .file || status.kind == .directory else { return nil }
      let directory = status.kind == .directory ? path : path.parent
      guard try !HeldDirectory(exactly: directory).isMadeUp else { return nil }
    } catch {
      // Gone, or something else, since it was resolved.
      if error.code == .notFound { return nil }
      throw error
    }
    self.path = path
  }
}

/// A symbolic link that a visit came upon and that nothing at its own place speaks against.
struct FoundLink: Sendable {
  enum Target: Sendable {
    case directory(Subtree)
    case file(SourceFile)
  }
  /// As the walk's paths are.
  var path: [UInt8]
  var place: LinkedPlace
  var target: Target
}

/// Where the link that leads to a subtree has its target, and which places are walked by themselves.
struct FollowedLink: Sendable {
  /// The target: absolute, without symbolic links.
  var place: FilePath
  /// Bytes of the walk's path of the link.
  var byteCount: Int
  /// The root, and the targets of the links that are followed: none of them is walked below another.
  var starts: Set<LinkedPlace.Identity>
}

/// The links that a walk follows. Each target is walked once, below the first link to it in the order of the walk:
/// first the links of the tree, by their paths, then those that these led to, and so on. So a walk is bounded by what
/// there is, however its links are tied together, and the same whatever the number of its threads.
struct FollowedLinks {
  private var places: Set<FilePath> = []
  private var identities: Set<LinkedPlace.Identity>

  init(root: FileStatus) { identities = [LinkedPlace.Identity(root)] }

  /// Whether the place lies in one that is walked.
  private func covers(_ place: FilePath) -> Bool {
    var directory = place.parent
    while directory.bytes.count > 1 {
      if places.contains(directory) { return true }
      directory = directory.parent
    }
    return false
  }

  /// Takes one round of links, and returns the directories to visit, the files, and the links whose target is walked by
  /// another way.
  mutating func take(
    _ links: [FoundLink]
  ) -> (subtrees: [Subtree], files: [SourceFile], doubled: [FoundLink]) {
    var taken: [(link: FoundLink, subtree: Subtree)] = []
    var files: [SourceFile] = []
    var doubled: [FoundLink] = []
    for link in links.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) {
      let identity = LinkedPlace.Identity(link.place.status)
      if identities.contains(identity) || covers(link.place.path) {
        doubled.append(link)
        continue
      }
      identities.insert(identity)
      switch link.target {
      case .file(let file): files.append(file)
      case .directory(let subtree):
        places.insert(link.place.path)
        taken.append((link, subtree))
      }
    }
    let subtrees = taken.map { link, subtree in
      var subtree = subtree
      subtree.followed = FollowedLink(place: link.place.path, byteCount: link.path.count, starts: identities)
      return subtree
    }
    return (subtrees, files, doubled)
  }
}
