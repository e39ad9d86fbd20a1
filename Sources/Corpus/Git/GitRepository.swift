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

  /// - Parameters:
  ///   - directory: the repository's own directory, `.git` as a rule.
  ///   - workTree: the top of its work tree, for settings that name a file relative to it.
  init(at directory: FilePath, workTree: FilePath, topByteCount: Int, environment: GitEnvironment) {
    self.topByteCount = topByteCount
    let common = Self.commonDirectory(of: directory)
    var config = GitConfig(environment: environment, gitDirectory: directory)
    config.read(common.appending("config"))
    if config.hasWorktreeConfig { config.read(directory.appending("config.worktree")) }
    ignoresCase = config.ignoresCase
    rules = Self.rules(
      of: config, environment: environment, workTree: workTree, infoExclude: common.appending("info/exclude"),
      baseByteCount: topByteCount)
    guard let content = try? readFile(directory.appending("index")).bytes else {
      index = .empty
      return
    }
    index = GitIndex(content, objectIDByteCount: config.objectIDByteCount, foldsCase: config.ignoresCase) { name in
      (try? readFile(directory.appending(name)).bytes) ?? (try? readFile(common.appending(name)).bytes)
    }
  }

  /// The rules for a tree that is in no repository: the user's own ignore file alone.
  static func rulesOutsideRepository(root: FilePath, environment: GitEnvironment) -> RuleScope? {
    let config = GitConfig(environment: environment, gitDirectory: nil)
    return rules(of: config, environment: environment, workTree: root, infoExclude: nil, baseByteCount: 0)
  }

  private static func rules(
    of config: GitConfig, environment: GitEnvironment, workTree: FilePath, infoExclude: FilePath?, baseByteCount: Int
  ) -> RuleScope? {
    var excludesFile = config.excludesFile ?? environment.userFile("ignore")
    if let path = excludesFile, !path.isAbsolute { excludesFile = path.isEmpty ? nil : workTree.appending(path) }
    var scope: RuleScope?
    for file in [excludesFile, infoExclude].compactMap({ $0 }) {
      guard let content = try? readFile(file, limit: ignoreFileByteLimit).bytes else { continue }
      let rules = IgnoreRules(content, foldsCase: config.ignoresCase)
      if !rules.isEmpty { scope = RuleScope(rules, baseByteCount: baseByteCount, outer: scope) }
    }
    return scope
  }

  /// An ignore file that is larger counts as empty, so that a hostile one cannot eat the memory.
  static let ignoreFileByteLimit = 16_000_000

  // MARK: Finding

  /// The repository's own directory where `workTree` is the top of a work tree: its `.git`, or what the file `.git` names.
  /// Nothing where there is none or it is no repository (an empty directory called `.git`, a broken link).
  static func directory(forWorkTree workTree: FilePath) -> FilePath? {
    let dotGit = workTree.appending(".git")
    guard let status = try? FileStatus(of: dotGit) else { return nil }
    switch status.kind {
    case .directory: return isRepository(dotGit) ? dotGit : nil
    case .file:
      guard let content = try? readFile(dotGit, limit: 64_000).bytes, content.starts(with: Array("gitdir: ".utf8))
      else {
        return nil
      }
      let target = FilePath(bytes: trimmingLineEnds(content.dropFirst(8)))
      let directory = target.isAbsolute ? target : workTree.appending(target)
      return isRepository(directory) ? directory : nil
    case .symbolicLink, .other: return nil
    }
  }

  private static func isRepository(_ directory: FilePath) -> Bool {
    let common = commonDirectory(of: directory)
    func isDirectory(_ name: String) -> Bool {
      (try? FileStatus(of: common.appending(name)))?.kind == .directory
    }
    return fileExists(directory.appending("HEAD")) && isDirectory("objects") && isDirectory("refs")
  }

  /// Where the parts lie that all work trees of one repository share.
  static func commonDirectory(of directory: FilePath) -> FilePath {
    guard let content = try? readFile(directory.appending("commondir"), limit: 64_000).bytes else { return directory }
    let target = FilePath(bytes: trimmingLineEnds(content[...]))
    return target.isAbsolute ? target : directory.appending(target)
  }

  private static func trimmingLineEnds(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var bytes = bytes
    while let last = bytes.last, last == .newline || last == .carriageReturn { bytes.removeLast() }
    return Array(bytes)
  }
}
