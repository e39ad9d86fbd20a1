package import Disk
package import Inspection
package import Primitives

/// A file or a whole directory that the walk left out.
package struct SkippedEntry: Hashable, Sendable {
  package var path: FilePath
  package var reason: SkipReason
  /// A directory is left out whole and counts as one entry.
  package var isDirectory: Bool
  package var fingerprint: Fingerprint?
  package init(path: FilePath, reason: SkipReason, isDirectory: Bool, fingerprint: Fingerprint? = nil) {
    self.path = path
    self.reason = reason
    self.isDirectory = isDirectory
    self.fingerprint = fingerprint
  }
}

/// A file or a directory that the walk knows of and could not read: what is in it, and whether it should be left out,
/// is not known. It is neither gone nor left out, and what an index has of it stays.
package struct UnreadEntry: Hashable, Sendable {
  package var path: FilePath
  /// Nil if not even that could be determined.
  package var kind: FileStatus.Kind?
  /// Why. Its path is that of what could not be read: the entry, or a file that decides what belongs to it.
  package var failure: Failure
  package init(path: FilePath, kind: FileStatus.Kind?, failure: Failure) {
    self.path = path
    self.kind = kind
    self.failure = failure
  }
}

/// What one walk saw, all lists in the order of their paths' bytes.
package struct CorpusListing: Sendable {
  package var files: [SourceFile]
  package var skipped: [SkippedEntry]
  /// Directories that the walk came to know of and did not look into, because its time was over. Nothing is known of
  /// what is in them.
  package var unvisited: Set<FilePath> = []
  /// What could not be read. Each is among `skipped` too, as unreadable.
  package var unread: [UnreadEntry] = []
  package init(files: [SourceFile], skipped: [SkippedEntry]) {
    self.files = files
    self.skipped = skipped
  }

  /// The places that nothing is known of.
  package var unseen: UnseenPlaces { UnseenPlaces(self) }

  /// Whether a limit of time or of files, or a failure, kept something out.
  package var isCut: Bool { !unread.isEmpty || isCutByLimit }

  /// Whether there are files or directories that a limit kept out.
  var isCutByLimit: Bool { !unvisited.isEmpty || skipped.contains { $0.reason == .fileLimit } }

  /// Takes the directory of the index out of the listing.
  ///
  /// - Parameter ownDirectory: in the corpus.
  package mutating func leaveOut(_ ownDirectory: FilePath) {
    files.removeAll { $0.path.isAtOrBelow(ownDirectory) }
    skipped.removeAll { $0.path.isAtOrBelow(ownDirectory) }
    unread.removeAll { $0.path.isAtOrBelow(ownDirectory) }
  }

  /// Notes down what could not be read.
  mutating func leaveUnread(_ path: FilePath, _ kind: FileStatus.Kind?, _ failure: Failure) {
    unread.append(UnreadEntry(path: path, kind: kind, failure: failure))
    skipped.append(SkippedEntry(path: path, reason: .unreadable, isDirectory: kind == .directory))
  }
}

/// The places that a walk did not visit: a file that it does not list is not gone if it lies in one of them.
package struct UnseenPlaces: Sendable {
  private var directories: Set<FilePath>
  private var files: Set<FilePath> = []
  /// The lengths of the directories' paths, so that no path above a file is looked up in vain.
  private let byteCounts: [Int]

  init(_ listing: CorpusListing) {
    directories = listing.unvisited
    for entry in listing.unread {
      if entry.kind != .directory { files.insert(entry.path) }
      if entry.kind != .file { directories.insert(entry.path) }
    }
    byteCounts = Set(directories.map(\.bytes.count)).sorted()
  }

  /// Whether the file at `path` was not visited, or lies in a directory that was not.
  package func contains(_ path: FilePath) -> Bool {
    if files.contains(path) { return true }
    for count in byteCounts {
      if count >= path.bytes.count { return false }
      if path.bytes[count] == .slash, directories.contains(FilePath(bytes: Array(path.bytes[..<count]))) { return true }
    }
    return false
  }
}
