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
  /// Whether the user named the place, which may be that of another tree.
  package private(set) var isNamed = false

  package var directory: FilePath { site.path }

  /// Checks what is at the paths that come into question; writes nothing. Throws `notOurs` for a place that the
  /// user named and that is not Cairn's, `notFound` if there is no other.
  package init(_ placement: IndexPlacement) throws(Failure) {
    let choice = Choice(placement)
    let root = placement.root
    let wanted = placement.directory
    if wanted.bytes == Array("cache".utf8) {
      site = try choice.cache(&notes)
      return
    }
    if !wanted.bytes.isEmpty {
      let path = wanted.isAbsolute ? wanted : root.appending(wanted)
      switch placement.isProjects ? try choice.examineProjects(path) : try choice.examine(path, isChosen: true) {
      case .usable(let site, let readOnly):
        isNamed = !placement.isProjects
        (self.site, self.readOnly) = (site, readOnly)
        return
      case .refused(let reason):
        guard placement.isProjects else {
          throw Failure(
            .notOurs, "\(reason), so it is not used and nothing in it was touched; name a new or an empty directory",
            path: path)
        }
        notes.append(Self.refused(path, reason, "index_dir of this project's cairn.toml is not used"))
      }
    }
    let standard = root.appending(FilePath.indexDirectoryName)
    switch try choice.examine(standard) {
    case .usable(let site, let readOnly):
      (self.site, self.readOnly) = (site, readOnly)
    case .refused(let reason):
      var later: [Failure] = []
      site = try choice.cache(&later)
      notes.append(
        Self.refused(
          standard, reason,
          "the index lives in \(site.path)"
            + (choice.canRemove(standard) && choice.tagger.keyProblem == nil
              ? "; remove it to have the index there" : "")
        ))
      notes += later
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
    case refused(String)
  }

  let placement: IndexPlacement
  let tagger: IndexTagger

  var root: FilePath { placement.root }
  var wholeByteCount: Int { placement.wholeByteCount }

  init(_ placement: IndexPlacement) {
    self.placement = placement
    tagger = IndexTagger(keyDirectory: placement.stateDirectory.map { $0.appending("cairn") })
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
      return isWritable(above.isEmpty ? "." : above) ? .usable(site, readOnly: nil) : .refused("it cannot be written")
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

  /// A directory of the user's cache, named after the root so that roots do not share one.
  func cache(_ notes: inout [Failure]) throws(Failure) -> IndexSite {
    guard let base = placement.cacheDirectory else {
      throw Failure(
        .notFound, "neither HOME nor XDG_CACHE_HOME is set, so there is no cache to keep the index in",
        remedy: .set("index_dir"))
    }
    let path = base.appending("cairn").appending(ContentHash(of: root.bytes.span).description)
    switch try examine(path, isCache: true) {
    case .usable(let site, _):
      if case .stale = try site.find() {
        let reason = tagger.keyProblem ?? "it was made with another key than yours is now"
        notes.append(
          Failure(
            .notOurs, "\(reason); so the index is not believed, and made again", path: path))
      }
      return site
    case .refused(let reason):
      throw Failure(
        .notOurs, "\(reason), and there is no other place for the index", path: path, remedy: .set("index_dir"))
    }
  }
}
