import Disk
import Inspection
package import Primitives
import Synchronization

/// Walks the directory tree under a root.
///
/// The files are those of `git ls-files --cached --others --exclude-standard` that exist and are regular files, less
/// what is hidden, vendored or too large. Git's rules hold as git has them: every `.gitignore` from the top of the
/// repository down (also where the root lies below that top), `info/exclude`, the user's own ignore file; a tracked
/// file wins over all of them. A tree that is in no repository, and a root that its repository ignores, has its
/// `.gitignore` files obeyed all the same, save one at the root itself that would leave nothing of it.
///
/// A `.cairnignore` has the same grammar, is read in every directory from the root down, and wins over git: what it
/// ignores is left out even when it is tracked, and what it takes back in with `!` is neither ignored, hidden nor
/// vendored. As with git, nothing below an ignored directory can be taken back in.
///
/// A file whose name says that it holds a key or credentials is left out, tracked or not; so is, once it is read, one
/// that does hold some (`ContentInspector`).
///
/// It differs from git on purpose in one thing: a repository inside the tree (a submodule, an embedded clone) is
/// walked, with its own rules from its own top; only `.cairnignore` reaches across. Neither `.git` nor `.cairn` is
/// entered or mentioned. A symbolic link is not followed, so that nothing is seen twice; the root itself may be one,
/// and those that lead out of the tree may be followed (`WalkOptions.followsLinks`).
package struct CorpusWalker: Sendable {
  /// Bytes that a path below the root has fewer than: no program could be given a longer one. A directory whose own has
  /// as many is not looked into, however deep the tree is.
  package static let pathByteLimit = 4096

  let root: FilePath
  let options: WalkOptions
  let environment: GitEnvironment

  package init(root: FilePath, options: WalkOptions = WalkOptions(), environment: GitEnvironment = .process) {
    self.root = root
    self.options = options
    self.environment = environment
  }

  /// Lists the corpus. `progress` is called now and then, from any thread, with the number of files seen so far. Throws
  /// when the root itself cannot be listed, or what decides there what belongs to it (an ignore file, git's index)
  /// cannot be read; a directory inside of which that is true is one that was not read.
  ///
  /// Blocks the calling thread, which is one of those that walk. The listing is the same whatever their number.
  package func list(progress: (@Sendable (Int) -> Void)? = nil) throws(Failure) -> CorpusListing {
    try list(progress: progress, observer: nil).listing
  }

  /// The same, with everything that later visits of single directories need. `observer` is told of each directory.
  func list(
    progress: (@Sendable (Int) -> Void)?, observer: (any WalkObserver)?
  ) throws(Failure) -> (listing: CorpusListing, context: WalkContext) {
    let root = try resolvedPath(root)
    let directory = try OpenDirectory(root)
    let deadline = options.timeLimit.map { ContinuousClock.now + $0 }
    let context = try WalkContext(
      root: root, directory: directory, options: options, environment: environment, observer: observer)
    // The root is always looked into, so that a short time does not look like an empty tree.
    var visit = DirectoryVisit(context.start, on: context)
    let below = try visit.runAtRoot()
    observer?.visited(VisitedDirectory(context.start, visit, deeper: below))
    let found = Found(parts: [visit.listing], links: visit.links)
    let walk = Walk(context: context, deadline: deadline, progress: progress, found: found)
    let threadCount = options.threadCount > 0 ? options.threadCount : coreCount
    walk.visit(below, threadCount: threadCount)
    if options.followsLinks {
      var followed = FollowedLinks(root: try directory.status())
      while let links = walk.takeLinks() { walk.visit(walk.follow(links, &followed), threadCount: threadCount) }
    }
    var listing = Self.joined(walk.parts)
    if options.fileLimit > 0 { listing.keep(options.fileLimit) }
    return (listing, context)
  }

  /// What the walk makes of the file or the directory at `path`, relative to the root, with all else in the directories
  /// on the way to it, which alone are visited; of a directory, what lies in it, but nothing below. Follows no link.
  /// Throws as `list` does.
  ///
  /// - Returns: besides, the directories in the last one, empty where it is not the one at `path`.
  package func list(only path: FilePath) throws(Failure) -> (listing: CorpusListing, directories: [FilePath]) {
    let root = try resolvedPath(root)
    let context = try WalkContext(
      root: root, directory: try OpenDirectory(root), options: options, environment: environment)
    var visit = DirectoryVisit(context.start, on: context)
    var deeper = try visit.runAtRoot()
    var parts = [visit.listing]
    var place: FilePath = ""
    while place != path, let next = deeper.first(where: { path.isAtOrBelow(context.relative($0.path)) }) {
      place = context.relative(next.path)
      visit = DirectoryVisit(next, on: context)
      deeper = visit.run()
      parts.append(visit.listing)
    }
    let directories = place == path ? deeper.map { context.relative($0.path) }.sorted() : []
    return (Self.joined(parts), directories)
  }

  /// Puts the parts in order. Each is in order in itself.
  private static func joined(_ parts: [CorpusListing]) -> CorpusListing {
    var files: [SourceFile] = []
    files.reserveCapacity(parts.reduce(0) { $0 + $1.files.count })
    var skipped: [SkippedEntry] = []
    var unvisited: Set<FilePath> = []
    var unread: [UnreadEntry] = []
    for part in parts {
      unvisited.formUnion(part.unvisited)
      files.append(contentsOf: part.files)
      skipped.append(contentsOf: part.skipped)
      unread.append(contentsOf: part.unread)
    }
    files.sort { $0.path < $1.path }
    skipped.sort { $0.path < $1.path }
    unread.sort { $0.path < $1.path }
    var listing = CorpusListing(files: files, skipped: skipped)
    listing.unvisited = unvisited
    listing.unread = unread
    return listing
  }
}

extension CorpusListing {
  /// Skips the files beyond the first `limit`.
  mutating func keep(_ limit: Int) {
    guard files.count > limit else { return }
    skipped += files[limit...].map {
      SkippedEntry(path: $0.path, reason: .fileLimit, isDirectory: false, fingerprint: $0.fingerprint)
    }
    skipped.sort { $0.path < $1.path }
    files.removeSubrange(limit...)
  }
}

/// What the visits of a walk have come to.
private struct Found: Sendable {
  var parts: [CorpusListing]
  var links: [FoundLink]
}

/// A running walk. Safe to share by its threads.
private final class Walk: Sendable {
  private let context: WalkContext
  private let deadline: ContinuousClock.Instant?
  private let progress: (@Sendable (Int) -> Void)?
  private let seen = Atomic<Int>(0)
  private let found: Mutex<Found>

  init(
    context: WalkContext, deadline: ContinuousClock.Instant?, progress: (@Sendable (Int) -> Void)?, found: Found
  ) {
    self.context = context
    self.deadline = deadline
    self.progress = progress
    self.found = Mutex(found)
  }

  var parts: [CorpusListing] { found.withLock { $0.parts } }

  /// Visits directories and all below them.
  func visit(_ subtrees: [Subtree], threadCount: Int) {
    parallelWalk(subtrees, threadCount: threadCount) { [self] subtree, _ in visit(subtree) }
  }

  private func visit(_ subtree: Subtree) -> [Subtree] {
    if let deadline, ContinuousClock.now >= deadline {
      var part = CorpusListing(files: [], skipped: [])
      part.unvisited = [context.relative(subtree.path)]
      found.withLock { [part] in $0.parts.append(part) }
      return []
    }
    var visit = DirectoryVisit(subtree, on: context)
    let deeper = visit.run()
    context.observer?.visited(VisitedDirectory(subtree, visit, deeper: deeper))
    if let progress, !visit.listing.files.isEmpty {
      let count = visit.listing.files.count
      let total = seen.add(count, ordering: .relaxed).newValue
      if total / progressInterval != (total - count) / progressInterval { progress(total) }
    }
    let (part, links) = (visit.listing, visit.links)
    found.withLock {
      $0.parts.append(part)
      if !links.isEmpty { $0.links += links }
    }
    return deeper
  }

  /// The links that were found since the last call; nil if there are none.
  func takeLinks() -> [FoundLink]? {
    found.withLock { found in
      defer { found.links = [] }
      return found.links.isEmpty ? nil : found.links
    }
  }

  /// Notes down what becomes of `links`, and returns the directories that they lead to.
  func follow(_ links: [FoundLink], _ followed: inout FollowedLinks) -> [Subtree] {
    let (subtrees, files, doubled) = followed.take(links)
    var part = CorpusListing(files: files, skipped: [])
    part.skipped = doubled.map {
      SkippedEntry(path: context.relative($0.path), reason: .symbolicLink, isDirectory: false)
    }
    found.withLock { [part] in $0.parts.append(part) }
    return subtrees
  }
}

/// Files between two reports of progress.
private let progressInterval = 1_000

/// What the walk should take.
package struct WalkOptions: Hashable, Sendable {
  /// Larger files are skipped.
  package var maximumFileByteCount = 5_000_000
  /// Hidden files (a component begins with a dot) are skipped unless git tracks them or this is set.
  package var includesHidden = false
  /// Directories of other people's code (`node_modules` and its kin) are skipped unless this is set.
  package var includesVendored = false
  /// Bulk that a program made (minified code, generated files of more than half a megabyte) is skipped unless this is
  /// set, or a `.cairnignore` takes the file or a directory around it back in with `!`.
  package var includesGenerated = false
  /// Files that hold keys or tokens are skipped unless this is set.
  package var includesSecrets = false
  /// Whether a `.cairnignore` may take such a file back in with `!`. It may come with somebody else's repository, so
  /// this is not for a run that sends what it reads to another machine.
  package var ignoreFilesIncludeSecrets = true
  /// Whether git's ignore rules hold; `.cairnignore` always does.
  package var obeysGitIgnore = true
  /// Symbolic links that lead out of the tree are followed (`LinkedPlace`), and what they lead to goes by the link's
  /// path.
  package var followsLinks = false
  /// Files beyond so many, in the order of their paths, are skipped with the reason `fileLimit`; 0 is no limit.
  package var fileLimit = 0
  /// After so long no further directory is looked into; `CorpusListing.unvisited` has those that were not. Nothing is
  /// no limit.
  package var timeLimit: Duration?
  /// Threads; 0 is one for each core.
  package var threadCount = 0
  package init() {}
}
