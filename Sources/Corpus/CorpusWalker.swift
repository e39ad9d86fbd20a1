package import Primitives

/// What the walk should take.
package struct WalkOptions: Hashable, Sendable {
  /// Larger files are skipped.
  package var maximumFileByteCount = 5_000_000
  /// Hidden files (a component begins with a dot) are skipped unless git tracks them or this is set.
  package var includesHidden = false
  /// Directories of other people's code (`node_modules` and its kin) are skipped unless this is set.
  package var includesVendored = false
  /// Whether git's ignore rules hold; `.cairnignore` always does.
  package var obeysGitIgnore = true
  /// Threads; 0 is one for each core.
  package var threadCount = 0
  package init() {}
}

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

/// Walks the directory tree under a root.
package struct CorpusWalker: Sendable {
  package init(root: FilePath, options: WalkOptions = WalkOptions()) {}

  /// Lists the corpus. `progress` is called now and then, from any thread, with the number of files seen so far.
  /// Throws only when the root itself cannot be listed; an unreadable directory inside is a skipped entry.
  package func list(progress: (@Sendable (Int) -> Void)? = nil) throws(Failure) -> CorpusListing {
    CorpusListing(files: [], skipped: [])
  }
}

/// What a file's content tells that its name does not. Pure.
package struct ContentInspector: Sendable {
  package init() {}
  /// Why the file should not be indexed (empty, binary, minified, generated), or nothing.
  package func reasonToSkip(_ content: Span<UInt8>, path: FilePath) -> SkipReason? { nil }
  /// The language by name, extension, first line (`#!`, modelines) and, where an extension has several, by content.
  package func language(of content: Span<UInt8>, path: FilePath) -> Language { .plainText }
}
