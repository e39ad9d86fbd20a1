import Disk
import Inspection
import Primitives

/// The visit of one directory: judges each entry and gives the directories to visit next.
struct DirectoryVisit {
  private(set) var listing = CorpusListing(files: [], skipped: [])
  /// Symbolic links to follow, unless what they lead to is walked by another way.
  private(set) var links: [FoundLink] = []
  /// The files that have other names too.
  private(set) var linked: [LinkedFile] = []
  /// The rules that the directory brings.
  private(set) var ownRules = OwnRules()
  /// What the observer of the walk knows it by.
  private(set) var mark: DirectoryMark?
  /// For an observer: the files in the directory by whose content it is judged, as they were before they were read.
  private(set) var deciding: [DecidingEntry] = []
  /// Whether nothing else in it decides that can change while the directory has the same entries.
  private(set) var isWhollyKnown = true

  private let context: WalkContext
  /// What an earlier visit made of its rules.
  private let knownRules: OwnRules
  private var subtree: Subtree
  /// The path of the directory with a slash at its end, or nil at the top.
  private let base: [UInt8]
  private var deeper: [Subtree] = []

  init(_ subtree: Subtree, on context: WalkContext, knownRules: OwnRules = OwnRules()) {
    self.context = context
    self.knownRules = knownRules
    self.subtree = subtree
    base = subtree.path.isEmpty ? [] : subtree.path + [.slash]
  }

  private var isRoot: Bool { base.count == context.prefix.count }

  /// Where the directory lies in the corpus; empty for the root.
  private var relativePath: FilePath { context.relative(base.isEmpty ? [] : isRoot ? base : subtree.path) }

  /// Visits a directory below the root. One that cannot be read is left unread, whole.
  mutating func run() -> [Subtree] {
    do throws(Failure) {
      let directory: OpenDirectory
      do throws(Failure) {
        if let followed = subtree.followed, followed.byteCount == subtree.path.count {
          directory = try OpenDirectory(exactly: followed.place)
          subtree.anchor = directory
          subtree.anchorByteCount = base.count
        } else {
          directory = try subtree.anchor.directory(
            FilePath(bytes: Array(subtree.path.dropFirst(subtree.anchorByteCount))))
        }
      } catch {
        // It may be gone since it was listed.
        if error.code == .notFound { return [] }
        throw error.at(relativePath)
      }
      return try visit(directory)
    } catch {
      listing = CorpusListing(files: [], skipped: [])
      links = []
      linked = []
      listing.leaveUnread(relativePath, .directory, error)
      return []
    }
  }

  /// Visits the root; throws where that cannot be done.
  mutating func runAtRoot() throws(Failure) -> [Subtree] {
    let deeper = try visit(subtree.anchor)
    if deeper.isEmpty, listing.files.isEmpty {
      // A directory that was removed while it was open looks empty.
      let (held, named) = (try subtree.anchor.status(of: "."), try FileStatus(of: context.root))
      guard held.inode == named.inode, held.device == named.device else {
        throw Failure(.notFound, "the directory was removed or replaced while it was read", path: context.root)
      }
    }
    return deeper
  }

  private mutating func visit(_ directory: OpenDirectory) throws(Failure) -> [Subtree] {
    let relativePath = relativePath
    if let followed = subtree.followed {
      // The tree itself, or the target of another link, or a mount of what no file system keeps.
      let identity = LinkedPlace.Identity(try directory.status())
      let isStart = followed.byteCount == subtree.path.count
      if !isStart && followed.starts.contains(identity) || directory.isMadeUp {
        listing.skipped.append(SkippedEntry(path: relativePath, reason: .symbolicLink, isDirectory: true))
        return []
      }
    }
    mark = context.observer?.willList(directory, relativePath)
    var entries: [DirectoryEntry]
    do throws(Failure) { entries = try directory.entries() } catch {
      throw error.at(isRoot ? context.root : relativePath)
    }
    if mark != nil { noteDeciding(entries, in: directory) }
    if base.count - subtree.anchorByteCount > Self.anchorDistance {
      subtree.anchor = directory
      subtree.anchorByteCount = base.count
    }
    if !isRoot, !context.options.includesVendored, !subtree.isWanted,
      VendoredDirectory.isVendored(path: relativePath.bytes, entries: entries, directory: directory)
    {
      listing.skipped.append(SkippedEntry(path: relativePath, reason: .vendored, isDirectory: true))
      return []
    }
    try enterRepository(entries)
    try readIgnoreFiles(entries, in: directory)
    entries.sort { $0.name < $1.name }
    for entry in entries { try judge(entry, in: directory) }
    // The newest is taken first: backwards, so that the walk goes roughly in the order of names.
    deeper.reverse()
    return deeper
  }

  private mutating func noteDeciding(_ entries: [DirectoryEntry], in directory: OpenDirectory) {
    for entry in entries {
      if entry.kind == nil { isWhollyKnown = false }
      guard entry.kind == .file, Self.decidingNames.contains(entry.name) else { continue }
      if let status = try? directory.status(of: entry.name) {
        deciding.append(DecidingEntry(name: entry.name, fingerprint: Fingerprint(status)))
      } else {
        isWhollyKnown = false
      }
    }
  }

  /// Where the directory is the top of a repository of its own, its rules take the place of those around it.
  private mutating func enterRepository(_ entries: [DirectoryEntry]) throws(Failure) {
    guard entries.contains(where: { $0.name.bytes == Self.dotGit }) else { return }
    guard let repository = try openRepository() else { return }
    subtree.repository = repository
    subtree.gitRules = context.options.obeysGitIgnore ? repository.rules : nil
    subtree.untrackedReason = nil
  }

  /// Opens the repository of the directory, unless an earlier visit did and it would say the same.
  private mutating func openRepository() throws(Failure) -> GitRepository? {
    if let consulted = knownRules.consulted, !knownRules.isUndecided, consulted.isUnchanged(distrustsTimes: true) {
      ownRules = OwnRules(consulted: consulted, repository: knownRules.repository)
      return ownRules.repository
    }
    let consulted = context.observer == nil ? nil : ConsultedFiles()
    ownRules = OwnRules(consulted: consulted, isUndecided: true)
    let workTree = isRoot ? context.root : context.absolutePath(subtree.path, in: subtree)
    var repository = try GitRepository.open(
      workTree: workTree, topByteCount: base.count, isNeeded: context.options.obeysGitIgnore,
      environment: context.environment, consulted: consulted)
    // What lies below holds the one that is known.
    if let known = knownRules.repository, repository?.decides(as: known) == true { repository = known }
    ownRules = OwnRules(consulted: consulted, repository: repository)
    return repository
  }

  private mutating func readIgnoreFiles(
    _ entries: [DirectoryEntry], in directory: OpenDirectory
  ) throws(Failure) {
    let location = isRoot ? context.root : relativePath
    func rules(_ name: FilePath, foldsCase: Bool) throws(Failure) -> IgnoreRules? {
      guard entries.contains(where: { $0.name == name && ($0.kind == .file || $0.kind == nil) }),
        let content = try DecidingFile.read(
          name, in: directory, path: location.appending(name), limit: GitRepository.ignoreFileByteLimit)
      else { return nil }
      let rules = IgnoreRules(content, foldsCase: foldsCase)
      return rules.isEmpty ? nil : rules
    }
    if context.options.obeysGitIgnore, subtree.untrackedReason == nil,
      let own = try rules(Self.gitIgnore, foldsCase: subtree.repository?.ignoresCase ?? false)
    {
      // Before anything is asked of the rules: it is what refuses too many.
      var scope = try RuleScope(own, base: base.span, outer: subtree.gitRules, path: location.appending(Self.gitIgnore))
      if let known = knownRules.gitRules, known.contentHash == scope.contentHash { scope = known }
      ownRules.gitRules = scope
      if !(isRoot && subtree.repository == nil && ignoresEverything(own, entries)) { subtree.gitRules = scope }
    }
    if let own = try rules(Self.cairnIgnore, foldsCase: false) {
      var scope = try RuleScope(
        own, base: base.span, outer: subtree.cairnRules, path: location.appending(Self.cairnIgnore))
      if let known = knownRules.cairnRules, known.contentHash == scope.contentHash { scope = known }
      ownRules.cairnRules = scope
      subtree.cairnRules = scope
    }
  }

  /// Whether rules leave nothing of the directory that they are in. A root that is in no repository and has such
  /// rules was cut out of a repository that only used them for something else (Debian's kernel sources): nobody who
  /// asks for that directory wants none of it.
  private func ignoresEverything(_ rules: IgnoreRules, _ entries: [DirectoryEntry]) -> Bool {
    entries.allSatisfy { entry in
      let name = entry.name.bytes
      return name.first == .dot
        || rules.verdict(path: name.span, nameStart: 0, isDirectory: entry.kind == .directory) == .ignored
    }
  }

  private mutating func judge(_ entry: DirectoryEntry, in directory: OpenDirectory) throws(Failure) {
    let name = entry.name.bytes
    if name == Self.dotCairn || name == Self.dotGit { return }
    if subtree.repository?.ignoresCase == true, name.asciiLowercased == Self.dotGit { return }

    let path = base + name
    var kind = entry.kind
    var status: FileStatus?
    if kind == nil {
      status = try self.status(of: entry.name, at: path, nil, in: directory)
      guard let status else { return }
      kind = status.kind
    }
    switch kind {
    case .symbolicLink: judgeLink(path, name)
    case .directory: judgeDirectory(path, name)
    case .file: try judgeFile(path, entry.name, status, in: directory)
    case .other, nil: skip(path, .notRegular, isDirectory: false)
    }
  }

  /// Leaves a symbolic link out, or judges what it leads to by the rules at the link's own place.
  private mutating func judgeLink(_ path: [UInt8], _ name: [UInt8]) {
    guard context.options.followsLinks else { return skip(path, .symbolicLink, isDirectory: false) }
    let place: LinkedPlace?
    do throws(Failure) {
      place = try LinkedPlace(ofLink: context.absolutePath(path, in: subtree), outside: context.root)
    } catch {
      let relative = context.relative(path)
      return listing.leaveUnread(relative, nil, error.at(relative))
    }
    guard let place else { return skip(path, .symbolicLink, isDirectory: false) }
    if place.status.kind == .directory { return judgeDirectory(path, name, place) }
    let (reason, isWanted) = reasonAgainst(path, name, isDirectory: false)
    if let reason, !isTracked(path, despite: reason) { return skip(path, reason.reported, isDirectory: false) }
    if let file = sourceFile(path, [name, place.path.lastComponent.bytes], place.status, isWanted: isWanted) {
      links.append(FoundLink(path: path, place: place, target: .file(file)))
    }
  }

  /// Whether git tracks the file or link at `path`, which wins over what speaks against it.
  private func isTracked(_ path: [UInt8], despite reason: Objection) -> Bool {
    guard reason != .cairnIgnored, let repository = subtree.repository else { return false }
    return repository.index.tracksFile(path.span.extracting(repository.topByteCount..<path.count))
  }

  /// - Parameter place: where the directory lies, when `path` is that of a link.
  private mutating func judgeDirectory(_ path: [UInt8], _ name: [UInt8], _ place: LinkedPlace? = nil) {
    let (reason, isWanted) = reasonAgainst(path, name, isDirectory: true)
    var child = subtree
    child.path = path
    child.isWanted = isWanted
    child.includesGenerated = subtree.includesGenerated || isWanted
    var objection = reason
    if let reason, place != nil, isTracked(path, despite: reason) { objection = nil }
    guard let reason = objection else {
      child.untrackedReason = nil
      if !isWanted, !context.options.includesVendored, isVendoredByName(path) {
        return skip(path, .vendored, isDirectory: true)
      }
      return descend(child, place)
    }
    // Ignored or hidden, but git may track something in it.
    guard reason != .cairnIgnored, place == nil, let repository = subtree.repository else {
      return skip(path, reason.reported, isDirectory: true)
    }
    let own = path.span.extracting(repository.topByteCount..<path.count)
    guard repository.index.tracksAnything(below: own) || repository.index.tracksRepository(own) else {
      return skip(path, reason.reported, isDirectory: true)
    }
    if !context.options.includesVendored, isVendoredByName(path) { return skip(path, .vendored, isDirectory: true) }
    child.untrackedReason = reason.reported
    descend(child, nil)
  }

  /// Puts the directory on the list of those to visit, unless no file in it could be indexed.
  private mutating func descend(_ child: Subtree, _ place: LinkedPlace?) {
    let path = context.relative(child.path)
    if path.bytes.count < CorpusWalker.pathByteLimit {
      guard let place else { return deeper.append(child) }
      return links.append(FoundLink(path: child.path, place: place, target: .directory(child)))
    }
    listing.leaveUnread(
      path, .directory,
      Failure(
        .inputOutput, "its path has \(path.bytes.count) bytes, more than can be indexed: nothing in it is", path: path))
  }

  private func isVendoredByName(_ path: [UInt8]) -> Bool {
    VendoredDirectory.isVendored(name: Array(path.dropFirst(context.prefix.count)))
  }

  private mutating func judgeFile(
    _ path: [UInt8], _ name: FilePath, _ known: FileStatus?, in directory: OpenDirectory
  ) throws(Failure) {
    let (reason, isWanted) = reasonAgainst(path, name.bytes, isDirectory: false)
    if let reason, !isTracked(path, despite: reason) { return skip(path, reason.reported, isDirectory: false) }
    var status = known
    if status == nil { status = try self.status(of: name, at: path, .file, in: directory) }
    guard let status else { return }
    // It may have been replaced since it was listed.
    guard status.kind == .file else {
      return skip(path, status.kind == .symbolicLink ? .symbolicLink : .notRegular, isDirectory: false)
    }
    if status.linkCount > 1, context.observer != nil {
      linked.append(LinkedFile(path: context.relative(path), fingerprint: Fingerprint(status)))
    }
    if let file = sourceFile(path, [name.bytes], status, isWanted: isWanted) { listing.files.append(file) }
  }

  /// The file at `path`; nil if it is left out, which is noted down.
  ///
  /// - Parameter names: its own, and that of what a link leads to.
  private mutating func sourceFile(
    _ path: [UInt8], _ names: [[UInt8]], _ status: FileStatus, isWanted: Bool
  ) -> SourceFile? {
    if status.byteCount > context.options.maximumFileByteCount {
      skip(path, .tooLarge, isDirectory: false, Fingerprint(status))
      return nil
    }
    let options = context.options
    let includesSecrets = options.includesSecrets || isWanted && options.ignoreFilesIncludeSecrets
    if !includesSecrets, names.contains(where: { SecretName.isSecret($0.span) }) {
      skip(path, .secret, isDirectory: false, Fingerprint(status))
      return nil
    }
    var file = SourceFile(path: context.relative(path), fingerprint: Fingerprint(status))
    file.includesSecrets = includesSecrets
    file.includesGenerated = options.includesGenerated || isWanted || subtree.includesGenerated
    return file
  }

  /// The status of an entry; nil if it is gone since it was listed, or is left unread. Throws where the directory lets
  /// nobody look at anything in it.
  private mutating func status(
    of name: FilePath, at path: [UInt8], _ kind: FileStatus.Kind?, in directory: OpenDirectory
  ) throws(Failure) -> FileStatus? {
    do throws(Failure) { return try directory.status(of: name) } catch {
      if error.code == .notFound { return nil }
      if error.code == .permissionDenied { throw error.at(isRoot ? context.root : relativePath) }
      let relative = context.relative(path)
      listing.leaveUnread(relative, kind, error.at(relative))
      return nil
    }
  }

  private mutating func skip(
    _ path: [UInt8], _ reason: SkipReason, isDirectory: Bool, _ fingerprint: Fingerprint? = nil
  ) {
    listing.skipped.append(
      SkippedEntry(path: context.relative(path), reason: reason, isDirectory: isDirectory, fingerprint: fingerprint))
  }

  // MARK: Rules

  /// What speaks against an entry before git's index is asked.
  private enum Objection {
    case cairnIgnored, ignored, hidden

    var reported: SkipReason { self == .hidden ? .hidden : .ignored }
  }

  /// What speaks against the entry at `path`, and whether `.cairnignore` asks for it.
  private func reasonAgainst(
    _ path: [UInt8], _ name: [UInt8], isDirectory: Bool
  ) -> (reason: Objection?, isWanted: Bool) {
    let span = path.span
    switch subtree.cairnRules?.verdict(path: span, nameStart: base.count, isDirectory: isDirectory) {
    case .ignored: return (.cairnIgnored, false)
    case .included: return (nil, true)
    case nil: break
    }
    if let reason = subtree.untrackedReason { return (reason == .hidden ? .hidden : .ignored, false) }
    if subtree.gitRules?.verdict(path: span, nameStart: base.count, isDirectory: isDirectory) == .ignored {
      return (.ignored, false)
    }
    if name.first == .dot && !context.options.includesHidden { return (.hidden, false) }
    return (nil, false)
  }

  /// Bytes of path between two anchors: far below what the system takes at once.
  private static let anchorDistance = 2_000
  private static let dotGit = Array(".git".utf8)
  private static let dotCairn = Array(".cairn".utf8)
  private static let gitIgnore: FilePath = ".gitignore"
  private static let cairnIgnore: FilePath = ".cairnignore"
  private static let decidingNames = [gitIgnore, cairnIgnore, VendoredDirectory.cacheTagName]
}

extension Failure {
  /// The same at a path that says more than the one that the call was made with.
  fileprivate func at(_ path: FilePath) -> Failure { Failure(code, message, path: path, cause: cause) }
}
