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
  package init(files: [SourceFile], skipped: [SkippedEntry]) {
    self.files = files
    self.skipped = skipped
  }
}
