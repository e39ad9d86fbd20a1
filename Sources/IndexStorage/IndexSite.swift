import Catalog
import Corpus
package import Disk
import Inspection
package import Primitives
import Synchronization

/// Where an index is, or is to be, and by what its directory is known. Opens the directory when it is asked for, and
/// keeps it open as long as it is the one that the path names. Thread-safe; shared by everything that works on one
/// index.
package final class IndexSite: Sendable {
  /// Why a directory may be taken for an index.
  package enum Trust: Sendable {
    /// It belongs to this user, is closed to all others, has a tag of theirs, and git tracks nothing in it.
    case tag(IndexTagger)
    /// The user said so: it may belong to another user. It is only read.
    case user
    /// The caller made it, or what it is in. Any directory that is no link.
    case caller
  }

  /// What is at the path.
  package enum Finding: Sendable {
    case nothing
    /// A directory of this user's that holds nothing, or nothing but a tag that was not finished: Cairn may have it.
    case vacant
    case ours
    /// A directory of this user's with a tag that does not hold any more, in a place that is Cairn's to use: it is
    /// emptied of what it holds, unread, and made anew.
    case stale
    /// A directory that belongs to another user.
    case anotherUsers
    /// Anything else. In words, why: "it ...".
    case notOurs(String)
  }

  /// The directory, absolute or relative to the directory that the process works in.
  package let path: FilePath
  package let trust: Trust
  /// The names of directories between `path` and the place that was given, none of which may be a link.
  private let top: FilePath
  private let below: [FilePath]
  private let renewsStale: Bool
  /// Whether another index is around this one, whose directory says where this one is.
  private let isInner: Bool
  let wholeByteCount: Int
  /// The tree that the index is of, or lies in: neither it nor anything above it is ever made.
  private let tree: FilePath?
  /// The same, held open: the index is made while the path leads there, and what lies in the tree is reached from
  /// there.
  private let heldTree: HeldRoot?
  private let opened = Mutex<IndexDirectory?>(nil)

  /// Opens nothing yet.
  ///
  /// - Parameters:
  ///   - below: names of directories on the way from `top` to the index.
  ///   - renewsStale: nobody but Cairn keeps anything here, so an index whose tag is no longer valid is created anew.
  ///   - tree: a directory around it that must be there: where it is gone, nothing is made.
  ///   - wholeByteCount: segments of no more bytes are read whole instead of mapped.
  package convenience init(
    _ top: FilePath, below: [FilePath] = [], trust: Trust = .caller, renewsStale: Bool = false,
    in tree: FilePath? = nil, readsWholeUpTo wholeByteCount: Int = 0
  ) {
    self.init(
      top, below: below, trust: trust, renewsStale: renewsStale, isInner: false, tree: tree, held: nil,
      readsWholeUpTo: wholeByteCount)
  }

  private init(
    _ top: FilePath, below: [FilePath], trust: Trust, renewsStale: Bool, isInner: Bool, tree: FilePath?,
    held: HeldRoot?, readsWholeUpTo wholeByteCount: Int
  ) {
    self.tree = tree
    heldTree = held
    self.top = top
    self.isInner = isInner
    self.renewsStale = renewsStale
    self.below = below
    path = below.reduce(top) { $0.appending($1) }
    self.trust = trust
    self.wholeByteCount = wholeByteCount
  }

  /// An index inside this one's directory, trusted as it is.
  package func inner(_ names: [FilePath]) -> IndexSite {
    IndexSite(
      top, below: below + names, trust: trust, renewsStale: renewsStale, isInner: true, tree: tree, held: heldTree,
      readsWholeUpTo: wholeByteCount)
  }

  /// The same place for who works for long on the tree that `root` holds: nothing is made once the tree's path leads to
  /// another directory or to none, which `make` throws as `.treeGone`; an index in the tree is reached from the held
  /// directory alone, whatever becomes of the path. Opens nothing yet.
  package func held(in root: HeldRoot) -> IndexSite {
    IndexSite(
      top, below: below, trust: trust, renewsStale: renewsStale, isInner: isInner, tree: root.path, held: root,
      readsWholeUpTo: wholeByteCount)
  }

  /// Checks what there is; changes nothing. A few system calls, and a look-up in git's index. A directory of ours
  /// stays open, so that what is checked is what is used.
  package func find() throws(Failure) -> Finding {
    let (there, isInTheWay) = try look()
    guard let held = there else {
      if isInTheWay { return .notOurs(kindInTheWay) }
      // What git has tracked it brings back, if somebody removes it.
      if case .tag = trust, gitTracks(path) { return .notOurs(Self.tracked) }
      return .nothing
    }
    let finding = try judge(held)
    if case .ours = finding {
      let directory = IndexDirectory(held, path: path, readsWholeUpTo: wholeByteCount)
      opened.withLock { $0 = directory }
    }
    return finding
  }

  /// The directory. Throws `.notFound` where there is none or it is vacant, `.notOurs` where it is not Cairn's.
  package func open() throws(Failure) -> IndexDirectory {
    try opened.withLock { (opened) throws(Failure) -> IndexDirectory in
      if let opened, isStill(opened) { return opened }
      opened = nil
      guard let held = try holdUnlessInTheWay() else { throw Failure.noIndex(path) }
      switch try judge(held) {
      case .ours: break
      case .nothing, .vacant, .stale: throw Failure.noIndex(path)
      case .anotherUsers: throw refusal("it belongs to another user")
      case .notOurs(let reason): throw refusal(reason)
      }
      let directory = IndexDirectory(held, path: path, readsWholeUpTo: wholeByteCount)
      opened = directory
      return directory
    }
  }

  /// The directory, made or taken where there is none yet. Throws `.notOurs` where something else is in its place. A
  /// killed process leaves nothing, a vacant directory, or one of ours.
  package func make() throws(Failure) -> IndexDirectory {
    if case .user = trust {
      throw Failure(
        .permissionDenied, "the index belongs to another user and is only read", path: path,
        remedy: .set("index_dir"))
    }
    if let heldTree, !heldTree.isInPlace { throw Failure.treeGone(heldTree.path) }
    if let opened = opened.withLock({ $0 }), isStill(opened) { return opened }
    // Twice, since another process may be making it at the same time.
    var failure: Failure?
    for _ in 0..<2 {
      do throws(Failure) {
        try makeVacant()
        return try open()
      } catch {
        if error.code == .notOurs { throw error }
        failure = error
      }
    }
    throw failure ?? Failure.noIndex(path)
  }

  private func makeVacant() throws(Failure) {
    if let heldTree, !heldTree.isInPlace { throw Failure.treeGone(heldTree.path) }
    if try holdUnlessInTheWay() == nil { try makeDirectories() }
    guard case .tag(let tagger) = trust, let held = try holdDirectory() else { return }
    switch try judge(held) {
    case .vacant:
      try held.restrict()
      try tagger.tag(held, path)
    case .stale: try renew(stale: held, tagger)
    default: return
    }
  }

  private func makeDirectories() throws(Failure) {
    func named(_ path: FilePath, _ failure: Failure) -> Failure {
      Failure(failure.code, failure.message, path: path, cause: failure.cause, remedy: failure.remedy)
    }
    if let tree, !fileExists(tree) { throw Failure.treeGone(tree) }
    do throws(Failure) {
      if let heldTree, let names = heldTree.names(to: top) {
        var directory = try heldTree.directory.directory(through: names.dropLast())
        for name in names.suffix(1) + below { directory = try directory.makeDirectory(name) }
        return
      }
      if !fileExists(top) {
        let parent: FilePath = top.parent.isEmpty ? "." : top.parent
        if !fileExists(parent) { try makeDirectory(parent, mode: 0o700) }
        _ = try OpenDirectory(parent).makeDirectory(top.lastComponent)
      }
      var directory = try OpenDirectory(notFollowing: top)
      for name in below { directory = try directory.makeDirectory(name) }
    } catch {
      // A link has taken the place of a directory since it was looked at.
      if let obstacle { throw refusal(obstacle) }
      throw named(path, error)
    }
  }

  /// Nil if nothing is at the path. Throws `.notOurs` if something that is no directory is.
  private func holdUnlessInTheWay() throws(Failure) -> OpenDirectory? {
    let (held, isInTheWay) = try look()
    if isInTheWay { throw refusal(kindInTheWay) }
    return held
  }

  /// The directory, if there is one, and whether something else is at the path or on the way to it: a link that leads
  /// nowhere is not nothing.
  private func look() throws(Failure) -> (held: OpenDirectory?, isInTheWay: Bool) {
    // Again where another process has made it meanwhile, and one may be doing so all the time.
    for _ in 0..<100 {
      if let held = try holdDirectory() { return (held, false) }
      if obstacle != nil { return (nil, true) }
      guard let kind = (try? FileStatus(of: path, followsLinks: false))?.kind else { return (nil, false) }
      if kind != .directory { return (nil, true) }
    }
    return (nil, true)
  }

  /// Nil if there is no directory, or a link on the way.
  private func holdDirectory() throws(Failure) -> OpenDirectory? {
    do throws(Failure) { return try holdTop().directory(through: below) } catch {
      if error.code == .notFound { return nil }
      throw Failure(error.code, error.message, path: path, cause: error.cause, remedy: error.remedy)
    }
  }

  private func holdTop() throws(Failure) -> OpenDirectory {
    guard let heldTree, let names = heldTree.names(to: top) else { return try OpenDirectory(notFollowing: top) }
    return try heldTree.directory.directory(through: names)
  }

  /// Removes the directory itself, which `directory` holds and nothing is in. Throws where something is, or where
  /// another one has taken its place.
  func removeEmpty(_ directory: IndexDirectory) throws(Failure) {
    do throws(Failure) {
      let parent: OpenDirectory
      if below.isEmpty {
        parent = try OpenDirectory(top.parent.isEmpty ? "." : top.parent)
      } else {
        parent = try OpenDirectory(notFollowing: top).directory(through: below.dropLast())
      }
      let status = try parent.status(of: path.lastComponent)
      let held = try directory.held.status()
      guard status.device == held.device, status.inode == held.inode else {
        throw Failure(.notOurs, "another directory has taken its place", path: path)
      }
      try parent.remove(path.lastComponent)
    } catch {
      throw Failure(error.code, error.message, path: path, cause: error.cause, remedy: error.remedy)
    }
  }

  /// The directory, whatever is in it, if it is one of this user's in which git tracks nothing.
  func ownDirectory() -> IndexDirectory? {
    guard let held = try? holdDirectory(), (try? held.status().owner) == effectiveUser, let real = try? realPath(),
      !gitTracks(real)
    else { return nil }
    return IndexDirectory(held, path: path, readsWholeUpTo: wholeByteCount)
  }

  /// Why a directory is not used whose tag need not be looked at.
  static let open = "its mode lets others in (`chmod 700` it if it is yours)"
  private static let tracked = "git tracks files in it, until they are removed from git's index"

  /// Says which entry between `top` and the index is no directory; nil if all of them are.
  private var obstacle: String? {
    guard !below.isEmpty, var directory = try? OpenDirectory(notFollowing: top) else { return nil }
    for name in below {
      guard let kind = try? directory.status(of: name).kind else { return nil }
      if kind == .symbolicLink { return "\(name) is a symbolic link, and none is followed on the way to it" }
      guard kind == .directory else { return "\(name) is no directory" }
      guard let next = try? directory.directory(name) else { return nil }
      directory = next
    }
    return nil
  }

  /// The path without links in what leads to `top`; below that there are none.
  func realPath() throws(Failure) -> FilePath {
    below.reduce(try resolvedPath(top)) { $0.appending($1) }
  }

  private var kindInTheWay: String {
    if let obstacle { return obstacle }
    let kind = (try? FileStatus(of: path, followsLinks: false))?.kind
    return kind == .symbolicLink ? "it is a symbolic link" : "it is no directory, or a link leads to it"
  }

  func judge(_ held: OpenDirectory) throws(Failure) -> Finding {
    guard case .tag(let tagger) = trust else { return .ours }
    let status = try held.status()
    guard status.owner == effectiveUser else { return .anotherUsers }
    // A second look where another process may have finished its tag meanwhile.
    for _ in 0..<2 {
      let finding = tagger.check(held)
      // What git tracks came with a checkout, which is why its mode and its tag are wrong, too.
      if finding != .missing, gitTracks(try realPath()) { return .notOurs(Self.tracked) }
      switch finding {
      case .valid where status.permissions & 0o077 != 0, .invalid where status.permissions & 0o077 != 0:
        return .notOurs(Self.open)
      case .valid: return .ours
      case .invalid where renewsStale: return .stale
      case .invalid: return .notOurs(tagger.wordsForInvalid)
      case .missing:
        let names = try held.entries().map(\.name)
        if names.contains(IndexTagger.fileName) { continue }
        if gitTracks(try realPath()) { return .notOurs(Self.tracked) }
        if names.allSatisfy({ AtomicFile.temporaryTarget($0) == IndexTagger.fileName }) { return .vacant }
        return renewsStale ? .stale : .notOurs("it holds files, but no tag that you made on this machine")
      }
    }
    return .notOurs("its tag changes")
  }

  /// Whether the path still names the directory that is held.
  func isStill(_ directory: IndexDirectory) -> Bool {
    guard let now = try? statusInPlace(), let held = try? directory.held.status() else { return false }
    return now.device == held.device && now.inode == held.inode
  }

  /// The status of what is where the index is to be.
  private func statusInPlace() throws(Failure) -> FileStatus {
    guard let heldTree, let names = heldTree.names(to: path), let last = names.last else {
      return try FileStatus(of: path, followsLinks: false)
    }
    return try heldTree.directory.directory(through: names.dropLast()).status(of: last)
  }

  private func refusal(_ reason: String) -> Failure {
    let way = isInner ? ": move away what is there" : ""
    return Failure(.notOurs, "this is no index of yours: \(reason); nothing in it was touched\(way)", path: path)
  }
}

extension Failure.Code {
  /// The tree that somebody works on is not at its path any more.
  package static let treeGone = Self(rawValue: "tree-gone")
}

extension Failure {
  /// The directory `root` was removed, or its path leads to another.
  package static func treeGone(_ root: FilePath) -> Failure {
    Failure(
      .treeGone,
      "the tree is gone: the directory was removed or moved, or another one is in its place; nothing was made "
        + "there", path: root)
  }

  static func noIndex(_ path: FilePath) -> Failure {
    Failure(.notFound, "there is no index here yet", path: path, remedy: .index)
  }
}
