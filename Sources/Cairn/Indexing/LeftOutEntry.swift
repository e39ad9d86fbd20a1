import Corpus
import Inspection
import Primitives
import ResultNotes
import Searching

/// A file, or a whole directory, that is in the tree and not in the index.
///
///     try workspace.leftOut { entry in print(entry.path, entry.reason) }
public struct LeftOutEntry: Hashable, Sendable {
  /// Relative to the root.
  public var path: Path
  /// A directory is left out whole, and told once.
  public var isDirectory: Bool
  /// The word that reports count it by: `ignored`, `generated`, ...
  public var reason: String
  /// How to bring it in; nil for what is never indexed.
  public var remedy: String?

  init(_ entry: SkippedEntry) {
    (path, isDirectory) = (Path(entry.path), entry.isDirectory)
    (reason, remedy) = (entry.reason.rawValue, entry.remedy)
  }
}

extension Workspace {
  /// Calls `body` with each file and each directory that is left out, in the order of their paths' bytes; with `path`
  /// (relative to the root) only with what lies there, is it, or is a directory left out whole around it. Gives how
  /// many there were by reason: over the whole root the counts of an `IndexReport`.
  ///
  /// Walks the tree as it is now. What is left out for its content is known of an index only. Blocks; takes the time
  /// and the memory of a walk, and memory for no more than that however many entries there are.
  @discardableResult
  public func leftOut(
    in path: Path? = nil, _ body: (LeftOutEntry) -> Void
  ) throws(CairnError) -> [String: Int] {
    try asCairnError { () throws(Failure) in
      try session.leftOutEntries(in: path?.filePath) { body(LeftOutEntry($0)) }
    }
  }

  /// What is true of `path` (relative to the root) where `leftOut(in:)` has nothing there: that it is indexed, not in
  /// the index yet, or not in the tree. Reads the whole list of files.
  public func nothingLeftOut(at path: Path) throws(CairnError) -> CairnError {
    CairnError(try asCairnError { () throws(Failure) in try session.nothingLeftOut(at: path.filePath) })
  }
}
