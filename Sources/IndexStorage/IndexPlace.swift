import Corpus
package import Disk
package import Primitives

/// What decides where the index of a root lives.
package struct IndexPlacement: Sendable {
  /// The tree, absolute, with no link in it.
  package var root: FilePath
  /// The directory that somebody named, absolute or relative to the root; empty for `.cairn` at the root, `cache` for
  /// the user's cache directory.
  package var directory: FilePath = ""
  /// Whether the project's own file named it, which may be somebody else's.
  package var isProjects = false
  /// Directories whose index the user wants read although it belongs to somebody else: those that hold an index, or
  /// roots.
  package var trusted: [FilePath] = []
  /// Where the user's programs keep their state; nil if the environment does not say it.
  package var stateDirectory: FilePath?
  /// Where the user's programs keep what can be made again; nil if the environment does not say it.
  package var cacheDirectory: FilePath?
  /// Segments of no more bytes are read whole instead of mapped.
  package var wholeByteCount = 0
  /// The user's file of settings, as a message names it.
  package var userFile = ""

  package init(root: FilePath) { self.root = root }
}

/// Where the index of a root lives: a directory that is Cairn's own, or can become so.
package struct IndexPlace: Sendable {
  package private(set) var site: IndexSite
  /// What to say if the place is another than was asked for.
  package private(set) var notes: [Failure] = []
  /// Why the index is only read; nil if it may be written.
  package private(set) var readOnly: Failure?
  /// The usual place in the tree, where something is in it that is not used.
  package private(set) var refused: IndexSite?
  /// The other place where Cairn may have put an index of the tree, on an earlier day; nil where the user named one.
  package private(set) var unused: IndexSite?
  /// Whether the user named the place, which may be that of another tree.
  package private(set) var isNamed = false

  package var directory: FilePath { site.path }

  /// Throws `permissionDenied` where the index may only be read.
  package func checkWritable() throws(Failure) {
    guard let readOnly else { return }
    throw Failure(.permissionDenied, readOnly.message, path: readOnly.path, remedy: .set("index_dir"))
  }

  /// The same before it is removed.
  package func checkRemovable() throws(Failure) {
    guard let readOnly else { return }
    throw Failure(.permissionDenied, "it may only be read, so that it was not removed", path: readOnly.path)
  }

  /// Checks what is at the paths that come into question; writes nothing. Throws `notOurs` for a place that the
  /// user named and that is not Cairn's, `notFound` if there is no other.
  package init(_ placement: IndexPlacement) throws(Failure) {
    let choice = Choice(placement)
    let root = placement.root
    let wanted = placement.directory
    let standard = root.appending(FilePath.indexDirectoryName)
    if wanted.bytes == Array("cache".utf8) {
      site = try choice.cache(&notes)
      unused = choice.site(standard)
      return
    }
    if !wanted.bytes.isEmpty {
      let path = wanted.isAbsolute ? wanted : root.appending(wanted)
      if !placement.isProjects { try choice.checkApart(path) }
      switch placement.isProjects ? try choice.examineProjects(path) : try choice.examine(path, isChosen: true) {
      case .usable(let site, let readOnly):
        isNamed = !placement.isProjects
        (self.site, self.readOnly) = (site, readOnly)
        return
      case .refused(let reason, _):
        guard placement.isProjects else {
          throw Failure(
            .notOurs, "\(reason), so it is not used and nothing in it was touched; name a new or an empty directory",
            path: path)
        }
        notes.append(Self.refused(path, reason, "index_dir of this project's cairn.toml is not used"))
      }
    }
    switch try choice.examineAtRest(standard) {
    case .usable(let site, let readOnly):
      (self.site, self.readOnly) = (site, readOnly)
      unused = choice.cachePath.map { choice.site($0, isCache: true) }
    case .refused(let reason, _):
      var later: [Failure] = []
      site = try choice.cache(&later)
      let refused = choice.site(standard)
      notes.append(Self.note(on: refused, reason, choice, instead: site))
      self.refused = refused
      notes += later
    }
  }

  /// What to say of the usual place where something else is in it: why it is not used, where the index is, and what
  /// brings it back.
  private static func note(on refused: IndexSite, _ reason: String, _ choice: Choice, instead: IndexSite) -> Failure {
    let path = refused.path
    let result = "the index lives in \(instead.path)"
    if choice.tagger.keyProblem != nil || !choice.canRemove(path) { return Self.refused(path, reason, result) }
    switch refused.remains() {
    case .open?:
      return Failure(
        .notOurs,
        "its mode lets others in, so the index in it is not used, and \(result) until this directory is closed again "
          + "(`chmod 700 \(path)`)", path: path, remedy: Remedy(.repair))
    case .leftover?:
      let why = reason == IndexSite.open ? "others could have written in it" : reason
      return Failure(
        .notOurs, "\(why), so it is not used, and \(result) until this directory is removed", path: path,
        remedy: Remedy(.repair))
    case .mixed?, nil:
      return Self.refused(path, reason, result + "; remove \(path) to have the index there")
    }
  }

  /// The same place for who works for long on the tree that `root` holds (`IndexSite.held`).
  package func held(in root: HeldRoot) -> IndexPlace {
    var place = self
    place.site = site.held(in: root)
    return place
  }

  private static func refused(_ path: FilePath, _ reason: String, _ result: String) -> Failure {
    Failure(.notOurs, "\(reason), so \(result)", path: path)
  }
}

/// What makes one place better than another.
private struct Choice {
  enum Answer {
    case usable(IndexSite, readOnly: Failure?)
    /// In words, why not, and what to do where the user can do something.
    case refused(String, isOfNothing: Bool = false)
  }

  let placement: IndexPlacement
  let tagger: IndexTagger

  var root: FilePath { placement.root }
  var wholeByteCount: Int { placement.wholeByteCount }

  init(_ placement: IndexPlacement) {
    self.placement = placement
    tagger = IndexTagger(keyDirectory: placement.stateDirectory.map { $0.appending("cairn") })
  }

  /// Throws where an index in `path` would lie among the files of the tree, or around the tree: nobody could tell its
  /// files from others there.
  func checkApart(_ path: FilePath) throws(Failure) {
    let place = (try? resolvedPrefix(of: path)) ?? path
    guard place == root || root.relative(to: place) != nil else { return }
    throw Failure(
      .notOurs,
      place == root
        ? "this is the tree itself, among whose files an index would lie; name a directory for the index alone"
        : "the tree lies in this directory, and an index would lie around it; name a directory for the index alone",
      path: path)
  }

  func site(_ path: FilePath, isCache: Bool = false) -> IndexSite {
    IndexSite(path, trust: .tag(tagger), renewsStale: isCache, readsWholeUpTo: wholeByteCount)
  }

  /// The place that a project's file names. Each directory on the way is opened in the one above, from the root on, and
  /// no link is followed: who writes in the tree meanwhile cannot lead the index out of it.
  func examineProjects(_ path: FilePath) throws(Failure) -> Answer {
    let names = (path.relative(to: root)?.bytes ?? []).split(separator: UInt8(ascii: "/"))
      .map { FilePath(bytes: Array($0)) }.filter { $0 != "." }
    guard !names.isEmpty, !names.contains("..") else { return .refused("it is not inside the project") }
    // A project must not have the index put where git keeps its own.
    if names.contains(".git") { return .refused("it is git's own") }
    let answer = try examine(root, below: names, isChosen: true)
    // Nor may it have the index of another one, which lies in it, replaced by its own.
    if case .usable(let site, _) = answer, let other = try? site.open().otherRoot(than: root) {
      return .refused("it is the index of \(other)")
    }
    return answer
  }

  /// - Parameters:
  ///   - below: names of directories from `top` to the place, none of which may be a link.
  ///   - isChosen: somebody named the directory, which may have been there before and be used for something else.
  ///   - isCache: nobody but Cairn keeps anything there.
  func examine(
    _ top: FilePath, below: [FilePath] = [], isChosen: Bool = false, isCache: Bool = false
  ) throws(Failure) -> Answer {
    let isInTree = top == root || top.relative(to: root) != nil
    let site = IndexSite(
      top, below: below, trust: .tag(tagger), renewsStale: isCache, in: isInTree ? root : nil,
      readsWholeUpTo: wholeByteCount)
    let path = site.path
    let finding: IndexSite.Finding
    do throws(Failure) { finding = try site.find() } catch  where error.code == .permissionDenied {
      return .refused("it may not be read")
    }
    switch finding {
    case .nothing:
      var above = path.parent
      while !above.isEmpty, above.parent != above, !fileExists(above) { above = above.parent }
      return isWritable(above.isEmpty ? "." : above)
        ? .usable(site, readOnly: nil) : .refused("it cannot be written", isOfNothing: true)
    case .vacant where isChosen && isOpenToOthers(path):
      return .refused("others may look into it (`chmod 700` it first)")
    case .vacant, .stale: return isWritable(path) ? .usable(site, readOnly: nil) : .refused("it cannot be written")
    case .ours:
      return .usable(site, readOnly: isWritable(path) ? nil : readOnly(path, "it cannot be written"))
    case .anotherUsers:
      if placement.trusted.contains(path) || placement.trusted.contains(root) {
        return .usable(
          IndexSite(top, below: below, trust: .user, readsWholeUpTo: wholeByteCount),
          readOnly: readOnly(path, "it belongs to another user"))
      }
      return .refused(
        "it belongs to another user (to read it nevertheless, write trusted_directories = \"\(root)\" "
          + "into \(placement.userFile))")
    case .notOurs(let reason): return .refused(reason)
    }
  }

  /// The same of the usual place, once nobody is taking away an index there: who removes it beside a watcher, as `git
  /// clean` does, leaves for a moment what is none and is one again soon after.
  func examineAtRest(_ path: FilePath) throws(Failure) -> Answer {
    let deadline = ContinuousClock.now + Self.longestRemoval
    while true {
      do throws(Failure) {
        let answer = try examine(path)
        guard case .refused(_, isOfNothing: false) = answer, isBeingRemoved(path), ContinuousClock.now < deadline
        else { return answer }
      } catch  where error.code == .notFound && ContinuousClock.now < deadline {
        // It went while it was looked at.
      }
      pause(milliseconds: 20)
    }
  }

  /// Whether what is there are files that Cairn makes, without a tag, and it was changed just now; or it has become
  /// something else since it was refused.
  private func isBeingRemoved(_ path: FilePath) -> Bool {
    guard let status = try? FileStatus(of: path, followsLinks: false) else { return true }
    let age = wallClockNanoseconds() - max(status.modified, status.changed)
    guard status.kind == .directory, (0..<Self.restNanoseconds).contains(age) else { return false }
    let site = site(path)
    switch site.remains() {
    case .leftover?: return true
    case .open?: return false
    // An index again, or gone, or something in it went while that was looked at.
    case .mixed?, nil:
      switch try? site.find() {
      case .ours?, .nothing?, nil: return true
      case .vacant?: return isWritable(path)
      case .anotherUsers?, .notOurs?, .stale?: return age < Self.shortRestNanoseconds
      }
    }
  }

  /// For longer than a watcher waits before it makes its index again (half a second), and than that takes on a busy
  /// machine.
  private static let restNanoseconds: Int64 = 3_000_000_000
  /// As long as a look at a directory takes on a busy machine.
  private static let shortRestNanoseconds: Int64 = 100_000_000
  private static let longestRemoval = Duration.seconds(6)

  private func isOpenToOthers(_ path: FilePath) -> Bool {
    ((try? FileStatus(of: path))?.permissions ?? 0) & 0o077 != 0
  }

  /// Whether the user could put an index where something else is.
  func canRemove(_ path: FilePath) -> Bool {
    guard let status = try? FileStatus(of: path, followsLinks: false) else { return false }
    return status.owner == effectiveUser && isWritable(path.parent)
  }

  private func readOnly(_ path: FilePath, _ reason: String) -> Failure {
    Failure(
      .permissionDenied,
      "\(reason), so the index was not brought up to date", path: path, remedy: .set("index_dir"))
  }

  var cachePath: FilePath? {
    placement.cacheDirectory?.appending("cairn").appending(ContentHash(of: root.bytes.span).description)
  }

  /// A directory of the user's cache, named after the root so that roots do not share one.
  func cache(_ notes: inout [Failure]) throws(Failure) -> IndexSite {
    guard let path = cachePath else {
      throw Failure(
        .notFound, "neither HOME nor XDG_CACHE_HOME is set, so there is no cache to keep the index in",
        remedy: .set("index_dir"))
    }
    switch try examine(path, isCache: true) {
    case .usable(let site, _):
      if case .stale = try site.find() {
        let reason = tagger.keyProblem ?? "it was made with another key than yours is now"
        notes.append(
          Failure(
            .notOurs, "\(reason); so the index is not believed, and made again", path: path))
      }
      return site
    case .refused(let reason, _):
      throw Failure(
        .notOurs, "\(reason), and there is no other place for the index", path: path, remedy: .set("index_dir"))
    }
  }
}
