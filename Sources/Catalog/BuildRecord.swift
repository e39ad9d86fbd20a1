import Primitives
import SQLite

/// A build as the catalog holds it, but for its files.
struct BuildRecord: Sendable {
  var number: Int64
  /// Of its newest commit; 0 for one that is staged.
  var generation: Generation
  var identity: IndexIdentity?
  var files: FileTotals
  /// Ascending by ID.
  var segments: [SegmentRecord]

  /// Over everything above.
  var checksum: UInt64 {
    var covered = CoveredBytes()
    covered.add(number)
    covered.add(generation)
    if let identity {
      covered.add(identity.modelName)
      covered.add(identity.modelHash.high)
      covered.add(identity.modelHash.low)
      covered.add(identity.dimensions)
      covered.add(identity.chunkerVersion)
      covered.add(identity.analyzerVersion)
      covered.add(identity.settings)
    } else {
      covered.add(0)
    }
    covered.add(files.count)
    covered.add(files.checksum)
    for segment in segments {
      covered.add(segment.id)
      covered.add(segment.fileCount)
      covered.add(segment.chunkCount)
      covered.add(segment.byteCount)
      covered.add(segment.checksum)
      for word in segment.tombstones.words { covered.add(word) }
    }
    return covered.checksum
  }
}

/// A committed state as the catalog lists it.
struct GenerationRecord: Sendable {
  var number: Generation
  /// Nanoseconds since 1970.
  var committed: Int64
  var isComplete: Bool
  var build: Int64

  /// Over everything above and the build as it was.
  func checksum(build checksum: UInt64) -> UInt64 {
    var covered = CoveredBytes()
    covered.add(number)
    covered.add(committed)
    covered.add(isComplete ? 1 : 0)
    covered.add(build)
    covered.add(checksum)
    return covered.checksum
  }
}

extension IndexCatalog {
  /// The newest generation and its build, both verified by their checksums; nil if nothing was committed.
  static func live(
    _ connection: SQLiteConnection
  ) throws(Failure) -> (generation: GenerationRecord, checksum: UInt64, build: BuildRecord)? {
    let newest = try connection.statement(
      "SELECT number, committed, is_complete, build, checksum FROM generations ORDER BY number DESC LIMIT 1")
    defer { newest.reset() }
    guard try newest.step() else {
      if try connection.number("SELECT count(*) FROM builds WHERE generation <> 0") != 0 {
        throw Failure.damagedCatalog(connection.path, cause: "its generations are missing")
      }
      return nil
    }
    let generation = GenerationRecord(
      number: newest.integer(0), committed: newest.integer(1), isComplete: newest.integer(2) != 0,
      build: newest.integer(3))
    let stored = UInt64(bitPattern: newest.integer(4))
    guard generation.number > 0, generation.number < 1 << 46, newest.integer(2) >> 1 == 0,
      let (build, checksum) = try build(generation.build, connection), build.generation == generation.number,
      generation.checksum(build: checksum) == stored
    else {
      throw Failure.damagedCatalog(connection.path, cause: "its newest generation is not as it was committed")
    }
    return (generation, stored, build)
  }

  /// The build that is not live, verified by its checksum; nil if there is none.
  static func staged(_ connection: SQLiteConnection) throws(Failure) -> BuildRecord? {
    let live = try connection.number("SELECT build FROM generations ORDER BY number DESC LIMIT 1") ?? 0
    guard let number = try connection.number("SELECT max(number) FROM builds WHERE number <> \(live)"), number != 0
    else { return nil }
    let found = try build(number, connection)
    guard let found, found.build.generation == 0 else {
      throw Failure.damagedCatalog(connection.path, cause: "a build is neither the newest nor staged")
    }
    return found.build
  }

  static func build(_ which: IndexBuild, _ connection: SQLiteConnection) throws(Failure) -> BuildRecord? {
    switch which {
    case .live: try live(connection)?.build
    case .staged: try staged(connection)
    }
  }

  private static func build(
    _ number: Int64, _ connection: SQLiteConnection
  ) throws(Failure) -> (build: BuildRecord, checksum: UInt64)? {
    let row = try connection.statement(
      """
      SELECT generation, file_count, files_checksum, checksum, model_name, model_hash, dimensions, chunker_version,
        analyzer_version, settings
      FROM builds WHERE number = ?
      """)
    defer { row.reset() }
    row.bind(1, number)
    guard try row.step() else { return nil }
    var build = BuildRecord(
      number: number, generation: row.integer(0),
      files: FileTotals(count: try count(row, 1, connection), checksum: UInt64(bitPattern: row.integer(2))),
      segments: try segments(of: number, connection))
    if !row.isNull(4) {
      build.identity = IndexIdentity(
        modelName: row.text(4), modelHash: try contentHash(row, 5, connection), dimensions: Int(row.integer(6)),
        chunkerVersion: Int(row.integer(7)), analyzerVersion: Int(row.integer(8)), settings: row.text(9))
    }
    let stored = UInt64(bitPattern: row.integer(3))
    guard build.checksum == stored else {
      throw Failure.damagedCatalog(connection.path, cause: "its list of segments is not as it was committed")
    }
    return (build, stored)
  }

  static func segments(of build: Int64, _ connection: SQLiteConnection) throws(Failure) -> [SegmentRecord] {
    let rows = try connection.statement(
      """
      SELECT id, file_count, chunk_count, byte_count, checksum, retired_files FROM segments WHERE build = ? ORDER BY id
      """)
    defer { rows.reset() }
    rows.bind(1, build)
    var segments: [SegmentRecord] = []
    while try rows.step() {
      let fileCount = try count(rows, 1, connection)
      let id = rows.integer(0)
      guard id > segments.last?.id ?? 0 else {
        throw Failure.damagedCatalog(connection.path, cause: "its segments are not in order")
      }
      segments.append(
        SegmentRecord(
          id: id, fileCount: fileCount, chunkCount: try count(rows, 2, connection),
          byteCount: try count(rows, 3, connection), checksum: UInt64(bitPattern: rows.integer(4)),
          tombstones: try bitSet(rows.bytes(5), capacity: fileCount, connection)))
    }
    return segments
  }

  static func contentHash(
    _ row: SQLiteStatement, _ column: Int32, _ connection: SQLiteConnection
  ) throws(Failure) -> ContentHash {
    guard let words = row.twoWords(column) else {
      throw Failure.damagedCatalog(connection.path, cause: "a hash is not 16 bytes long")
    }
    return ContentHash(high: words.high, low: words.low)
  }

  /// A count as it may be in a sound catalog: so far from the largest number that sums of counts cannot overflow. The
  /// tables' own checks do not hold for a file that somebody else made.
  static func count(_ row: SQLiteStatement, _ column: Int32, _ connection: SQLiteConnection) throws(Failure) -> Int {
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
      throw Failure.damagedCatalog(connection.path, cause: "a segment's tombstones do not fit its files")
    }
    // Least significant byte first.
    let words = stride(from: 0, to: bytes.count, by: 8).map { start in
      bytes[start..<(start + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    return BitSet(words: words, capacity: capacity)
  }
}
