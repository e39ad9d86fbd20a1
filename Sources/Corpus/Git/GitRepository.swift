import Disk
import Primitives

/// A git repository whose work tree the walk is in: its rules and what it tracks.
///
/// The place of its top is told in bytes of the walk's own paths, because a repository may begin above the root of the
/// corpus, at it, or below it.
final class GitRepository: Sendable {
  let index: GitIndex
  let ignoresCase: Bool
  /// The rules that hold in the whole work tree: the user's own ignore file, then the repository's `info/exclude`.
  let rules: RuleScope?
  /// How many bytes of a path lead to the top of the work tree, its slash included.
  let topByteCount: Int
  /// Of all that it says of paths: two with the same hash say the same.
  let contentHash: ContentHash

  /// - Parameters:
  ///   - directory: the repository's own directory, `.git` as a rule.
  ///   - workTree: the top of its work tree, for settings that name a file relative to it.
  ///   - consulted: takes down what is read.
  init(
    at directory: FilePath, workTree: FilePath, topByteCount: Int, environment: GitEnvironment,
    consulted: ConsultedFiles? = nil
  ) throws(Failure) {
    self.topByteCount = topByteCount
    let common = try Self.commonDirectory(of: directory, consulted)
    let config = try Self.settings(of: directory, common: common, environment: environment, consulted)
    ignoresCase = config.ignoresCase
    let rules = try Self.rules(
      of: config, environment: environment, workTree: workTree, infoExclude: common.appending("info/exclude"),
      baseByteCount: topByteCount, consulted)
    let index = try Self.index(in: directory, common: common, config, consulted)
    var bytes: [UInt8] = []
    bytes.append(hash: rules?.contentHash ?? ContentHash(high: 0, low: 0))
    bytes.append(hash: index.contentHash)
    bytes.append(varint: UInt64(topByteCount))
    bytes.append(config.ignoresCase ? 1 : 0)
    contentHash = ContentHash(of: bytes.span)
    self.rules = rules
    self.index = index
  }

  /// Whether it says the same of every path as `other` does.
  func decides(as other: GitRepository) -> Bool { contentHash == other.contentHash }

  /// The settings that hold in a work tree whose repository's own directory is `directory`.
  static func settings(
    of directory: FilePath, common: FilePath, environment: GitEnvironment, _ consulted: ConsultedFiles? = nil
  ) throws(Failure) -> GitConfig {
    let config = try config(of: directory, common: common, environment: environment, consulted)
    guard config.asksForRemotes else { return config }
    return try self.config(
      of: directory, common: common, environment: environment, knownRemoteURLs: config.remoteURLs, consulted)
  }

  private static func config(
    of directory: FilePath, common: FilePath, environment: GitEnvironment, knownRemoteURLs: [[UInt8]] = [],
    _ consulted: ConsultedFiles?
  ) throws(Failure) -> GitConfig {
    var config = try GitConfig(
      environment: environment, gitDirectory: directory, knownRemoteURLs: knownRemoteURLs, consulted: consulted)
    try config.read(common.appending("config"))
    if config.hasWorktreeConfig { try config.read(directory.appending("config.worktree")) }
    try config.readEnvironment()
    return config
  }

  private static func index(
    in directory: FilePath, common: FilePath, _ config: GitConfig, _ consulted: ConsultedFiles?
  ) throws(Failure) -> GitIndex {
    let path = directory.appending("index")
    consulted?.note(contentOf: path)
    guard let file = try DecidingFile.map(path, limit: indexByteLimit) else { return .empty }
    var failure: Failure?
    let index = GitIndex(file.bytes, objectIDByteCount: config.objectIDByteCount, foldsCase: config.ignoresCase) {
      name, read in
      do throws(Failure) {
        for base in [directory, common] {
          consulted?.note(contentOf: base.appending(name))
          guard let shared = try DecidingFile.map(base.appending(name), limit: indexByteLimit) else { continue }
          read(shared.bytes)
          return try DecidingFile.checkWhole(shared)
        }
      } catch { failure = error }
    }
    try DecidingFile.checkWhole(file)
    if let failure { throw failure }
    guard index.isReadable else {
      let reason =
        "it is no index of git's that this version of Cairn can read; git's status says whether git can, and where it "
        + "cannot, move the file away and git's reset makes another"
      throw DecidingFile.undecided(Failure(.damaged, reason), path)
    }
    return index
  }

  /// The rules for a tree that is in no repository: the user's own ignore file alone.
  static func rulesOutsideRepository(
    root: FilePath, environment: GitEnvironment, consulted: ConsultedFiles? = nil
  ) throws(Failure) -> RuleScope? {
    var config = try GitConfig(environment: environment, gitDirectory: nil, consulted: consulted)
    try config.readEnvironment()
    return try rules(
      of: config, environment: environment, workTree: root, infoExclude: nil, baseByteCount: 0, consulted)
  }

  private static func rules(
    of config: GitConfig, environment: GitEnvironment, workTree: FilePath, infoExclude: FilePath?, baseByteCount: Int,
    _ consulted: ConsultedFiles?
  ) throws(Failure) -> RuleScope? {
    var excludesFile = config.excludesFile ?? environment.userFile("ignore")
    if let path = excludesFile, !path.isAbsolute { excludesFile = path.isEmpty ? nil : workTree.appending(path) }
    var scope: RuleScope?
    for (file, isElsewhere) in [(excludesFile, true), (infoExclude, false)] {
      guard let file else { continue }
      consulted?.note(contentOf: file)
      guard let content = try DecidingFile.read(file, limit: ignoreFileByteLimit, isElsewhere: isElsewhere)
      else { continue }
      let rules = IgnoreRules(content, foldsCase: config.ignoresCase)
      if !rules.isEmpty {
        scope = try RuleScope(ofTree: rules, baseByteCount: baseByteCount, outer: scope, path: file)
      }
    }
    return scope
  }

  /// An ignore file that is larger is an error, so that a hostile one cannot eat the memory.
  static let ignoreFileByteLimit = 16_000_000
  /// Room for the index of a repository of two million files.
  static let indexByteLimit = 256 << 20

  // MARK: Finding

  /// The repository where `workTree` is the top of a work tree; nil if there is none.
  ///
  /// - Parameters:
  ///   - isNeeded: its rules hold. Where they do not, one that this user cannot read for good counts as none; a failure
  ///     that may pass is thrown all the same, since git's index also says which hidden files belong to the tree.
  ///   - consulted: takes down what the answer hangs on, also where it is nil or a failure.
  static func open(
    workTree: FilePath, topByteCount: Int, isNeeded: Bool, environment: GitEnvironment,
    consulted: ConsultedFiles? = nil
  ) throws(Failure) -> GitRepository? {
    do throws(Failure) {
      guard let directory = try directory(forWorkTree: workTree, consulted) else { return nil }
      return try GitRepository(
        at: directory, workTree: workTree, topByteCount: topByteCount, environment: environment, consulted: consulted)
    } catch {
      if !isNeeded, isLasting(error) { return nil }
      throw error
    }
  }

  /// The same without reading it.
  static func directory(
    forWorkTree workTree: FilePath, isNeeded: Bool, consulted: ConsultedFiles? = nil
  ) throws(Failure) -> FilePath? {
    do throws(Failure) { return try directory(forWorkTree: workTree, consulted) } catch {
      if !isNeeded, isLasting(error) { return nil }
      throw error
    }
  }

  private static func isLasting(_ failure: Failure) -> Bool {
    [.permissionDenied, .damaged, .tooLarge].contains(failure.code)
  }

  /// The repository's own directory where `workTree` is the top of a work tree: its `.git`, or what the file `.git`
  /// names. Nil if there is none or it is no repository (an empty directory called `.git`, a broken link). Throws where
  /// that cannot be told.
  private static func directory(
    forWorkTree workTree: FilePath, _ consulted: ConsultedFiles?
  ) throws(Failure) -> FilePath? {
    let dotGit = workTree.appending(".git")
    switch try kind(of: dotGit, consulted) {
    case .directory: return try isRepository(dotGit, consulted) ? dotGit : nil
    case .file:
      let content: [UInt8]?
      consulted?.note(contentOf: dotGit)
      do throws(Failure) { content = try DecidingFile.read(dotGit, limit: 64_000) } catch {
        // What is so long is no name of a directory.
        if error.code == .tooLarge { return nil }
        throw error
      }
      guard let content, content.starts(with: Array("gitdir: ".utf8)) else { return nil }
      let target = FilePath(bytes: trimmingLineEnds(content.dropFirst(8)))
      let directory = target.isAbsolute ? target : workTree.appending(target)
      return try isRepository(directory, consulted) ? directory : nil
    case .symbolicLink, .other, nil: return nil
    }
  }

  static func isRepository(_ directory: FilePath, _ consulted: ConsultedFiles?) throws(Failure) -> Bool {
    let common = try commonDirectory(of: directory, consulted)
    // A link to a branch that has no commit yet leads nowhere.
    guard try kind(of: directory.appending("HEAD"), followsLinks: false, consulted) != nil else { return false }
    for name in ["objects", "refs"] {
      guard try kind(of: common.appending(name), consulted) == .directory else { return false }
    }
    return true
  }

  /// What is at `path`; nil if there is nothing, or a link that leads nowhere.
  private static func kind(
    of path: FilePath, followsLinks: Bool = true, _ consulted: ConsultedFiles?
  ) throws(Failure) -> FileStatus.Kind? {
    consulted?.note(kindOf: path, followsLinks: followsLinks)
    do throws(Failure) { return try FileStatus(of: path, followsLinks: followsLinks).kind } catch {
      if error.code == .notFound { return nil }
      throw DecidingFile.undecided(error, path)
    }
  }

  /// Where the parts lie that all work trees of one repository share.
  static func commonDirectory(
    of directory: FilePath, _ consulted: ConsultedFiles? = nil
  ) throws(Failure) -> FilePath {
    consulted?.note(contentOf: directory.appending("commondir"))
    guard let content = try DecidingFile.read(directory.appending("commondir"), limit: 64_000) else { return directory }
    let target = FilePath(bytes: trimmingLineEnds(content[...]))
    return target.isAbsolute ? target : directory.appending(target)
  }

  /// The repository's own directory of the work tree at `top`, and the one that all its work trees share; both without
  /// links. Nil where `top` is the top of no work tree.
  static func directories(ofTop top: FilePath) -> (own: FilePath, common: FilePath)? {
    guard let directory = try? directory(forWorkTree: top, isNeeded: true),
      let own = try? resolvedPath(directory), let shared = try? commonDirectory(of: own),
      let common = try? resolvedPath(shared)
    else { return nil }
    return (own, common)
  }

  /// The top of the work tree that `root` lies in, with its `directories`; nil where it lies in none.
  ///
  /// - Parameter root: absolute, with no link in it.
  static func workTree(around root: FilePath) -> (top: FilePath, own: FilePath, common: FilePath)? {
    var top = root
    while true {
      if let (own, common) = directories(ofTop: top) { return (top, own, common) }
      let parent = top.parent
      if parent == top || parent.isEmpty { return nil }
      top = parent
    }
  }

  private static func trimmingLineEnds(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var bytes = bytes
    while let last = bytes.last, last == .newline || last == .carriageReturn { bytes.removeLast() }
    return Array(bytes)
  }
}
