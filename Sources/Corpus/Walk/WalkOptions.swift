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
