import CSQLite
package import Primitives

/// One SQLite connection with its prepared statements. Not thread-safe: its owner serialises access.
@safe package final class SQLiteConnection {
  package enum Access: Sendable {
    case readWrite, readOnly
    /// Read without locks and without looking at the write-ahead log: for a database that nobody can be writing.
    case immutable
  }

  package let path: FilePath
  private let wording: DatabaseWording
  private let handle: OpaquePointer
  private var statements: [String: SQLiteStatement] = [:]

  /// Opens the database at `path`, made when missing in `readWrite`. `wording` names it in failures.
  package init(_ path: FilePath, access: Access, wording: DatabaseWording) throws(Failure) {
    var flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    flags |= access == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
    var opened: OpaquePointer?
    let result = unsafe sqlite3_open_v2(try Self.uri(path, access), &opened, flags, nil)
    guard result == SQLITE_OK, let opened = unsafe opened else {
      // SQLite gives a handle even for a failed open, which holds the message.
      defer { unsafe sqlite3_close_v2(opened) }
      throw unsafe Failure(sqlite: result, handle: opened, path: path, wording: wording)
    }
    self.path = path
    self.wording = wording
    unsafe handle = opened
    unsafe sqlite3_busy_timeout(handle, 10_000)
  }

  // Zombie close: the handle goes once the last statement has been finalised, which is when `statements` is released.
  deinit { unsafe sqlite3_close_v2(handle) }

  /// The path as a URI, so that any byte can be part of it.
  private static func uri(_ path: FilePath, _ access: Access) throws(Failure) -> String {
    guard !path.bytes.contains(0) else { throw Failure(.invalidArgument, "a path cannot hold a NUL byte", path: path) }
    var text = path.isAbsolute ? "file://" : "file:"
    for byte in path.bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16)
        text += digits.count == 1 ? "%0" + digits : "%" + digits
      }
    }
    return access == .immutable ? text + "?immutable=1" : text
  }

  /// The statement for `sql`, prepared at its first use, reset and without bound values.
  package func statement(_ sql: String) throws(Failure) -> SQLiteStatement {
    if let known = statements[sql] {
      known.reset()
      return known
    }
    let made = try unsafe SQLiteStatement(sql, connection: handle, path: path, wording: wording)
    statements[sql] = made
    return made
  }

  /// Runs `sql`, one or more statements without results.
  package func execute(_ sql: String) throws(Failure) {
    let result = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    guard result == SQLITE_OK else {
      throw unsafe Failure(sqlite: result, handle: handle, path: path, wording: wording)
    }
  }

  /// The first column of the first row of `sql` as a number, or nothing without a row.
  package func number(_ sql: String) throws(Failure) -> Int64? {
    let query = try statement(sql)
    defer { query.reset() }
    return try query.step() ? query.integer(0) : nil
  }

  /// The number after the one that `sql` gives, or 1.
  package func numberAfter(_ sql: String) throws(Failure) -> Int64 {
    let (next, overflows) = (try number(sql) ?? 0).addingReportingOverflow(1)
    if overflows { throw wording.damaged(path, cause: "a number is out of range") }
    return next
  }

  /// Runs `body` in one transaction: a reader's sees one state of the database, a writer's is applied whole or not at all.
  package func transaction<Result>(writes: Bool, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    // A writer that took the write lock only at its first change could find that its view is no longer the newest.
    try execute(writes ? "BEGIN IMMEDIATE" : "BEGIN")
    do {
      let value = try body()
      try execute("COMMIT")
      return value
    } catch {
      // Some failures have rolled back already; then there is nothing to do.
      if unsafe sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
      throw error
    }
  }

  /// Keeps the log and its shared index when the last connection closes, so that opening and closing leaves the directory
  /// untouched and a reader who may not write there finds the files it needs.
  package func keepLogFiles() {
    var keeps: Int32 = 1
    unsafe sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keeps)
  }

  /// Moves the log into the database and empties it. Gives up soon when a reader is in the way: the next one does it.
  package func emptyLog() {
    unsafe sqlite3_busy_timeout(handle, 100)
    unsafe sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
  }
}
