package import Disk
package import Primitives
import SQLite

extension IndexCatalog {
  static func openForReading(_ file: HeldName) throws(Failure) -> SQLiteConnection {
    do throws(Failure) { _ = try file.directory.status(of: file.name) } catch {
      throw error.code == .notFound ? Failure.missingCatalog(file) : error
    }
    do {
      return try openedForReading(file, .readOnly)
    } catch  where [.inputOutput, .permissionDenied, .diskFull].contains(error.code) {
      // No right to make the log's files. Without a log that holds something, the database alone is the whole truth.
      let log = try? file.directory.status(of: FilePath(bytes: file.name.bytes + Array("-wal".utf8)))
      guard (log?.byteCount ?? 0) == 0 else { throw error }
      return try openedForReading(file, .immutable)
    }
  }

  private static func openedForReading(
    _ file: HeldName, _ access: SQLiteConnection.Access
  ) throws(Failure) -> SQLiteConnection {
    let connection = try SQLiteConnection(file, access: access, wording: .catalog)
    connection.keepLogFiles()
    try harden(connection)
    guard try isInitialised(connection) else { throw Failure.missingCatalog(file) }
    return connection
  }

  static func openForWriting(_ file: HeldName) throws(Failure) -> SQLiteConnection {
    let connection = try SQLiteConnection(file, access: .readWrite, wording: .catalog)
    connection.keepLogFiles()
    try harden(connection)
    if connection.hasRemovedJournal { try checkPages(connection) }
    let isInitialised = try isInitialised(connection)
    try connection.useLog()
    // Pages after which a commit moves the log into the database, and bytes that the emptied log may keep: about 4 MB
    // both.
    try connection.execute("PRAGMA wal_autocheckpoint = 1000")
    try connection.execute("PRAGMA journal_size_limit = 4194304")
    if !isInitialised {
      // What was committed to another catalog of this name is nothing that this one could have lost.
      try file.directory.remove(CatalogMark.fileName)
      try connection.transaction(writes: true) { () throws(Failure) in
        try connection.execute("PRAGMA application_id = \(CatalogSchema.applicationID)")
        try connection.execute("PRAGMA user_version = \(CatalogSchema.version)")
        try connection.execute(CatalogSchema.creation)
      }
      try file.directory.sync()
    }
    return connection
  }

  /// An index may come with a repository that somebody else made: its schema is not trusted and its pages are checked.
  private static func harden(_ connection: SQLiteConnection) throws(Failure) {
    try connection.execute("PRAGMA cell_size_check = ON")
  }

  /// After a journal was removed that nobody played back.
  private static func checkPages(_ connection: SQLiteConnection) throws(Failure) {
    let check = try connection.statement("PRAGMA integrity_check(1)")
    defer { check.reset() }
    if try check.step(), check.text(0) != "ok" { throw Failure.damagedCatalog(connection.path, cause: check.text(0)) }
  }

  /// Whether the marks say that this is a catalog we know; false for a database that nothing was written to yet, which
  /// a process killed while it made the catalog leaves behind.
  private static func isInitialised(_ connection: SQLiteConnection) throws(Failure) -> Bool {
    let application = try connection.number("PRAGMA application_id") ?? 0
    let version = try connection.number("PRAGMA user_version") ?? 0
    if application == 0, version == 0, try connection.number("SELECT count(*) FROM sqlite_schema") == 0 { return false }
    guard application == CatalogSchema.applicationID else {
      throw Failure.damagedCatalog(connection.path, cause: "it is a database of another program")
    }
    guard version == CatalogSchema.version else {
      throw Failure(
        .unsupportedVersion,
        version > CatalogSchema.version
          ? "a newer version of Cairn made this index: use that one, or build the index anew"
          : "an older version of Cairn made this index",
        path: connection.path, cause: "version \(version), this program knows \(CatalogSchema.version)",
        remedy: version > CatalogSchema.version ? .rebuild : .index)
    }
    // Nothing but our own tables: no trigger, no view, and every check as it was written.
    let tables = try connection.statement(CatalogSchema.descriptionQuery)
    defer { tables.reset() }
    guard try tables.step(), tables.bytes(0) == Array(CatalogSchema.description.utf8) else {
      throw Failure.damagedCatalog(connection.path, cause: "its tables are not those of version \(version)")
    }
    return true
  }

  /// Whether the catalog in `directory` is of a version before this program's, and may therefore be made anew without
  /// being asked.
  package static func isOlder(in directory: OpenDirectory, path: FilePath) -> Bool {
    let file = HeldName(fileName, in: directory, path: path.appending(fileName))
    guard let connection = try? SQLiteConnection(file, access: .readOnly, wording: .catalog) else { return false }
    guard let application = try? connection.number("PRAGMA application_id") ?? 0,
      let version = try? connection.number("PRAGMA user_version") ?? 0
    else { return false }
    return application == CatalogSchema.applicationID && version < CatalogSchema.version
  }

  /// A refusal to write a database whose own header forbids it, which no catalog's does, is damage and no lack of
  /// rights.
  static func toldFromDamage(_ failure: Failure, _ file: HeldName) -> Failure {
    // Byte 18: the version of the format that a writer must know; 2 is that with a log.
    guard failure.code == .permissionDenied, let header = try? file.beginning(100), header.count == 100,
      header[18] > 2
    else { return failure }
    return Failure.damagedCatalog(file.path, cause: failure.cause ?? failure.message)
  }
}

extension Failure {
  /// Where a mark says that there was a catalog, its absence is damage.
  static func missingCatalog(_ file: HeldName) -> Failure {
    switch CatalogMark.state(beside: file) {
    case .sound, .damaged: damagedCatalog(file.path, cause: "it is missing or empty")
    case .missing, .unreadable: missingCatalog(file.path)
    }
  }

  static func missingCatalog(_ path: FilePath) -> Failure {
    Failure(.notFound, "there is no index here yet", path: path.parent, remedy: .index)
  }
}

extension DatabaseWording {
  static let catalog = DatabaseWording(name: "the index's catalog", remedy: .index)
}

extension Failure {
  static func damagedCatalog(_ path: FilePath, cause: String) -> Failure {
    DatabaseWording.catalog.damaged(path, cause: cause)
  }
}
