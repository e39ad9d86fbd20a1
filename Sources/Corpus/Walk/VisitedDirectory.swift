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
  var identity: LinkedPlace.Identity
  /// Nil if it is not watched.
  var watch: FileEvents.Watch?
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

  init(_ subtree: Subtree, _ visit: DirectoryVisit, deeper: [Subtree]) {
    self.subtree = subtree
    files = visit.listing.files
    skipped = visit.listing.skipped
    unread = visit.listing.unread
    linked = visit.linked
    self.deeper = deeper.reversed()
    rules = visit.ownRules
    mark = visit.mark
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
}
