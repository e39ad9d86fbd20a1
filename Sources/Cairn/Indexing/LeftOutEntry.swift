import Corpus
import Inspection
import Primitives
import ResultNotes

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
    path = Path(entry.path)
    isDirectory = entry.isDirectory
    reason = entry.reason.rawValue
    remedy = entry.remedy
  }
}
