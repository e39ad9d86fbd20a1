import Catalog

/// A file or directory that could not be read. What the index had of it stays, and the index is not complete.
///
///     for place in report.unread { print(place.reason) }
public struct UnreadPlace: Hashable, Sendable {
  /// Relative to the root of the workspace.
  public var path: Path
  /// The whole of a directory, rather than one file.
  public var isDirectory: Bool
  /// Why. Its path is that of what could not be read: the place itself, or a file that decides what belongs to it, such
  /// as a `.gitignore`.
  public var reason: CairnError

  init(_ record: UnreadRecord) {
    path = Path(record.path)
    isDirectory = record.isDirectory
    reason = CairnError(record.failure)
  }
}
