package import Inspection
package import Primitives

/// What has changed in a corpus between two looks at it, and what is true of the whole of it now.
package struct CorpusChanges: Sendable {
  /// Files that are new, or have another fingerprint or other flags, in the order of their paths' bytes.
  package var files: [SourceFile]
  /// Files that were listed and are not any more, sorted.
  package var gone: [FilePath]
  /// What the walk leaves out and did not before, sorted.
  package var skipped: [SkippedEntry]
  /// How much the walk leaves out of the whole tree now, by reason.
  package var leftOut: [SkipReason: Int]
  /// Files of the whole corpus now.
  package var fileCount: Int
  /// What could not be read of the whole tree now.
  package var unread: [UnreadEntry]
  /// As of `CorpusListing`.
  package var isCut: Bool

  package init(
    files: [SourceFile], gone: [FilePath], skipped: [SkippedEntry], leftOut: [SkipReason: Int], fileCount: Int,
    unread: [UnreadEntry], isCut: Bool
  ) {
    self.files = files
    self.gone = gone
    self.skipped = skipped
    self.leftOut = leftOut
    self.fileCount = fileCount
    self.unread = unread
    self.isCut = isCut
  }

  /// Whether no file is to be read or to be forgotten, and nothing is left out that was not.
  package var isEmpty: Bool { files.isEmpty && gone.isEmpty && skipped.isEmpty }
}
