import Databases
import Disk
import Primitives

extension DatabaseWording {
  static let embeddingCache = DatabaseWording(name: "the cache of embeddings", remedy: "it is begun anew")
}

extension EmbeddingCache {
  /// The database at `path`, made when missing.
  static func open(_ path: FilePath, pageLimit: Int?) throws(Failure) -> SQLiteConnection {
    try makeDirectory(path.parent)
    // Two processes that make the file at once would be in each other's way.
    let lock = try FileLock(lockPath(path), waits: true)
    defer { withExtendedLifetime(lock) {} }
    let connection = try SQLiteConnection(path, access: .readWrite, wording: .embeddingCache)
    try connection.execute("PRAGMA trusted_schema = OFF")
    let application = try connection.number("PRAGMA application_id") ?? 0
    let version = try connection.number("PRAGMA user_version") ?? 0
    var isNew = application == 0 && version == 0
    if isNew { isNew = try connection.number("SELECT count(*) FROM sqlite_schema") == 0 }
    if !isNew {
      guard application == EmbeddingCacheSchema.applicationID else {
        throw DatabaseWording.embeddingCache.damaged(path, cause: "it is a database of another program")
      }
      guard version == EmbeddingCacheSchema.version else {
        throw Failure(
          .unsupportedVersion, "another version of Cairn made this cache of embeddings; this run goes without it",
          path: path, cause: "version \(version), this program knows \(EmbeddingCacheSchema.version)")
      }
    }
    // Pages that an eviction empties can be given back only if this is said before the first table.
    if isNew { try connection.execute("PRAGMA auto_vacuum = INCREMENTAL") }
    try connection.execute("PRAGMA journal_mode = WAL")
    // A power failure may cost the newest vectors, never the file.
    try connection.execute("PRAGMA synchronous = NORMAL")
    try connection.execute("PRAGMA journal_size_limit = 4194304")
    if let pageLimit { try connection.execute("PRAGMA max_page_count = \(pageLimit)") }
    if isNew {
      try connection.transaction(writes: true) { () throws(Failure) in
        try connection.execute("PRAGMA application_id = \(EmbeddingCacheSchema.applicationID)")
        try connection.execute("PRAGMA user_version = \(EmbeddingCacheSchema.version)")
        try connection.execute(EmbeddingCacheSchema.tables)
      }
    }
    return connection
  }

  /// Puts a damaged file aside under the name `embeddings.sqlite.damaged`, for a person who wonders; an older one goes.
  /// `inode` is that of the file that was found damaged: where another process has begun a new one already, that one stays.
  static func setAside(_ path: FilePath, inode: UInt64?) throws(Failure) {
    let lock = try FileLock(lockPath(path), waits: true)
    defer { withExtendedLifetime(lock) {} }
    guard let found = try? FileStatus(of: path).inode, inode == nil || found == inode else { return }
    // The log goes first: a log without its database would be applied to the next database of that name.
    for suffix in ["-wal", "-shm"] { try removeFile(FilePath(bytes: path.bytes + Array(suffix.utf8))) }
    try renameFile(path, to: FilePath(bytes: path.bytes + Array(".damaged".utf8)))
  }

  private static func lockPath(_ path: FilePath) -> FilePath { FilePath(bytes: path.bytes + Array(".lock".utf8)) }
}
