import Catalog
import Corpus
import Disk
import IndexStorage
import Indexing
import Primitives
import ResultNotes
import Searching

/// What an index holds.
///
///     if let status = try workspace.status() { print(status.fileCount, "files") } else { print("no index yet") }
public struct Status: Hashable, Sendable {
  /// A part of the index.
  public struct Part: Hashable, Sendable {
    /// `vectors`, `sketches`, `postings`, `dictionary`, `stored`, `patterns`, `catalog`, `other`.
    public var name: String
    public var byteCount: Int
  }

  /// With `local_first`, the index of the chosen model beside the built-in one's.
  public struct Later: Hashable, Sendable {
    public var modelName: String
    public var fileCount: Int
    /// Whether a run has seen the whole corpus.
    public var isComplete: Bool
  }

  let held: IndexStatus

  public var root: Path
  /// The full name of the commit whose index it is; nil for that of the files as they are.
  public var revision: String?
  public var indexDirectory: Path
  public var generation: Int64 { held.generation }
  /// Whether a run has seen the whole corpus, with nothing unread.
  public var isComplete: Bool { held.isComplete }
  /// What the newest run could not read; what the index had of it before is still there.
  public var unread: [UnreadPlace] { held.unread.map(UnreadPlace.init) }
  public var fileCount: Int { held.fileCount }
  public var chunkCount: Int { held.chunkCount }
  public var segmentCount: Int { held.segmentCount }
  /// Tombstones: files that were changed or deleted but still take space in their segment, until a merge.
  public var retiredFileCount: Int { held.retiredFileCount }
  /// Bytes of the index on disk.
  public var indexByteCount: Int { held.byteCount }
  /// What these bytes serve.
  public var parts: [Part] { held.namedParts.map { Part(name: $0.name, byteCount: $0.byteCount) } }
  /// Bytes of the files that are indexed.
  public var sourceByteCount: Int
  /// The model whose vectors the index holds; `custom:` and a name for a `TextEmbedder`.
  public var modelName: String
  /// The names of segments in which a search or `verify` has met damage; the next run reads the files of bad ones
  /// again.
  public var damagedSegments: [String] { held.damagedSegments.map { SegmentRecord.fileName($0).description } }
  /// When the newest run that changed something began, in seconds since 1970.
  public var lastRun: Double? { held.lastRun.map { Double($0.started) / 1e9 } }
  /// False while that run is running, and for ever if it was killed.
  public var lastRunFinished: Bool { held.lastRun?.finished != nil }
  /// What the newest run left out, by reason, as its report has it: a directory left out whole counts once.
  public var skipped: [String: Int]
  /// How many files are indexed without their syntax, cut by their lines and with no symbols: by reason
  /// (`memory-limit`, `no-memory`, `parser-size`, ...). Those for lack of memory are tried again by a run that has
  /// more.
  public var withoutSyntax: [String: Int] {
    held.syntaxGaps.reduce(into: [:]) { $0[$1.reason.rawValue, default: 0] += 1 }
  }
  /// Those for lack of memory, with what to do.
  public var cutForMemory: [CairnError] {
    held.syntaxGaps.filter(\.reason.isOfMemory).map {
      CairnError(.withoutSyntax, $0.message, path: Path($0.path), remedy: CairnError.Remedy(.index))
    }
  }
  /// Whether the index must be rebuilt because the model or the program changed; the next run does it.
  public var isOutdated: Bool
  /// Nil without `local_first`.
  public var later: Later?
  /// Who keeps the index fresh; nil where nobody does, or a watcher has just started.
  public var watcher: Watcher?
  /// The process that writes to the index now, 0 for one that cannot be seen from here; nil where nobody does.
  public var writer: Int?
  /// What the user should know besides: the catalog was opened again, ...
  public var notes: [CairnError] = []
  /// Why the index is not complete although its last run came to its end: which setting limits the walk, where it was
  /// set and what to do. Empty for a complete index, and where another run would complete it.
  public var limits: [String] = []
  /// What to say of `unread`: a line for each of the first three, and how many more there are.
  public var unreadNotes: [CairnError] { UnreadRecord.notes(held.unread).map(CairnError.init) }
}

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

  private func readStatus(_ index: StoredIndex) throws(Failure) -> Status? {
    let held = try index.status()
    guard let identity = held.identity else { return nil }
    var status = Status(
      held: held, root: root, indexDirectory: Path(index.path), sourceByteCount: try index.sourceByteCount(),
      modelName: identity.modelName, skipped: try index.leftOutCounts(), isOutdated: try session.isOutdated(identity))
    if case .watching(let record)? = try? index.site.open().watch() { status.watcher = Watcher(record) }
    status.writer = index.writer().map { $0.process ?? 0 }
    if !held.isComplete {
      status.limits = configuration.values.limitReasons(leftOut: status.skipped, unvisitedCount: nil)
    }
    return status
  }
}
