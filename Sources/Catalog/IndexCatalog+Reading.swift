import Corpus
import Databases
package import Primitives

extension IndexCatalog {
  /// What the index was built with, or nothing in a new catalog.
  package func identity() throws(Failure) -> IndexIdentity? {
    try read { (connection) throws(Failure) in try Self.identity(connection) }
  }

  static func identity(_ connection: SQLiteConnection) throws(Failure) -> IndexIdentity? {
    let query = try connection.statement(
      "SELECT model_name, model_hash, dimensions, chunker_version, analyzer_version, settings FROM identity")
    defer { query.reset() }
    guard try query.step() else { return nil }
    return IndexIdentity(
      modelName: query.text(0), modelHash: try contentHash(query, 1, connection), dimensions: Int(query.integer(2)),
      chunkerVersion: Int(query.integer(3)), analyzerVersion: Int(query.integer(4)), settings: query.text(5))
  }

  /// A number that differs from the one before whenever another connection has committed something meanwhile: a few
  /// microseconds, for whoever keeps what they read. Of no meaning for another catalog object.
  package func changeNumber() throws(Failure) -> Int64 {
    try look { (connection) throws(Failure) in try connection.number("PRAGMA data_version") ?? 0 }
  }

  /// What is live now, read in one transaction.
  package func snapshot() throws(Failure) -> CatalogSnapshot {
    try read { (connection) throws(Failure) in try Self.snapshot(connection) }
  }

  static func snapshot(_ connection: SQLiteConnection) throws(Failure) -> CatalogSnapshot {
    var snapshot = CatalogSnapshot(generation: 0, segments: [], isComplete: false)
    snapshot.identity = try identity(connection)
    let newest = try connection.statement("SELECT number, is_complete FROM generations ORDER BY number DESC LIMIT 1")
    defer { newest.reset() }
    if try newest.step() {
      snapshot.generation = Generation(try count(newest, 0, connection))
      snapshot.isComplete = newest.integer(1) != 0
    }
    let rows = try connection.statement(
      "SELECT id, file_count, chunk_count, byte_count, retired_files FROM segments ORDER BY id")
    defer { rows.reset() }
    while try rows.step() {
      let fileCount = try count(rows, 1, connection)
      snapshot.segments.append(
        SegmentRecord(
          id: rows.integer(0), fileCount: fileCount, chunkCount: try count(rows, 2, connection),
          byteCount: try count(rows, 3, connection),
          retiredFiles: try bitSet(rows.bytes(4), capacity: fileCount, connection)))
    }
    return snapshot
  }

  /// Every file the index knows, in the order of its path's bytes.
  package func files() throws(Failure) -> [FileRecord] {
    try read { (connection) throws(Failure) in
      var files: [FileRecord] = []
      files.reserveCapacity(Int(try connection.number("SELECT count(*) FROM files") ?? 0))
      try Self.forEachFile(connection) { files.append($0) }
      return files
    }
  }

  /// Calls `body` with every file the index knows, in the order of its path's bytes, all of one generation. Holds the
  /// catalog meanwhile: `body` must not call it.
  package func forEachFile(_ body: (FileRecord) throws(Failure) -> Void) throws(Failure) {
    try read { (connection) throws(Failure) in try Self.forEachFile(connection, body) }
  }

  static func forEachFile(
    _ connection: SQLiteConnection, _ body: (FileRecord) throws(Failure) -> Void
  ) throws(Failure) {
    let rows = try connection.statement(
      """
      SELECT path, byte_count, modified, changed, inode, content_hash, segment, number, skip_reason
      FROM files ORDER BY path
      """)
    defer { rows.reset() }
    while try rows.step() {
      let state: FileRecord.State
      if rows.isNull(6) {
        guard let reason = SkipReason(rawValue: rows.text(8)) else {
          throw Failure.damagedCatalog(connection.path, cause: "unknown reason \(rows.text(8))")
        }
        state = .skipped(reason)
      } else {
        state = .indexed(segment: rows.integer(6), number: try count(rows, 7, connection))
      }
      try body(
        FileRecord(
          path: FilePath(bytes: rows.bytes(0)),
          fingerprint: Fingerprint(
            byteCount: try count(rows, 1, connection), modified: rows.integer(2), changed: rows.integer(3),
            inode: UInt64(bitPattern: rows.integer(4))),
          contentHash: try contentHash(rows, 5, connection), state: state))
    }
  }

  private static func contentHash(
    _ row: SQLiteStatement, _ column: Int32, _ connection: SQLiteConnection
  ) throws(Failure) -> ContentHash {
    guard let words = row.twoWords(column) else {
      throw Failure.damagedCatalog(connection.path, cause: "a hash is not 16 bytes long")
    }
    return ContentHash(high: words.high, low: words.low)
  }

  /// A count as it may be in a sound catalog: so far from the largest number that sums of counts cannot overflow. The
  /// tables' own checks do not hold for a file that somebody else made.
  private static func count(
    _ row: SQLiteStatement, _ column: Int32, _ connection: SQLiteConnection
  ) throws(Failure) -> Int {
    let value = row.integer(column)
    guard value >= 0, value < 1 << 46 else {
      throw Failure.damagedCatalog(connection.path, cause: "\(value) is no possible count")
    }
    return Int(value)
  }

  /// The blob's length bounds the set, so that a wrong count cannot ask for all memory.
  private static func bitSet(
    _ bytes: [UInt8], capacity: Int, _ connection: SQLiteConnection
  ) throws(Failure) -> BitSet {
    guard capacity >= 0, capacity <= bytes.count * 8, bytes.count == (capacity + 63) / 64 * 8 else {
      throw Failure.damagedCatalog(connection.path, cause: "a segment's retired files do not fit its files")
    }
    // Least significant byte first.
    let words = stride(from: 0, to: bytes.count, by: 8).map { start in
      bytes[start..<(start + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    return BitSet(words: words, capacity: capacity)
  }
}
