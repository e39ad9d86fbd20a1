import Primitives
import Settings

extension Workspace {
  /// Adds the patterns that are not there to `.cairnignore` at the root, which is made where there is none. Gives its
  /// path.
  ///
  ///     try workspace.addIgnorePatterns(["**/generated/**"])
  public func addIgnorePatterns(_ patterns: [String]) throws(CairnError) -> Path {
    Path(try asCairnError { () throws(Failure) in try Settings.addIgnorePatterns(patterns, at: root.filePath) })
  }
}
