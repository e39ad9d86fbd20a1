package import Settings

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

  public var root: Path
  /// The full name of the commit whose index it is; nil for that of the files as they are.
  public var revision: String?
  public var indexDirectory: Path
  public var generation: Int64
  /// Whether a run has seen the whole corpus, with nothing unread.
  public var isComplete: Bool
  /// What the newest run could not read; what the index had of it before is still there.
  public var unread: [UnreadPlace]
  public var fileCount: Int
  public var chunkCount: Int
  public var segmentCount: Int
  /// Tombstones: files that were changed or deleted but still take space in their segment, until a merge.
  public var retiredFileCount: Int
  /// Bytes of the index on disk.
  public var indexByteCount: Int
  /// What these bytes serve.
  public var parts: [Part]
  /// Bytes of the files that are indexed.
  public var sourceByteCount: Int
  /// The model whose vectors the index holds; `custom:` and a name for a `TextEmbedder`.
  public var modelName: String
  /// The names of segments in which a search or `verify` has met damage; the next run reads the files of bad ones
  /// again.
  public var damagedSegments: [String]
  /// When the newest run that changed something began, in seconds since 1970.
  public var lastRun: Double?
  /// False while that run is running, and for ever if it was killed.
  public var lastRunFinished: Bool
  /// What the newest run left out, by reason, as its report has it: a directory left out whole counts once.
  public var skipped: [String: Int]
  /// How many files are indexed without their syntax, cut by their lines and with no symbols: by reason
  /// (`memory-limit`, `no-memory`, `parser-size`, ...). Those for lack of memory are tried again by a run that has
  /// more.
  public var withoutSyntax: [String: Int]
  /// Those for lack of memory, with what to do.
  public var cutForMemory: [CairnError]
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
  public internal(set) var unreadNotes: [CairnError] = []
}

extension Status {
  /// What the index knows of the size of its corpus.
  package var corpus: CorpusSize { CorpusSize(fileCount: fileCount, byteCount: sourceByteCount) }
}
