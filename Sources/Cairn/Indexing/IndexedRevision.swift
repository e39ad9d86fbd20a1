import Corpus
import IndexStorage
import Searching

/// A commit that is indexed beside the files as they are.
///
///     for revision in workspace.revisions() { print(revision.commit, revision.byteCount) }
public struct IndexedRevision: Hashable, Sendable {
  /// Its full name.
  public var commit: String
  /// Whether its index holds all of it, for ever.
  public var isComplete: Bool
  public var fileCount: Int
  /// Bytes of its index on disk, and those of them that another index has as well, which are there once.
  public var byteCount: Int
  public var sharedByteCount: Int
  /// When it was last built or searched, in seconds since 1970; 0 where that is not known.
  public var lastUsed: Double
}

extension Workspace {
  /// The commits that are indexed, the one used last first, also where the files as they are have no index. Those used
  /// least go where there are more than 16.
  public func revisions() -> [IndexedRevision] {
    session.revisionStatuses().map {
      IndexedRevision(
        commit: $0.commit.description, isComplete: $0.isComplete, fileCount: $0.fileCount, byteCount: $0.byteCount,
        sharedByteCount: $0.sharedByteCount, lastUsed: Double($0.lastUsed) / 1e9)
    }
  }
}
