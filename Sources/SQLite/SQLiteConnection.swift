import CSQLite
package import Disk
import Glibc
package import Primitives

/// One SQLite connection with its prepared statements. Not thread-safe: its owner serialises access.
///
/// Where the shared index of the log is cut in place while it is mapped, every call throws `.cut` from then on,
/// whatever SQLite made of it, and nothing more is written (`OpenDatabase`). Once all connections to the database in
/// this process are gone, a new one finds what was committed.
@safe package final class SQLiteConnection {
  package enum Access: Sendable {
    case readWrite, readOnly
    /// Read without locks and without looking at the write-ahead log: for a database that nobody can be writing.
    case immutable
  }

  /// For messages.
  package let path: FilePath
  /// Whether a rollback journal lay beside the database and was removed: what it would have taken back is still there,
  /// so the database must be checked.
  package let hasRemovedJournal: Bool
  private let wording: DatabaseWording
  private let handle: OpaquePointer
  private var statements: [String: SQLiteStatement] = [:]
  /// Of the database among the files that SQLite may touch.
  private let number: Int
  private let database: OpenDatabase

  /// No value of a database of ours is near this, in bytes; a damaged one may claim to be.
  private static let valueByteLimit: Int32 = 64 << 20

  /// Opens the database `file`, made for its owner alone when missing in `readWrite`. `wording` names it in failures.
  /// Throws `.damaged` where the database or a file beside it is not a regular file of one name that belongs to the
  /// directory's owner.
  ///
  /// The database is to be in WAL mode (`useLog`): a rollback journal beside it is not Cairn's. It is never played
  /// back; a writer removes it, for a reader it is damage.
  package init(_ file: HeldName, access: Access, wording: DatabaseWording) throws(Failure) {
    hasRemovedJournal = try Self.check(file, access, wording)
    if access == .readWrite { try file.makeIfMissing() }
    let (number, toldPath) = HeldFiles.add(file)
    var flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW
    flags |= access == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
    var opened: OpaquePointer?
    let result = unsafe sqlite3_open_v2(Self.uri(toldPath, access), &opened, flags, nil)
    guard result == SQLITE_OK, let opened = unsafe opened, let database = HeldFiles.openedDatabase(number) else {
      // SQLite gives a handle even for a failed open, which holds the message.
      let failure = unsafe Failure(
        sqlite: result, database: HeldFiles.database(number), handle: opened, path: file.path, wording: wording)
      unsafe sqlite3_close_v2(opened)
      HeldFiles.remove(number)
      throw failure
    }
    self.number = number
    self.database = database
    path = file.path
    self.wording = wording
    unsafe handle = opened
    waitForLocks()
    unsafe csqlite_set_flag(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
    unsafe csqlite_set_flag(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    unsafe csqlite_set_flag(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0)
    unsafe sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Self.valueByteLimit)
    unsafe sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0)
    // What does not fit into the cache stays in memory: no other file may be made.
    unsafe sqlite3_exec(handle, "PRAGMA temp_store = MEMORY", nil, nil, nil)
  }

  /// The same of the database at `path`; links in the path of its directory are followed.
  package convenience init(_ path: FilePath, access: Access, wording: DatabaseWording) throws(Failure) {
    guard !path.bytes.contains(0) else { throw Failure(.invalidArgument, "a path cannot hold a NUL byte", path: path) }
    try self.init(HeldName(path), access: access, wording: wording)
  }

  deinit {
    // The handle goes once the last statement has been finalised; only then does SQLite close the files.
    statements.removeAll()
    unsafe sqlite3_close_v2(handle)
    HeldFiles.remove(number)
  }

  /// Looks at what there is under the names of the database before SQLite does. Returns whether a journal was removed.
  private static func check(_ file: HeldName, _ access: Access, _ wording: DatabaseWording) throws(Failure) -> Bool {
    let directory = file.directory
    let owner = try directory.status().owner
    func status(_ suffix: String) throws(Failure) -> FileStatus? {
      do throws(Failure) {
        return try directory.status(of: FilePath(bytes: file.name.bytes + Array(suffix.utf8)))
      } catch {
        if error.code == .notFound { return nil }
        throw Failure(error.code, error.message, path: file.path, cause: error.cause, remedy: error.remedy)
      }
    }
    for suffix in HeldFiles.suffixes {
      guard let found = try status(suffix) else { continue }
      guard found.isOwnFile(of: owner) else {
        throw wording.damaged(
          FilePath(bytes: file.path.bytes + Array(suffix.utf8)),
          cause: "it is not a regular file of one name that belongs to the directory's owner")
      }
    }
    guard try status("-journal") != nil else { return false }
    guard access == .readWrite else {
      throw wording.damaged(file.path, cause: "a rollback journal lies beside it, which Cairn never makes")
    }
    try directory.remove(FilePath(bytes: file.name.bytes + Array("-journal".utf8)))
    return true
  }

  /// The path as a URI, so that any byte can be part of it.
  private static func uri(_ path: FilePath, _ access: Access) -> String {
    var text = "file://"
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

  /// For a database that is new, before anything that writes, until `useLog`.
  package func keepJournalInMemory() throws(Failure) { try execute("PRAGMA journal_mode = MEMORY") }

  /// Puts the database into WAL mode. The change itself takes a rollback journal, which is kept in memory.
  package func useLog() throws(Failure) {
    if try text("PRAGMA journal_mode") == "wal" { return }
    try keepJournalInMemory()
    try execute("PRAGMA journal_mode = WAL")
  }

  /// The statement for `sql`, prepared at its first use, reset and without bound values.
  package func statement(_ sql: String) throws(Failure) -> SQLiteStatement {
    if let known = statements[sql] {
      known.reset()
      return known
    }
    let made = try unsafe SQLiteStatement(
      sql, connection: handle, database: database, path: path, wording: wording)
    statements[sql] = made
    return made
  }

  /// Runs `sql`, one or more statements without results.
  package func execute(_ sql: String) throws(Failure) {
    let result = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    if database.isCut { throw wording.cut(path) }
    guard result == SQLITE_OK else {
      throw unsafe Failure(
        sqlite: result, database: database, handle: handle, path: path, wording: wording)
    }
  }

  /// The first column of the first row of `sql` as a number, or nil without a row.
  package func number(_ sql: String) throws(Failure) -> Int64? {
    let query = try statement(sql)
    defer { query.reset() }
    return try query.step() ? query.integer(0) : nil
  }

  private func text(_ sql: String) throws(Failure) -> String? {
    let query = try statement(sql)
    defer { query.reset() }
    return try query.step() ? query.text(0) : nil
  }

  /// The number after the one that `sql` gives, or 1.
  package func numberAfter(_ sql: String) throws(Failure) -> Int64 {
    let (next, overflows) = (try number(sql) ?? 0).addingReportingOverflow(1)
    if overflows { throw wording.damaged(path, cause: "a number is out of range") }
    return next
  }

  /// Runs `body` in one transaction: a reader's sees one state of the database, a writer's is applied whole or not at
  /// all.
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

  /// Waits ten seconds for a lock that another process holds, as SQLite's own timeout does, and a tenth of one for a
  /// lock that the system does not give: file systems that know no locks do not learn them meanwhile.
  private func waitForLocks() {
    let wait: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Int32 = { context, count in
      guard let context = unsafe context else { return 0 }
      let database = unsafe Unmanaged<OpenDatabase>.fromOpaque(context).takeUnretainedValue()
      if count >= (database.lockError == 0 ? 110 : 8) { return 0 }
      let milliseconds: [UInt32] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50]
      let index = Int(count)
      usleep(1000 * (index < milliseconds.count ? milliseconds[index] : 100))
      return 1
    }
    // The connection keeps the database for as long as SQLite may call.
    unsafe sqlite3_busy_handler(handle, wait, Unmanaged.passUnretained(database).toOpaque())
  }

  /// Keeps the log and its shared index when the last connection closes, so that opening and closing leaves the
  /// directory untouched and a reader who may not write there finds the files it needs.
  package func keepLogFiles() {
    var keeps: Int32 = 1
    unsafe sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keeps)
  }

  /// Leaves the log as it is when the connection closes, for the next one to move into the database: closing then need
  /// not wait for the disk.
  package func leaveLogUnmoved() { unsafe csqlite_set_flag(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1) }

  /// Moves the log into the database and empties it. Gives up soon when a reader is in the way: the next one does it.
  package func emptyLog() {
    unsafe sqlite3_busy_timeout(handle, 100)
    unsafe sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
  }
}
