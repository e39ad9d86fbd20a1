import Catalog
package import Corpus
import Disk
package import Primitives

// The indexes of commits lie beside that of the tree, each a whole index in a directory of its own that is named after
// the commit. They share segments under several names (`IndexDirectory.take`), so that none needs another.

/// The index of a commit.
package struct RevisionIndex: Sendable {
  package let commit: GitObjectID
  package let site: IndexSite
  /// When it was last searched or built, in nanoseconds since 1970; 0 where that is not known.
  package let lastUsed: Int64
}

/// What there is to say of the index of a commit without searching it.
package struct RevisionIndexStatus: Hashable, Sendable {
  package var commit: GitObjectID
  /// Whether a run has come to its end, so that it is up to date for ever.
  package var isComplete: Bool
  package var fileCount: Int
  /// Of all its files on disk.
  package var byteCount: Int
  /// Of these, those of segments that another index has as well.
  package var sharedByteCount: Int
  /// In nanoseconds since 1970; 0 where that is not known.
  package var lastUsed: Int64
}

extension IndexSite {
  /// Where the index of a commit is, or is to be, inside the directory of this index of a tree.
  package func revision(_ commit: GitObjectID) -> IndexSite {
    inner([IndexDirectory.revisionsName, FilePath(bytes: commit.hex)])
  }

  /// The indexes of commits inside the directory of this index, the one used last first. Only those that are Cairn's.
  /// Empty where there is no index at all.
  package func revisions() -> [RevisionIndex] {
    let found = revisionNames.compactMap { commit -> RevisionIndex? in
      let site = revision(commit)
      guard case .ours? = try? site.find(), let directory = try? site.open() else { return nil }
      return RevisionIndex(commit: commit, site: site, lastUsed: directory.lastUse ?? 0)
    }
    return found.sorted { ($1.lastUsed, $0.commit) < ($0.lastUsed, $1.commit) }
  }

  /// The commits of which there is something in the place of their index that is not used as one: it has lost its tag,
  /// or is not Cairn's. Ascending.
  package func refusedRevisions() -> [GitObjectID] {
    revisionNames.filter { commit in
      switch try? revision(commit).find() {
      case .nothing, .vacant, .ours: false
      case .stale, .anotherUsers, .notOurs, nil: true
      }
    }.sorted()
  }

  private var revisionNames: [GitObjectID] {
    let entries = try? open().held.directory(IndexDirectory.revisionsName).entries()
    return (entries ?? []).compactMap { GitObjectID(hex: $0.name.bytes) }
  }
}

extension IndexDirectory {
  /// Empty; its time of change is when the index was last used.
  static let usedName: FilePath = "used"
  /// A search that comes sooner after another is not noted.
  fileprivate static let useInterval: Int64 = 60_000_000_000
  /// What decided which files of a commit its index has: the hexadecimal digits of a hash.
  static let subjectName: FilePath = "subject"

  /// When the index of a commit was last used, in nanoseconds since 1970.
  fileprivate var lastUse: Int64? { (try? held.status(of: Self.usedName))?.modified }

  /// Whether the index of a commit was made by what `subject` is of; false where nobody knows.
  package func isMade(by subject: ContentHash) -> Bool {
    content(of: Self.subjectName, limit: 64) == Array(subject.description.utf8)
  }

  /// Notes by what the index of a commit was made.
  package func note(subject: ContentHash) throws(Failure) {
    if !isMade(by: subject) { try write(Array(subject.description.utf8), to: Self.subjectName) }
  }

  /// Notes that the index of a commit is used now. One that may only be read keeps its time.
  package func noteUse() {
    if let last = lastUse {
      if wallClockNanoseconds() - last >= Self.useInterval { try? held.touch(Self.usedName) }
    } else {
      try? write([], to: Self.usedName)
    }
  }
}

extension RevisionIndex {
  /// Reads the catalog, and the status of each file. Nil where it cannot be read.
  package func status() -> RevisionIndexStatus? {
    guard let directory = try? site.open(), let entries = try? directory.entries() else { return nil }
    var status = RevisionIndexStatus(
      commit: commit, isComplete: false, fileCount: 0, byteCount: 0, sharedByteCount: 0, lastUsed: lastUsed)
    for entry in entries where entry.role == .file || entry.role == .segmentFile {
      status.byteCount += entry.status.byteCount
      if entry.role == .segmentFile, entry.status.linkCount > 1 { status.sharedByteCount += entry.status.byteCount }
    }
    if let state = try? directory.catalog(.reading).snapshot() {
      status.isComplete = state.isComplete
      status.fileCount = state.segments.reduce(0) { $0 + $1.fileCount - $1.tombstones.count }
    }
    return status
  }
}

extension StoredIndex {
  /// Removes the indexes of commits that are used least, until there are no more than `limit`; one that a process
  /// writes stays, and one that was used within the last minute, which a search may be about to open. Gives those that
  /// were removed.
  ///
  /// - Parameter kept: the one that stays in any case.
  package func removeRevisions(beyond limit: Int, keeping kept: GitObjectID) -> [GitObjectID] {
    var removed: [GitObjectID] = []
    let others = site.revisions().filter { $0.commit != kept }
    let used = wallClockNanoseconds() - IndexDirectory.useInterval
    for revision in others.dropFirst(max(0, limit - 1)) where revision.lastUsed < used {
      if (try? StoredIndex(revision.site).remove())?.left.isEmpty == true { removed.append(revision.commit) }
    }
    return removed
  }
}
