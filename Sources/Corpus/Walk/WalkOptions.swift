/// What the walk should take.
package struct WalkOptions: Hashable, Sendable {
  /// Larger files are skipped.
  package var maximumFileByteCount = 5_000_000
  /// Hidden files (a component begins with a dot) are skipped unless git tracks them or this is set.
  package var includesHidden = false
  /// Directories of other people's code (`node_modules` and its kin) are skipped unless this is set.
  package var includesVendored = false
  /// Bulk that a program made (minified code, generated files of more than half a megabyte) is skipped unless this is set, or a
  /// `.cairnignore` takes the file or a directory around it back in with `!`.
  package var includesGenerated = false
  /// Files that hold keys or tokens are skipped unless this is set.
  package var includesSecrets = false
  /// Whether a `.cairnignore` may take such a file back in with `!`. It may come with somebody else's repository, so this is not
  /// for a run that sends what it reads to another machine.
  package var ignoreFilesIncludeSecrets = true
  /// Whether git's ignore rules hold; `.cairnignore` always does.
  package var obeysGitIgnore = true
  /// Symbolic links that lead out of the tree are followed (`LinkedPlace`), and what they lead to goes by the link's path.
  package var followsLinks = false
  /// Files beyond so many, in the order of their paths, are skipped with the reason `fileLimit`; 0 is no limit.
  package var fileLimit = 0
  /// After so long no further directory is looked into; `CorpusListing.unvisited` has those that were not. Nothing is no limit.
  package var timeLimit: Duration?
  /// Threads; 0 is one for each core.
  package var threadCount = 0
  package init() {}
}
