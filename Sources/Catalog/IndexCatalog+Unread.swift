package import Primitives
import SQLite

/// A place that the newest run could not read; what the index had of it before stays.
package struct UnreadRecord: Hashable, Sendable {
  package var path: FilePath
  /// The whole of a directory, rather than one file.
  package var isDirectory: Bool
  /// Why. Its path is that of what could not be read.
  package var failure: Failure

  package init(path: FilePath, isDirectory: Bool, failure: Failure) {
    self.path = path
    self.isDirectory = isDirectory
    self.failure = failure
  }
}

extension IndexCatalog {
  /// What the newest run could not read, in the order of the paths' bytes.
  package func unread() throws(Failure) -> [UnreadRecord] {
    try read { (connection) throws(Failure) in try Self.unread(connection) }
  }

  /// Takes the place of what is noted down; writes nothing if it is the same. `records` are in the order of their
  /// paths, each path once.
  package func setUnread(_ records: [UnreadRecord]) throws(Failure) {
    if try unread() == records { return }
    try write(isDurable: false) { (connection) throws(Failure) in
      try connection.execute("DELETE FROM unread")
      let insert = try connection.statement("INSERT INTO unread VALUES (?, ?, ?, ?, ?, ?)")
      for record in records {
        insert.bind(1, record.path.bytes)
        insert.bind(2, record.isDirectory ? 1 : 0)
        insert.bind(3, record.failure.code.rawValue)
        insert.bind(4, record.failure.message)
        if let place = record.failure.path { insert.bind(5, place.bytes) } else { insert.bindNull(5) }
        if let cause = record.failure.cause { insert.bind(6, cause) } else { insert.bindNull(6) }
        try insert.run()
      }
    }
  }

  private static func unread(_ connection: SQLiteConnection) throws(Failure) -> [UnreadRecord] {
    let rows = try connection.statement(
      "SELECT path, is_directory, code, message, place, cause FROM unread ORDER BY path")
    defer { rows.reset() }
    var records: [UnreadRecord] = []
    while try rows.step() {
      let failure = Failure(
        Failure.Code(rawValue: rows.text(2)), rows.text(3),
        path: rows.isNull(4) ? nil : FilePath(bytes: rows.bytes(4)), cause: rows.isNull(5) ? nil : rows.text(5))
      records.append(
        UnreadRecord(path: FilePath(bytes: rows.bytes(0)), isDirectory: rows.integer(1) != 0, failure: failure))
    }
    return records
  }

  /// What the newest run left out, as it counted it: how many files and directories, by reason.
  package func leftOut() throws(Failure) -> [String: Int] {
    try read { (connection) throws(Failure) in
      let rows = try connection.statement("SELECT reason, file_count FROM left_out")
      defer { rows.reset() }
      var counts: [String: Int] = [:]
      while try rows.step() { counts[rows.text(0)] = Int(rows.integer(1)) }
      return counts
    }
  }

  /// Replaces the recorded counts; does not write if they are unchanged. Each count is above 0.
  package func setLeftOut(_ counts: [String: Int]) throws(Failure) {
    if try leftOut() == counts { return }
    try write(isDurable: false) { (connection) throws(Failure) in
      try connection.execute("DELETE FROM left_out")
      let insert = try connection.statement("INSERT INTO left_out VALUES (?, ?)")
      for (reason, count) in counts {
        insert.bind(1, reason)
        insert.bind(2, count)
        try insert.run()
      }
    }
  }
}
