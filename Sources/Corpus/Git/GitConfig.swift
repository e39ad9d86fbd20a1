import Disk
import Primitives

/// The few settings of git that decide which files belong to a tree. Files are read in rising order of precedence; a
/// later setting wins. A file that is missing or malformed adds nothing, or what is before the error; one that
/// cannot be read is an error, and so are files that include more of each other than any person's do.
struct GitConfig {
  /// The user's own ignore file: nil if it is not set, the empty path where it is set to none.
  private(set) var excludesFile: FilePath?
  /// The user's own file of attributes: nil if it is not set, the empty path where it is set to none.
  private(set) var attributesFile: FilePath?
  private(set) var ignoresCase = false
  private(set) var hasWorktreeConfig = false
  /// 32 in a repository with SHA-256.
  private(set) var objectIDByteCount = 20

  /// The addresses of all remotes.
  private(set) var remoteURLs: [[UInt8]] = []
  /// Whether an include depends on them: then everything is to be read once more, with what they are.
  private(set) var asksForRemotes = false

  private let environment: GitEnvironment
  /// The repository's own directory, for `includeIf "gitdir:..."` and `onbranch:`.
  private let gitDirectory: FilePath?
  /// What `includeIf "hasconfig:remote.*.url:..."` is compared with: the addresses that were found before.
  private let knownRemoteURLs: [[UInt8]]
  private let consulted: ConsultedFiles?
  /// What was read so far.
  private var fileCount = 0
  private var byteCount = 0

  /// Each file may include others ten deep, as often as it likes: without these limits, one of a few lines is read for
  /// ever.
  private static let fileCountLimit = 200
  private static let byteCountLimit = 16_000_000

  init(
    environment: GitEnvironment, gitDirectory: FilePath?, knownRemoteURLs: [[UInt8]] = [],
    consulted: ConsultedFiles? = nil
  ) throws(Failure) {
    self.consulted = consulted
    self.environment = environment
    self.gitDirectory = gitDirectory
    self.knownRemoteURLs = knownRemoteURLs
    for file in environment.configFiles { try read(file, depth: 0, isElsewhere: true) }
  }

  /// Reads one more file, of the repository; its settings win over those read before.
  mutating func read(_ file: FilePath) throws(Failure) { try read(file, depth: 0, isElsewhere: false) }

  /// Takes in what `GIT_CONFIG_COUNT` and its kin say, which wins over every file.
  mutating func readEnvironment() throws(Failure) {
    try apply(environment.commandSettings, of: "", depth: 0)
  }

  private mutating func read(_ file: FilePath, depth: Int, isElsewhere: Bool) throws(Failure) {
    // Git stops at ten as well: files may include each other.
    guard depth <= 10 else { return }
    consulted?.note(contentOf: file)
    guard
      let content = try DecidingFile.read(file, limit: Self.byteCountLimit, isElsewhere: isElsewhere)
    else { return }
    fileCount += 1
    byteCount += content.count
    if fileCount > Self.fileCountLimit || byteCount > Self.byteCountLimit {
      throw DecidingFile.undecided(
        Failure(.tooLarge, "it and the files around it include each other without end; take out an include"), file)
    }
    try apply(content, of: file, depth: depth)
  }

  private mutating func apply(_ content: [UInt8], of file: FilePath, depth: Int) throws(Failure) {
    var lexer = GitConfigLexer(content)
    while let setting = lexer.next() {
      switch (setting.section, setting.name) {
      case ("core", "excludesfile") where setting.subsection == nil:
        guard let value = setting.value else { break }
        excludesFile = environment.expanding(FilePath(bytes: value)) ?? excludesFile
      case ("core", "attributesfile") where setting.subsection == nil:
        guard let value = setting.value else { break }
        attributesFile = environment.expanding(FilePath(bytes: value)) ?? attributesFile
      case ("core", "ignorecase") where setting.subsection == nil:
        ignoresCase = Self.boolean(setting.value) ?? ignoresCase
      case ("extensions", "worktreeconfig") where setting.subsection == nil:
        hasWorktreeConfig = Self.boolean(setting.value) ?? hasWorktreeConfig
      case ("extensions", "objectformat") where setting.subsection == nil:
        objectIDByteCount = setting.value?.asciiLowercased == Array("sha256".utf8) ? 32 : 20
      case ("remote", "url") where setting.subsection != nil:
        if let value = setting.value { remoteURLs.append(value) }
      case ("include", "path") where setting.subsection == nil:
        try include(setting.value, from: file, depth: depth)
      case ("includeif", "path"):
        if let condition = setting.subsection, try holds(condition, in: file) {
          try include(setting.value, from: file, depth: depth)
        }
      default: break
      }
    }
  }

  private mutating func include(_ value: [UInt8]?, from file: FilePath, depth: Int) throws(Failure) {
    guard let value, let path = environment.expanding(FilePath(bytes: value)), !path.isEmpty else { return }
    try read(path.isAbsolute ? path : file.parent.appending(path), depth: depth + 1, isElsewhere: true)
  }

  /// Whether a condition such as `gitdir:~/projects/`, `onbranch:topic/` or `hasconfig:remote.*.url:https://host/**`
  /// holds.
  private mutating func holds(_ condition: [UInt8], in file: FilePath) throws(Failure) -> Bool {
    let remotes = Array("hasconfig:remote.*.url:".utf8)
    if condition.starts(with: remotes) {
      asksForRemotes = true
      let glob = GitGlob(Array(condition.dropFirst(remotes.count)).span, isForPaths: true, foldsCase: false)
      return knownRemoteURLs.contains { glob?.matches($0.span) ?? false }
    }
    guard let gitDirectory, let colon = condition.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let keyword = Array(condition[..<colon])
    if keyword == Array("onbranch".utf8) {
      var pattern = Array(condition[(colon + 1)...])
      if pattern.last == .slash { pattern += [.star, .star] }
      guard let branch = try branch(of: gitDirectory) else { return false }
      return GitGlob(pattern.span, isForPaths: true, foldsCase: false)?.matches(branch.span) ?? false
    }
    let foldsCase = keyword == Array("gitdir/i".utf8)
    guard foldsCase || keyword == Array("gitdir".utf8) else { return false }
    guard let expanded = environment.expanding(FilePath(bytes: Array(condition[(colon + 1)...]))) else { return false }
    var pattern = expanded.bytes
    if pattern.starts(with: [.dot, .slash]) {
      pattern = file.parent.bytes + pattern.dropFirst(1)
    } else if pattern.first != .slash {
      pattern = [.star, .star, .slash] + pattern
    }
    if pattern.last == .slash { pattern += [.star, .star] }
    return GitGlob(pattern.span, isForPaths: true, foldsCase: foldsCase)?.matches(gitDirectory.bytes.span) ?? false
  }

  /// The current branch; nil for a detached HEAD.
  private func branch(of gitDirectory: FilePath) throws(Failure) -> [UInt8]? {
    let prefix = Array("ref: refs/heads/".utf8)
    consulted?.note(contentOf: gitDirectory.appending("HEAD"))
    guard let head = try DecidingFile.read(gitDirectory.appending("HEAD"), limit: 4096), head.starts(with: prefix)
    else {
      return nil
    }
    return Array(head.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") })
  }

  /// The truth of a value as git reads it: a name without a value is true.
  static func boolean(_ value: [UInt8]?) -> Bool? {
    guard let value else { return true }
    let text = String(decoding: value.asciiLowercased, as: UTF8.self)
    switch text {
    case "true", "yes", "on": return true
    case "false", "no", "off", "": return false
    default: return Int(text).map { $0 != 0 }
    }
  }
}
