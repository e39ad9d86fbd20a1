import Catalog
import Corpus
import IndexStorage
package import Primitives

/// What of a tree, as it is indexed, is not in the commit that is checked out.
package struct TreeEdits: Hashable, Sendable {
  /// Files that are new, changed or gone beside git's index, by their sizes and times.
  package var count: Int
  /// Whether git's index has something that no commit has; nil where it does not say.
  package var hasStaged: Bool?
}

extension IndexSession {
  /// Which state there is to be compared with which: while it is the same, so is `edits`. Nil where there is no index
  /// or no repository. A few system calls.
  package var editsMark: String? {
    guard let state = try? index.committed(), state.generation > 0, let git = WorkTreeEdits.Mark(around: root) else {
      return nil
    }
    return "\(state.generation) \(git)"
  }

  /// Counts what differs from git's index. Reads git's index and the whole list of files: some 100 ms for 80,000 files.
  package func edits() throws(Failure) -> TreeEdits? {
    guard var edits = WorkTreeEdits(around: root) else { return nil }
    try index.forEachFile { (file) throws(Failure) in edits.take(file.path, file.fingerprint) }
    return TreeEdits(count: edits.finish(), hasStaged: edits.hasStaged)
  }
}
