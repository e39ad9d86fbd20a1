import Disk
import Primitives
import SQLite

extension DatabaseWording {
  static let embeddingCache = DatabaseWording(name: "the cache of embeddings", consequence: "it is created anew")
}

extension EmbeddingCache {
  /// The database at `path`, made when missing.
  static func open(_ path: FilePath, pageLimit: Int?) throws(Failure) -> SQLiteConnection {
    let file = try held(path)
    // Two processes that make the file at once would be in each other's way.
    let lock = try FileLock(lockFile(file), waits: true)
    defer { withExtendedLifetime(lock) {} }
    let connection = try SQLiteConnection(file, access: .readWrite, wording: .embeddingCache)
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
    if isNew {
      try connection.keepJournalInMemory()
      try connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    }
    try connection.useLog()
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
  /// `inode` is that of the file that was found damaged: where another process has created a new one already, that one
  /// stays.
  static func setAside(_ path: FilePath, inode: UInt64?) throws(Failure) {
    let file = try held(path)
    let lock = try FileLock(lockFile(file), waits: true)
    defer { withExtendedLifetime(lock) {} }
    guard let found = try? file.directory.status(of: file.name).inode, inode == nil || found == inode else { return }
    // The log goes first: a log without its database would be applied to the next database of that name.
    for suffix in ["-wal", "-shm"] { try file.directory.remove(name(file, suffix)) }
    try file.directory.rename(file.name, to: name(file, ".damaged"))
  }

  /// Forgets everything: the files go.
  static func removeFiles(_ path: FilePath) throws(Failure) {
    let file = try held(path)
    for suffix in ["-wal", "-shm", ".damaged", ""] { try file.directory.remove(name(file, suffix)) }
  }

  /// The file in its directory, which is made when missing and must be the user's own.
  private static func held(_ path: FilePath) throws(Failure) -> HeldName {
    try makeDirectory(path.parent, mode: 0o700)
    let file = try HeldName(path)
    guard try file.directory.status().owner == effectiveUser else {
      throw Failure(.permissionDenied, "the directory belongs to another user", path: path.parent)
    }
    return file
  }

  private static func lockFile(_ file: HeldName) -> HeldName {
    HeldName(name(file, ".lock"), in: file.directory, path: FilePath(bytes: file.path.bytes + Array(".lock".utf8)))
  }

  private static func name(_ file: HeldName, _ suffix: String) -> FilePath {
    FilePath(bytes: file.name.bytes + Array(suffix.utf8))
  }
}

/// What a cache holds and what it was good for.
package struct CacheStatistics: Hashable, Sendable {
  /// `embeddings`
  package var name: String
  package var entryCount: Int
  /// Since the cache was created, in every process.
  package var hitCount: Int
  package var missCount: Int
  package var byteCount: Int
  /// Bytes it may hold.
  package var byteLimit: Int

  package init(name: String, entryCount: Int, hitCount: Int, missCount: Int, byteCount: Int, byteLimit: Int) {
    self.name = name
    self.entryCount = entryCount
    self.hitCount = hitCount
    self.missCount = missCount
    self.byteCount = byteCount
    self.byteLimit = byteLimit
  }
}

/// How much an embedding cache keeps, and for how long.
package struct EmbeddingCacheLimits: Hashable, Sendable {
  /// Bytes of the file that hold something. Beyond it the least recently used vectors go.
  package var byteCount: Int
  /// What was not used for so long goes; 0 is never.
  package var days: Int

  package init(byteCount: Int, days: Int) {
    self.byteCount = byteCount
    self.days = days
  }
}
