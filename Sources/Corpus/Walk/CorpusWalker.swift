import Disk
package import Primitives
import Synchronization

/// Walks the directory tree under a root.
///
/// The files are those of `git ls-files --cached --others --exclude-standard` that exist and are regular files, less what
/// is hidden, vendored or too large. Git's rules hold as git has them: every `.gitignore` from the top of the repository
/// down (also where the root lies below that top), `info/exclude`, the user's own ignore file; a tracked file wins over
/// all of them. A tree that is in no repository, and a root that its repository ignores, has its `.gitignore` files obeyed
/// all the same, save one at the root itself that would leave nothing of it.
///
/// A `.cairnignore` has the same grammar, is read in every directory from the root down, and wins over git: what it ignores
/// is left out even when it is tracked, and what it takes back in with `!` is neither ignored, hidden nor vendored. As
/// with git, nothing below an ignored directory can be taken back in.
///
/// It differs from git on purpose in one thing: a repository inside the tree (a submodule, an embedded clone) is walked,
/// with its own rules from its own top; only `.cairnignore` reaches across. Neither `.git` nor `.cairn` is entered or
/// mentioned. A symbolic link is not followed, so that nothing is seen twice; the root itself may be one.
package struct CorpusWalker: Sendable {
  private let root: FilePath
  private let options: WalkOptions
  private let environment: GitEnvironment

  package init(root: FilePath, options: WalkOptions = WalkOptions(), environment: GitEnvironment = .process) {
    self.root = root
    self.options = options
    self.environment = environment
  }

  /// Lists the corpus. `progress` is called now and then, from any thread, with the number of files seen so far.
  /// Throws only when the root itself cannot be listed; an unreadable directory inside is a skipped entry.
  ///
  /// Blocks the calling thread, which is one of those that walk. The listing is the same whatever their number.
  package func list(progress: (@Sendable (Int) -> Void)? = nil) throws(Failure) -> CorpusListing {
    let root = try resolvedPath(root)
    let directory = try OpenDirectory(root)
    _ = try directory.entries()
    let ground = WalkGround(root: root, directory: directory, options: options, environment: environment)
    let seen = Atomic<Int>(0)
    let parts = Mutex<[CorpusListing]>([])
    drainInParallel(
      [ground.start], threadCount: options.threadCount > 0 ? options.threadCount : coreCount
    ) { subtree, _ in
      var visit = DirectoryVisit(subtree, on: ground)
      let deeper = visit.run()
      if let progress, !visit.listing.files.isEmpty {
        let count = visit.listing.files.count
        let total = seen.add(count, ordering: .relaxed).newValue
        if total / progressInterval != (total - count) / progressInterval { progress(total) }
      }
      let part = visit.listing
      parts.withLock { $0.append(part) }
      return deeper
    }
    return Self.joined(parts.withLock { $0 })
  }

  /// Puts the parts in order. Each is in order in itself.
  private static func joined(_ parts: [CorpusListing]) -> CorpusListing {
    var files: [SourceFile] = []
    files.reserveCapacity(parts.reduce(0) { $0 + $1.files.count })
    var skipped: [SkippedEntry] = []
    for part in parts {
      files.append(contentsOf: part.files)
      skipped.append(contentsOf: part.skipped)
    }
    files.sort { $0.path < $1.path }
    skipped.sort { $0.path < $1.path }
    return CorpusListing(files: files, skipped: skipped)
  }
}

/// Files between two reports of progress.
private let progressInterval = 1_000
