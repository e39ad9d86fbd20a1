import Disk
import Inspection
import Primitives

/// What is the same for the whole of one walk.
final class WalkContext: Sendable {
  /// Absolute, without symbolic links.
  let root: FilePath
  let options: WalkOptions
  let environment: GitEnvironment
  let observer: (any WalkObserver)?
  /// On what it hangs which repository the root lies in and what holds there; nil if nobody observes the walk.
  let consulted: ConsultedFiles?
  /// Bytes of the walk's paths before the part that is relative to the root: the way from the top of the repository
  /// that the root lies in down to the root, with a slash at its end. Empty where the root is the top or in no
  /// repository.
  let prefix: [UInt8]
  /// The whole tree.
  let start: Subtree

  init(
    root: FilePath, directory: OpenDirectory, options: WalkOptions, environment: GitEnvironment,
    observer: (any WalkObserver)? = nil
  ) throws(Failure) {
    self.root = root
    self.observer = observer
    let consulted = observer == nil ? nil : ConsultedFiles()
    self.consulted = consulted
    self.options = options
    self.environment = environment
    if let above = try Self.repositoryAbove(
      root, obeysGitIgnore: options.obeysGitIgnore, environment: environment, consulted)
    {
      prefix = above.prefix
      start = Subtree(
        path: Array(prefix.dropLast()), repository: above.repository, anchor: directory, anchorByteCount: prefix.count,
        gitRules: above.rules)
    } else {
      prefix = []
      let rules =
        options.obeysGitIgnore
        ? try GitRepository.rulesOutsideRepository(root: root, environment: environment, consulted: consulted) : nil
      start = Subtree(path: [], repository: nil, anchor: directory, anchorByteCount: 0, gitRules: rules)
    }
  }

  /// Whether a walk by `other` would say the same, as far as it hangs on what is outside the tree.
  func decides(as other: WalkContext) -> Bool {
    guard prefix == other.prefix, start.gitRules?.contentHash == other.start.gitRules?.contentHash else { return false }
    guard let own = start.repository, let others = other.start.repository else {
      return start.repository == nil && other.start.repository == nil
    }
    return own.decides(as: others)
  }

  /// The part of a path of the walk that is relative to the root.
  func relative(_ path: [UInt8]) -> FilePath { FilePath(bytes: Array(path.dropFirst(prefix.count))) }

  /// Where what has the walk's path `path` lies, a file or directory in `subtree`: absolute, without symbolic links but
  /// the last.
  func absolutePath(_ path: [UInt8], in subtree: Subtree) -> FilePath {
    guard let followed = subtree.followed else { return root.appending(relative(path)) }
    return followed.place.appending(FilePath(bytes: Array(path.dropFirst(followed.byteCount + 1))))
  }

  /// The repository that `root` lies strictly below the top of, with the rules that hold at the root. Nil if there is
  /// none, if the root is the top itself (the visit of the root finds that), or if the repository ignores the root: who
  /// names an ignored directory wants what is in it. Throws where a file that decides it cannot be read.
  private static func repositoryAbove(
    _ root: FilePath, obeysGitIgnore: Bool, environment: GitEnvironment, _ consulted: ConsultedFiles?
  ) throws(Failure) -> (repository: GitRepository, rules: RuleScope?, prefix: [UInt8])? {
    if try GitRepository.directory(forWorkTree: root, isNeeded: obeysGitIgnore, consulted: consulted) != nil {
      return nil
    }
    var top = root
    var found: GitRepository?
    while found == nil {
      let parent = top.parent
      if parent.isEmpty || parent == top { return nil }
      top = parent
      found = try GitRepository.open(
        workTree: top, topByteCount: 0, isNeeded: obeysGitIgnore, environment: environment, consulted: consulted)
    }
    guard let repository = found, let below = root.relative(to: top) else { return nil }
    guard obeysGitIgnore else { return (repository, nil, below.bytes + [.slash]) }

    // Down from the top to the root: the rules of each directory, and whether they ignore the next.
    var rules = repository.rules
    var nameStart = 0
    while true {
      let baseByteCount = nameStart
      let here = baseByteCount == 0 ? top : top.appending(FilePath(bytes: Array(below.bytes[..<(baseByteCount - 1)])))
      // The directory need not be readable for its files to be.
      let file = here.appending(".gitignore")
      consulted?.note(contentOf: file, followsLinks: false)
      if let content = try DecidingFile.read(
        file, limit: GitRepository.ignoreFileByteLimit, followsLinks: false)
      {
        let own = IgnoreRules(content, foldsCase: repository.ignoresCase)
        if !own.isEmpty {
          let base = below.bytes.span.extracting(0..<baseByteCount)
          rules = try RuleScope(own, base: base, outer: rules, path: file)
        }
      }
      let nameEnd = below.bytes[nameStart...].firstIndex(of: .slash) ?? below.bytes.count
      let path = below.bytes.span.extracting(0..<nameEnd)
      if rules?.verdict(path: path, nameStart: nameStart, isDirectory: true) == .ignored { return nil }
      if nameEnd == below.bytes.count { return (repository, rules, below.bytes + [.slash]) }
      nameStart = nameEnd + 1
    }
  }
}

/// A directory that waits to be visited, and what its surroundings say of it.
struct Subtree: Sendable {
  /// From the top that `WalkContext.prefix` begins at.
  var path: [UInt8]
  var repository: GitRepository?
  /// A directory above, or the root itself, that paths are looked up from, so that none is too long for the system
  /// however deep the tree is, and few directories are open at once.
  var anchor: OpenDirectory
  /// The bytes of `path` that lead to the anchor, a slash at their end included.
  var anchorByteCount: Int
  /// Git's rules around the directory, without its own `.gitignore`.
  var gitRules: RuleScope?
  /// The rules of each `.cairnignore` around it.
  var cairnRules: RuleScope?
  /// The link above that the directory lies behind; nil if it lies in the tree itself.
  var followed: FollowedLink?
  /// Why only what git tracks is taken here; nil if everything is.
  var untrackedReason: SkipReason?
  /// Whether `.cairnignore` took the directory back in by name.
  var isWanted = false
  /// Whether it did so with this directory or one around it.
  var includesGenerated = false
}
