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

/// What one walk saw, both lists in the order of their paths' bytes.
package struct CorpusListing: Sendable {
  package var files: [SourceFile]
  package var skipped: [SkippedEntry]
  /// Directories that the walk came to know of and did not look into, because its time was over. Nothing is known of what
  /// is in them.
  package var unvisited: Set<FilePath> = []
  package init(files: [SourceFile], skipped: [SkippedEntry]) {
    self.files = files
    self.skipped = skipped
  }

  /// Whether `path` lies in a directory that was not looked into.
  package func isUnvisited(_ path: FilePath) -> Bool {
    if unvisited.isEmpty { return false }
    var directory = path.parent
    while !directory.isEmpty {
      if unvisited.contains(directory) { return true }
      directory = directory.parent
    }
    return false
  }

  /// Whether a limit of time or of files kept something out.
  package var isCut: Bool { !unvisited.isEmpty || skipped.contains { $0.reason == .fileLimit } }
}
