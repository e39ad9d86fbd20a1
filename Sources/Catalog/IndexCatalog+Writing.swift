import Corpus
import Databases
import Disk
package import Primitives

extension IndexCatalog {
  /// Forgets every file and segment (their files become garbage) and records what the index is built with from now on.
  package func reset(to identity: IndexIdentity) throws(Failure) {
    try write(isDurable: true) { (connection) throws(Failure) in
      try connection.execute("DELETE FROM files; DELETE FROM segments; DELETE FROM identity")
      let insert = try connection.statement("INSERT INTO identity VALUES (1, ?, ?, ?, ?, ?, ?)")
      insert.bind(1, identity.modelName)
      insert.bind(2, identity.modelHash.storedBytes)
      insert.bind(3, identity.dimensions)
      insert.bind(4, identity.chunkerVersion)
      insert.bind(5, identity.analyzerVersion)
      insert.bind(6, identity.settings)
      try insert.run()
      _ = try Self.addGeneration(isComplete: false, connection)
    }
  }

  /// The next unused segment number; reserved at once, so that a killed run's files are never taken for live ones. (After a
  /// power failure a number may be given again; the file that had it is then not live, and is replaced.)
  package func reserveSegmentID() throws(Failure) -> SegmentID {
    try write(isDurable: false) { (connection) throws(Failure) in
      let next = try connection.statement(
        "UPDATE counters SET next_value = next_value + 1 WHERE name = 'segment' RETURNING next_value - 1")
      defer { next.reset() }
      guard try next.step() else { throw Failure.damagedCatalog(path, cause: "the segment counter is missing") }
      let id = next.integer(0)
      while try next.step() {}
      return id
    }
  }

  /// Applies `change` in one transaction and gives the new generation. Durable when it returns.
  ///
  /// - Parameter moving: is given a function to call with each file that moved beside those of the change: for a merge, which
  ///   moves too many to make a list of them.
  package func commit(
    _ change: CatalogChange,
    moving: (_ move: (MovedFile) throws(Failure) -> Void) throws(Failure) -> Void = { (_) throws(Failure) in }
  ) throws(Failure) -> Generation {
    try write(isDurable: true) { (connection) throws(Failure) in
      for segment in change.addedSegments { try Self.insert(segment, connection) }
      for file in change.upsertedFiles { try Self.upsert(file, connection) }
      for move in change.movedFiles { try Self.apply(move, connection) }
      try moving { (move) throws(Failure) in try Self.apply(move, connection) }
      let remove = try connection.statement("DELETE FROM files WHERE path = ?")
      for path in change.removedFiles {
        remove.bind(1, path.bytes)
        try remove.run()
      }
      try Self.retire(change.retiredFiles, connection)
      let drop = try connection.statement("DELETE FROM segments WHERE id = ?")
      for segment in change.removedSegments {
        drop.bind(1, segment)
        try drop.run()
      }
      return try Self.addGeneration(isComplete: change.isComplete, connection)
    }
  }

  private static func insert(_ segment: SegmentRecord, _ connection: SQLiteConnection) throws(Failure) {
    let insert = try connection.statement("INSERT INTO segments VALUES (?, ?, ?, ?, ?)")
    insert.bind(1, segment.id)
    insert.bind(2, segment.fileCount)
    insert.bind(3, segment.chunkCount)
    insert.bind(4, segment.byteCount)
    insert.bind(5, segment.retiredFiles.storedBytes)
    try insert.run()
  }

  private static func upsert(_ file: FileRecord, _ connection: SQLiteConnection) throws(Failure) {
    let upsert = try connection.statement("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    upsert.bind(1, file.path.bytes)
    upsert.bind(2, file.fingerprint.byteCount)
    upsert.bind(3, file.fingerprint.modified)
    upsert.bind(4, file.fingerprint.changed)
    upsert.bind(5, Int64(bitPattern: file.fingerprint.inode))
    upsert.bind(6, file.contentHash.storedBytes)
    switch file.state {
    case .indexed(let segment, let number):
      upsert.bind(7, segment)
      upsert.bind(8, number)
      upsert.bindNull(9)
    case .skipped(let reason):
      upsert.bindNull(7)
      upsert.bindNull(8)
      upsert.bind(9, reason.rawValue)
    }
    try upsert.run()
  }

  private static func apply(_ move: MovedFile, _ connection: SQLiteConnection) throws(Failure) {
    let update = try connection.statement("UPDATE files SET segment = ?, number = ? WHERE path = ?")
    update.bind(1, move.segment)
    update.bind(2, move.number)
    update.bind(3, move.path.bytes)
    try update.run()
  }

  private static func retire(_ retired: [SegmentID: [Int]], _ connection: SQLiteConnection) throws(Failure) {
    if retired.isEmpty { return }
    let segments = try snapshot(connection).segments
    let update = try connection.statement("UPDATE segments SET retired_files = ? WHERE id = ?")
    for (id, numbers) in retired {
      guard var segment = segments.first(where: { $0.id == id }) else {
        throw Failure(.invalidArgument, "there is no segment \(id) to retire files of", path: connection.path)
      }
      for number in numbers {
        guard number >= 0, number < segment.fileCount else {
          throw Failure(.invalidArgument, "segment \(id) has no file \(number) to retire", path: connection.path)
        }
        segment.retiredFiles.insert(number)
      }
      update.bind(1, segment.retiredFiles.storedBytes)
      update.bind(2, id)
      try update.run()
    }
  }

  /// How many past generations and runs are kept, for a person who looks into what happened.
  static let historyCount = 100

  private static func addGeneration(isComplete: Bool, _ connection: SQLiteConnection) throws(Failure) -> Generation {
    let next = try connection.numberAfter("SELECT max(number) FROM generations")
    let insert = try connection.statement("INSERT INTO generations VALUES (?, ?, ?)")
    insert.bind(1, next)
    insert.bind(2, wallClockNanoseconds())
    insert.bind(3, isComplete ? 1 : 0)
    try insert.run()
    let prune = try connection.statement("DELETE FROM generations WHERE number <= ?")
    prune.bind(1, next - Int64(historyCount))
    try prune.run()
    return next
  }
}

extension ContentHash {
  /// 16 bytes, most significant first.
  fileprivate var storedBytes: [UInt8] {
    [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) } }
  }
}

extension BitSet {
  /// Its words, least significant byte first.
  fileprivate var storedBytes: [UInt8] {
    words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
  }
}
