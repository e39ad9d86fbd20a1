package import Indexing

/// How far an index run is.
///
///     try await workspace.index { progress in print(progress.filesDone, progress.filesTotal ?? 0) }
public struct IndexProgress: Hashable, Sendable {
  public enum Stage: String, Sendable {
    /// Finding the files.
    case walking
    /// Reading, cutting and embedding them.
    case indexing
    /// Joining small segments into larger ones.
    case merging
    /// Another process makes the first index, and the search waits for it.
    case waiting
  }
  public var stage: Stage
  public var filesDone: Int
  /// Unknown while walking.
  public var filesTotal: Int?
  public var bytesDone: Int
  public var bytesTotal: Int?
  /// While waiting: the process that is waited for; nil for one that cannot be seen.
  public internal(set) var process: Int?

  /// The first that a run tells.
  package static let beginning = IndexProgress(stage: .walking, filesDone: 0, bytesDone: 0)
}

extension IndexProgress {
  /// What tells `handler` of the progress of a run; nil for none.
  package static func handler(
    _ handler: (@Sendable (IndexProgress) -> Void)?
  ) -> (@Sendable (Indexing.IndexProgress) -> Void)? {
    guard let handler else { return nil }
    return { handler(IndexProgress($0)) }
  }

  package init(_ progress: Indexing.IndexProgress) {
    // Both have the same stages.
    stage = Stage(rawValue: progress.stage.rawValue) ?? .indexing
    (filesDone, filesTotal, process) = (progress.filesDone, progress.filesTotal, progress.process)
    (bytesDone, bytesTotal) = (progress.bytesDone, progress.bytesTotal)
  }
}
