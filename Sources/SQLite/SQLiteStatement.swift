import CSQLite
package import Primitives

/// One prepared statement. Parameters are numbered from 1 and columns from 0, as in SQLite.
@safe package final class SQLiteStatement {
  private let handle: OpaquePointer
  private let path: FilePath
  private let wording: DatabaseWording
  private let database: OpenDatabase

  @unsafe init(
    _ sql: String, connection: OpaquePointer, database: OpenDatabase, path: FilePath, wording: DatabaseWording
  ) throws(Failure) {
    var prepared: OpaquePointer?
    let result = unsafe sqlite3_prepare_v3(
      connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard result == SQLITE_OK, !database.isCut, let prepared = unsafe prepared else {
      unsafe sqlite3_finalize(prepared)
      if database.isCut { throw wording.cut(path) }
      throw unsafe Failure(
        sqlite: result, database: database, handle: connection, path: path, wording: wording)
    }
    unsafe handle = prepared
    self.database = database
    self.path = path
    self.wording = wording
  }

  deinit { unsafe sqlite3_finalize(handle) }

  /// Ends the run, which also ends a reader's view of the database, and forgets the bound values.
  package func reset() {
    unsafe sqlite3_reset(handle)
    unsafe sqlite3_clear_bindings(handle)
  }

  /// Goes to the next row; false after the last.
  package func step() throws(Failure) -> Bool {
    let result = unsafe sqlite3_step(handle)
    // Before anything that the row or the result code says is believed.
    if database.isCut { throw wording.cut(path) }
    switch result {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      throw unsafe Failure(
        sqlite: result, database: database, handle: sqlite3_db_handle(handle), path: path, wording: wording)
    }
  }

  /// Runs a statement that gives no rows and makes it ready for the next values.
  package func run() throws(Failure) {
    defer { unsafe sqlite3_reset(handle) }
    _ = try step()
  }

  // MARK: Parameters. Binding fails only for a wrong number or lack of memory, which the next step reports.

  package func bind(_ parameter: Int32, _ value: Int64) { unsafe sqlite3_bind_int64(handle, parameter, value) }
  package func bind(_ parameter: Int32, _ value: Int) { bind(parameter, Int64(value)) }
  package func bindNull(_ parameter: Int32) { unsafe sqlite3_bind_null(handle, parameter) }
  package func bind(_ parameter: Int32, _ value: String) { bind(parameter, Array(value.utf8), isText: true) }
  package func bind(_ parameter: Int32, _ value: [UInt8]) { bind(parameter, value, isText: false) }

  private func bind(_ parameter: Int32, _ value: [UInt8], isText: Bool) {
    // SQLITE_TRANSIENT: SQLite makes its own copy before the call returns.
    let copies = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    if value.isEmpty {
      // An empty array may have no address, and no address would mean NULL.
      _ =
        unsafe isText
        ? sqlite3_bind_text(handle, parameter, "", 0, copies) : sqlite3_bind_zeroblob(handle, parameter, 0)
      return
    }
    unsafe value.withUnsafeBytes { bytes in
      if isText {
        let text = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        unsafe sqlite3_bind_text64(handle, parameter, text, UInt64(bytes.count), copies, UInt8(SQLITE_UTF8))
      } else {
        unsafe sqlite3_bind_blob64(handle, parameter, bytes.baseAddress, UInt64(bytes.count), copies)
      }
    }
  }

  // MARK: Columns of the current row

  package func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_NULL }
  package func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

  package func bytes(_ column: Int32) -> [UInt8] {
    // The address must be asked for before the count.
    guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
    let count = Int(unsafe sqlite3_column_bytes(handle, column))
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// A blob of 16 bytes as two numbers, most significant byte first; nil if it has another size.
  package func twoWords(_ column: Int32) -> (high: UInt64, low: UInt64)? {
    guard let start = unsafe sqlite3_column_blob(handle, column), unsafe sqlite3_column_bytes(handle, column) == 16
    else { return nil }
    return unsafe (
      UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)),
      UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    )
  }

  package func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
}
