package import Primitives
import SQLite

extension IndexCatalog {
  /// Enters a run into the journal and gives its number. Called just before its first change.
  package func beginRun(_ run: RunRecord) throws(Failure) -> Int64 {
    try write(isDurable: false) { (connection) throws(Failure) in
      let id = try connection.numberAfter("SELECT max(id) FROM runs")
      try Self.put(run, id: id, connection)
      let prune = try connection.statement("DELETE FROM runs WHERE id <= ?")
      prune.bind(1, id - Int64(Self.historyCount))
      try prune.run()
      return id
    }
  }

  /// Replaces the journal's line of `run`.
  package func finishRun(_ run: RunRecord) throws(Failure) {
    try write(isDurable: false) { (connection) throws(Failure) in try Self.put(run, id: run.id, connection) }
  }

  /// The newest runs, newest first.
  package func runs(limit: Int) throws(Failure) -> [RunRecord] {
    try read { (connection) throws(Failure) in
      let rows = try connection.statement(
        """
        SELECT id, started, finished, files_seen, files_indexed, files_unchanged, files_skipped, files_removed, failure
        FROM runs ORDER BY id DESC LIMIT ?
        """)
      defer { rows.reset() }
      rows.bind(1, limit)
      var runs: [RunRecord] = []
      while try rows.step() {
        var run = RunRecord(started: rows.integer(1))
        run.id = rows.integer(0)
        run.finished = rows.isNull(2) ? nil : rows.integer(2)
        run.filesSeen = Int(rows.integer(3))
        run.filesIndexed = Int(rows.integer(4))
        run.filesUnchanged = Int(rows.integer(5))
        run.filesSkipped = Int(rows.integer(6))
        run.filesRemoved = Int(rows.integer(7))
        run.failure = rows.isNull(8) ? nil : rows.text(8)
        runs.append(run)
      }
      return runs
    }
  }

  private static func put(_ run: RunRecord, id: Int64, _ connection: SQLiteConnection) throws(Failure) {
    let put = try connection.statement("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    put.bind(1, id)
    put.bind(2, run.started)
    if let finished = run.finished { put.bind(3, finished) } else { put.bindNull(3) }
    put.bind(4, run.filesSeen)
    put.bind(5, run.filesIndexed)
    put.bind(6, run.filesUnchanged)
    put.bind(7, run.filesSkipped)
    put.bind(8, run.filesRemoved)
    if let failure = run.failure { put.bind(9, failure) } else { put.bindNull(9) }
    try put.run()
  }
}

/// One line of the journal: a run that changed the index, or was about to. A run that finds nothing to change writes
/// nothing, not even here.
package struct RunRecord: Hashable, Sendable {
  package var id: Int64 = 0
  /// Nanoseconds since 1970.
  package var started: Int64
  /// Nothing while it runs, and for ever when it was killed.
  package var finished: Int64?
  package var filesSeen = 0
  package var filesIndexed = 0
  package var filesUnchanged = 0
  package var filesSkipped = 0
  package var filesRemoved = 0
  /// What ended it early.
  package var failure: String?

  package init(started: Int64) { self.started = started }
}
