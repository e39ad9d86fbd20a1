package import Cairn
import Corpus
import Disk
import IndexStorage
package import Primitives
import Settings

/// The clones that Cairn makes of repositories that are named by an address: shallow ones in the user's cache, brought
/// up to date by fetching one commit. Every function blocks.
///
/// git runs in an environment made from nothing and without any file of settings, so that neither the user's nor a
/// repository's names a program for it: no hooks, no filters, no helpers for passwords, no submodules, and no other
/// protocol than that of the address. Of ssh the user's own settings and keys hold, and nothing is asked.
package struct RepositoryClones: Sendable {
  private static let directoryName: FilePath = "repositories"
  private static let lockName: FilePath = "lock"
  private static let partialSuffix = ".partial"
  /// From the start of a clone or an update to its end, however many commands of git that takes.
  private static let timeLimit = Duration.seconds(3_600)

  private let directory: FilePath
  private let environment: Environment

  /// The clones of the user whose variables these are. Opens nothing. Throws where no variable says where the user's
  /// cache is.
  package init(_ environment: Environment) throws(CairnError) {
    guard let cache = environment.variables.cacheDirectory else {
      throw CairnError(
        .notFound, "neither HOME nor XDG_CACHE_HOME is set, so there is no cache to clone into; set HOME")
    }
    directory = cache.appending("cairn").appending(Self.directoryName)
    self.environment = environment
  }

  /// Whether `root` is where this makes clones.
  package func contains(_ root: Path) -> Bool {
    let path = root.filePath
    return ((try? resolvedPath(directory)) ?? directory) == path.parent || directory == path.parent
  }

  private static func name(of address: GitAddress) -> FilePath {
    let bytes = Array(address.text.utf8)
    let hash = ContentHash(of: bytes.span).description.prefix(12)
    return FilePath("\(RepositoryName.derived(from: address.lastComponent) ?? "repository")-\(hash)")
  }

  // MARK: Cloning

  /// Clones `address`, or brings the clone that is there up to date; gives its root. Of a clone that does not come to
  /// its end nothing is left under that name.
  ///
  /// - Parameter commit: the full name of the commit whose files it is to have; nil for the newest.
  ///
  /// Throws `.gitMissing`, `.gitFailed` with what git said, `.cancelled`, `.timedOut`, and `.locked` where the files of
  /// the clone were changed by hand, which an update would undo.
  package func make(
    _ address: GitAddress, at commit: String? = nil, _ context: SearchContext
  ) throws(CairnError) -> Path {
    let end = ContinuousClock.now + Self.timeLimit
    let context = SearchContext(
      deadline: context.deadline.map { min($0, end) } ?? end, cancellation: context.cancellation)
    return try asCairnError { () throws(Failure) in
      if let commit {
        guard [40, 64].contains(commit.utf8.count), commit.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
          throw Failure(.invalidArgument, "\(visibleName(commit)) is not the full name of a commit")
        }
      }
      let name = Self.name(of: address)
      let root = directory.appending(name)
      try makeDirectory(directory.parent, mode: 0o700)
      let held = try OpenDirectory(directory.parent).makeDirectory(Self.directoryName)
      // One at a time, so that what another one has left half-way can be told from what is being made.
      let lock = try FileLock(
        HeldName(Self.lockName, in: held, path: directory.appending(Self.lockName)), waits: true)
      defer { withExtendedLifetime(lock) {} }
      for entry in try held.entries() where entry.name.description.hasSuffix(Self.partialSuffix) {
        try? held.removeTree(entry.name)
      }
      if let status = try? held.status(of: name) {
        guard status.kind == .directory, (try? held.directory(name).status(of: ".git")) != nil else {
          throw Failure(.notOurs, "something else than a clone is in its place: move it away", path: root)
        }
        if let git = try? held.directory(name).directory(".git") { Self.removeLocks(in: git) }
        let isThere = try commit.map { (commit) throws(Failure) in try isAt(commit, root, address, context) } ?? false
        if !isThere { try update(root, address, to: commit, context) }
        return Path(root)
      }
      let partial = FilePath("\(name)\(Self.partialSuffix)")
      do throws(Failure) {
        try clone(address, to: partial, in: held, context)
        try held.rename(partial, to: name)
      } catch {
        try? held.removeTree(partial)
        throw error
      }
      if let commit, try !isAt(commit, root, address, context) { try update(root, address, to: commit, context) }
      return Path(root)
    }
  }

  /// The ways in which a server may give a repository, the least first: without the blobs of other commits, without
  /// other commits, and all of it.
  private static let extents = [["--depth", "1", "--filter", "blob:none"], ["--depth", "1"], []]

  private func clone(
    _ address: GitAddress, to partial: FilePath, in held: OpenDirectory, _ context: SearchContext
  ) throws(Failure) {
    for (index, extent) in Self.extents.enumerated() {
      let words =
        ["clone", "--quiet", "--no-tags", "--single-branch", "--no-recurse-submodules", "--no-local", "--template", ""]
        + extent + ["--", address.text, partial.description]
      do throws(Failure) { return try run(words, in: directory, address, context) } catch {
        let said = (error.cause ?? "").lowercased()
        let isOfExtent = ["shallow", "filter", "partial", "dumb http", "depth"].contains { said.contains($0) }
        guard index + 1 < Self.extents.count, isOfExtent else { throw error }
        try? held.removeTree(partial)
      }
    }
  }

  /// What a git that was ended has locked stays so, and nobody else works in a clone of Cairn's while its lock is held.
  private static func removeLocks(in git: OpenDirectory) {
    for entry in (try? git.entries()) ?? [] where entry.name.description.hasSuffix(".lock") {
      try? git.removeTree(entry.name)
    }
  }

  /// Whether the files of the clone are those of `commit`.
  private func isAt(
    _ commit: String, _ root: FilePath, _ address: GitAddress, _ context: SearchContext
  ) throws(Failure) -> Bool {
    let head = try output(["rev-parse", "HEAD"], in: root, address, context)
    return head.starts(with: commit.lowercased().utf8)
  }

  private func update(
    _ root: FilePath, _ address: GitAddress, to commit: String?, _ context: SearchContext
  ) throws(Failure) {
    let changes = try output(["status", "--porcelain"], in: root, address, context)
    guard changes.allSatisfy({ $0 == .newline }) else {
      throw Failure(
        .locked, "files of this clone were changed by hand, which an update would undo: move the changes away first",
        path: root)
    }
    let isShallow = try output(["rev-parse", "--is-shallow-repository"], in: root, address, context)
    let depth = isShallow.starts(with: "true".utf8) ? ["--depth", "1"] : []
    try run(
      ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules"] + depth + ["--", address.text, commit ?? "HEAD"],
      in: root,
      address, context)
    try run(["checkout", "--quiet", "--detach", "--force", "FETCH_HEAD"], in: root, address, context)
  }

  /// Removes the clone at `root`, with the index in it. Throws where `root` is no clone of Cairn's; a link in its place
  /// is removed and not followed.
  package func remove(_ root: Path) throws(CairnError) {
    try asCairnError { () throws(Failure) in
      guard contains(root) else {
        throw Failure(.notOurs, "this is no clone that Cairn made, and it was not touched", path: root.filePath)
      }
      let held = try OpenDirectory(root.filePath.parent)
      try held.removeTree(root.filePath.lastComponent)
    }
  }

  // MARK: Running git

  private func run(
    _ words: [String], in place: FilePath, _ address: GitAddress, _ context: SearchContext
  ) throws(Failure) {
    _ = try output(words, in: place, address, context)
  }

  /// What git writes, at most a mebibyte of it.
  private func output(
    _ words: [String], in place: FilePath, _ address: GitAddress, _ context: SearchContext
  ) throws(Failure) -> [UInt8] {
    let program = try GitProgram(outside: [directory], environment: environment.variables.all)
    var child = try ChildProcess(
      program.path, (Self.globalArguments(address.scheme) + words).map { Array($0.utf8) }, in: place,
      variables: variables(address.scheme))
    child.closeInput()
    var said: [UInt8] = []
    var piece: [UInt8] = []
    while try child.read(into: &piece, until: context) > 0 {
      if said.count < 1 << 20 { said += piece }
      piece.removeAll(keepingCapacity: true)
    }
    let code = try child.end(until: context)
    guard code != 0 else { return said }
    let lines = String(decoding: child.errorOutput, as: UTF8.self).split(separator: "\n").suffix(3)
    throw Failure(
      .gitFailed, "git could not \(words[0]) \(address.text): see whether it can be reached from here",
      cause: lines.isEmpty ? nil : lines.map { visibleName(String($0)) }.joined(separator: "; "))
  }

  private static func globalArguments(_ scheme: GitAddress.Scheme) -> [String] {
    ["--no-pager"]
      + [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.attributesFile=/dev/null", "core.askPass=",
        "core.gitProxy=", "core.editor=false", "core.pager=cat", "core.alternateRefsCommand=true",
        "core.protectHFS=true", "core.protectNTFS=true", "credential.helper=", "protocol.allow=never",
        "protocol.\(scheme.rawValue).allow=always", "submodule.recurse=false", "status.showUntrackedFiles=no",
        "diff.ignoreSubmodules=all", "fetch.recurseSubmodules=false",
        "gc.auto=0", "maintenance.auto=false", "advice.detachedHead=false", "http.followRedirects=initial",
      ].flatMap { ["-c", $0] }
  }

  /// The user's own, which say how a server is reached: keys, proxies and certificates.
  private static let passedVariables = [
    "HOME", "USER", "LOGNAME", "SSH_AUTH_SOCK", "http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY",
    "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH",
  ]

  private func variables(_ scheme: GitAddress.Scheme) -> [[UInt8]] {
    // What finds ssh: no directory that is relative, and so none of a tree that one happens to stand in.
    let path = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").filter {
      $0.hasPrefix("/")
    }
    var variables = [
      "PATH=" + path.joined(separator: ":"), "GIT_ALLOW_PROTOCOL=" + scheme.rawValue, "GIT_PROTOCOL_FROM_USER=0",
      "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
      "GIT_CONFIG_SYSTEM=/dev/null", "GIT_ATTR_NOSYSTEM=1", "GIT_NO_REPLACE_OBJECTS=1", "GIT_LITERAL_PATHSPECS=1",
      "GIT_LFS_SKIP_SMUDGE=1", "GIT_PAGER=cat", "LC_ALL=C",
      "GIT_SSH_COMMAND=ssh -o BatchMode=yes -o PermitLocalCommand=no",
    ].map { Array($0.utf8) }
    for name in Self.passedVariables {
      if let value = environment.variables.bytes(of: name) { variables.append(Array("\(name)=".utf8) + value) }
    }
    return variables
  }
}

extension OpenDirectory {
  /// Removes the entry `name` with all that is below it; no link is followed. Nothing there is no error.
  fileprivate func removeTree(_ name: FilePath) throws(Failure) {
    guard let status = try? status(of: name) else { return }
    guard status.kind == .directory else { return try remove(name) }
    let inner = try directory(name)
    for entry in try inner.entries() { try inner.removeTree(entry.name) }
    try remove(name)
  }
}
