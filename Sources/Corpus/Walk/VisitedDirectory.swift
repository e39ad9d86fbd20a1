import Disk
import Inspection
import Primitives

/// Is told of each directory that a walk visits, from any thread.
protocol WalkObserver: Sendable {
  /// A directory was opened and is listed next: what happens in it from now on is missed by nobody who begins to watch
  /// it here.
  ///
  /// - Parameter path: in the corpus; empty for the root.
  func willList(_ directory: OpenDirectory, _ path: FilePath) -> DirectoryMark?
  /// It was visited.
  func visited(_ directory: VisitedDirectory)
}

/// By what a directory is known again.
struct DirectoryMark: Hashable, Sendable {
  /// As it was before it was listed.
  var status: FileStatus
  /// Nil if it is not watched.
  var watch: FileEvents.Watch?

  var identity: LinkedPlace.Identity { LinkedPlace.Identity(status) }
}

/// A file that decides about the directory that it lies in.
struct DecidingEntry: Sendable {
  var name: FilePath
  var fingerprint: Fingerprint
}

/// A file with more than one name: it may be written under another, of which nobody is told who watches this one's
/// directory.
struct LinkedFile: Hashable, Sendable {
  /// In the corpus.
  var path: FilePath
  /// When it was last looked at.
  var fingerprint: Fingerprint
}

/// What the visit of one directory has shown.
struct VisitedDirectory: Sendable {
  /// What it was visited as.
  var subtree: Subtree
  var files: [SourceFile]
  var skipped: [SkippedEntry]
  var unread: [UnreadEntry]
  /// The files with other names too, left out or not.
  var linked: [LinkedFile]
  /// The directories in it to visit next, in the order of their paths.
  var deeper: [Subtree]
  var rules: OwnRules
  /// Nil if it could not be opened.
  var mark: DirectoryMark?
  /// The files in it by whose content it was judged.
  var deciding: [DecidingEntry]
  /// Whether the visit depended on nothing else in it that can change while its entries stay.
  var isWhollyKnown: Bool

  init(_ subtree: Subtree, _ visit: DirectoryVisit, deeper: [Subtree]) {
    self.subtree = subtree
    files = visit.listing.files
    skipped = visit.listing.skipped
    unread = visit.listing.unread
    linked = visit.linked
    self.deeper = deeper.reversed()
    rules = visit.ownRules
    mark = visit.mark
    deciding = visit.deciding
    isWhollyKnown = visit.isWhollyKnown
  }
}

/// The rules that a directory brings itself, for its next visit, which makes none of them anew that have not changed.
struct OwnRules: Sendable {
  /// On what it hangs whether a repository begins here, and what it says; nil if there is no `.git`.
  var consulted: ConsultedFiles?
  /// The repository that begins here.
  var repository: GitRepository?
  /// Whether that could not be told.
  var isUndecided = false
  /// Those that hold here with its ignore files; nil if it has none.
  var gitRules: RuleScope?
  var cairnRules: RuleScope?
}

extension Subtree {
  /// Whether a visit of the same directory would say the same as one of `other`.
  func isJudged(as other: Subtree) -> Bool {
    path == other.path && repository === other.repository && gitRules?.contentHash == other.gitRules?.contentHash
      && cairnRules?.contentHash == other.cairnRules?.contentHash && untrackedReason == other.untrackedReason
      && isWanted == other.isWanted && includesGenerated == other.includesGenerated
  }

  /// Of all that its surroundings say of it but its path: equal hashes, equal visits of the same directory.
  ///
  /// - Parameter context: of its walk.
  func judgement(in context: WalkContext) -> ContentHash {
    let none = ContentHash(high: 0, low: 0)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64)
    bytes.append(hash: repository?.contentHash ?? none)
    bytes.append(hash: gitRules?.contentHash ?? none)
    bytes.append(hash: cairnRules?.contentHash ?? none)
    bytes.append(isWanted ? 1 : 0)
    bytes.append(includesGenerated ? 1 : 0)
    bytes.append(repository == nil ? 0 : 1)
    bytes.append(contentsOf: (untrackedReason?.rawValue ?? "").utf8)
    bytes.append(run: context.prefix)
    return ContentHash(of: bytes.span)
  }
}
