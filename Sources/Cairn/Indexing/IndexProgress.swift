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

  package init(stage: Stage, filesDone: Int, filesTotal: Int?, bytesDone: Int, bytesTotal: Int?) {
    self.stage = stage
    self.filesDone = filesDone
    self.filesTotal = filesTotal
    self.bytesDone = bytesDone
    self.bytesTotal = bytesTotal
  }
}

extension IndexProgress {
  /// What tells `handler` of the progress of a run; nil for none.
  package static func handler(
    _ handler: (@Sendable (IndexProgress) -> Void)?
  ) -> (@Sendable (Indexing.IndexProgress) -> Void)? {
    guard let handler else { return nil }
    return { handler(IndexProgress($0)) }
  }

  init(_ progress: Indexing.IndexProgress) {
    // Both have the same stages.
    self.init(
      stage: Stage(rawValue: progress.stage.rawValue) ?? .indexing, filesDone: progress.filesDone,
      filesTotal: progress.filesTotal, bytesDone: progress.bytesDone, bytesTotal: progress.bytesTotal)
    process = progress.process
  }
}
