import Catalog
import Corpus
import Disk
import IndexStorage
import Indexing
import Inspection
import ModelOpening
import Primitives
import ResultNotes
import Searching
import Segments
import Settings

extension Workspace {
  /// What the index holds; nil if there is none.
  ///
  ///     print(try workspace.status()?.chunkCount ?? 0, "chunks")
  public func status() throws(CairnError) -> Status? {
    try asCairnError { () throws(Failure) in
      try session.checkTree()
      return try session.reopening { _, notes throws(Failure) in
        do throws(Failure) {
          var status = try readStatus(index)
          status?.later = session.secondaryStatus().map { later in
            Status.Later(modelName: later.modelName, fileCount: later.fileCount, isComplete: later.isComplete)
          }
          status?.notes = notes.map { CairnError($0) }
          return status
        } catch  where error.code == .notFound { return nil }
      }
    }
  }

  /// What the index of a commit holds, which the repository need not have any more; `revisions` has a few words on
  /// each. Throws `noIndex` where the commit has none.
  ///
  ///     print(try await workspace.status(at: "v1.0").chunkCount, "chunks")
  @concurrent public func status(at revision: String) async throws(CairnError) -> Status {
    try await reading { () throws(Failure) in
      let (commit, index) = try session.revisionIndex(revision, Cancellation())
      guard var status = try readStatus(index) else {
        throw Failure(
          .noIndex, "nothing of the commit \(commit) is indexed yet", path: session.root,
          remedy: Remedy(.indexRevision, commit.description))
      }
      status.revision = commit.description
      return status
    }
  }

  /// As `Status.writer`, where nothing is committed yet too.
  package var writer: Int? { index.writer().map { $0.process ?? 0 } }

  private func readStatus(_ index: StoredIndex) throws(Failure) -> Status? {
    let held = try index.status()
    guard let identity = held.identity else { return nil }
    let leftOut = try index.leftOutCounts()
    var status = Status(
      root: root, indexDirectory: Path(index.path), generation: held.generation, isComplete: held.isComplete,
      unread: held.unread.map { UnreadPlace($0) }, fileCount: held.fileCount, chunkCount: held.chunkCount,
      segmentCount: held.segmentCount, retiredFileCount: held.retiredFileCount, indexByteCount: held.byteCount,
      parts: held.namedParts.map { Status.Part(name: $0.name, byteCount: $0.byteCount) },
      sourceByteCount: try index.sourceByteCount(), modelName: identity.modelName,
      damagedSegments: held.damagedSegments.map { SegmentRecord.fileName($0).description },
      lastRun: held.lastRun.map { Double($0.started) / 1e9 },
      lastRunFinished: held.lastRun?.finished != nil, skipped: leftOut,
      withoutSyntax: held.syntaxGaps.reduce(into: [:]) { $0[$1.reason.rawValue, default: 0] += 1 },
      cutForMemory: held.syntaxGaps.filter(\.reason.isOfMemory).map {
        CairnError(.withoutSyntax, $0.message, path: Path($0.path), remedy: .index)
      },
      isOutdated: try session.isOutdated(identity))
    if case .watching(let record)? = try? index.site.open().watch() { status.watcher = Watcher(record) }
    status.writer = index.writer().map { $0.process ?? 0 }
    status.unreadNotes = UnreadRecord.notes(held.unread).map { CairnError($0) }
    if !held.isComplete { status.limits = configuration.values.limitReasons(leftOut: leftOut, unvisitedCount: nil) }
    return status
  }
}
