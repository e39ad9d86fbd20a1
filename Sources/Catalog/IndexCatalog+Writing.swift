import Corpus
import Disk
import Inspection
package import Primitives
import SQLite

extension IndexCatalog {
  /// The next segment number: one that no segment of the catalog has and that `isTaken` does not know; reserved at
  /// once, so that a killed run's files are never taken for live ones. A counter that was damaged or lost is put right.
  ///
  /// - Parameter isTaken: whether a file of that number lies on the disk already, whatever it is.
  package func reserveSegmentID(
    unless isTaken: (SegmentID) -> Bool = { _ in false }
  ) throws(Failure) -> SegmentID {
    try write(isDurable: false) { (connection) throws(Failure) in
      let greatest = max(0, try connection.number("SELECT max(id) FROM segments") ?? 0)
      guard greatest < 1 << 46 else { throw Failure.damagedCatalog(path, cause: "\(greatest) is no possible segment") }
      var id = try connection.number("SELECT next_value FROM counters WHERE name = 'segment'") ?? 1
      if id <= greatest || id >= 1 << 46 { id = greatest + 1 }
      while isTaken(id) { id += 1 }
      let put = try connection.statement("INSERT OR REPLACE INTO counters VALUES ('segment', ?)")
      put.bind(1, id + 1)
      try put.run()
      return id
    }
  }

  /// Applies `change` in one transaction. To the live build it makes a new generation, which is given, durable when
  /// this returns; to the staged one it adds what a rebuild has so far, which serves no searches yet, and gives 0.
  ///
  /// - Parameter moving: is given a function to call with each file that moved beside those of the change: for a merge,
  ///   which moves too many to make a list of them.
  package func commit(
    _ change: CatalogChange, to which: IndexBuild = .live,
    moving: (_ move: (MovedFile) throws(Failure) -> Void) throws(Failure) -> Void = { (_) throws(Failure) in }
  ) throws(Failure) -> Generation {
    try writing(isDurable: which == .live) { (connection) throws(Failure) in
      var build = try Self.buildToChange(which, connection)
      var references = SegmentReferences(build, change)
      for segment in change.addedSegments { try Self.insert(segment, build, connection) }
      try Self.upsert(change.upsertedFiles, &build, &references, connection)
      let mover = FileMover(build, references)
      for move in change.movedFiles { try mover.apply(move, connection) }
      try moving { (move) throws(Failure) in try mover.apply(move, connection) }
      build.files = mover.build.files
      references = mover.references
      let remove = try connection.statement(
        "DELETE FROM files WHERE build = ? AND path = ? RETURNING checksum, segment")
      for path in change.removedFiles {
        remove.bind(1, build.number)
        remove.bind(2, path.bytes)
        try Self.remove(remove, &build, &references)
      }
      try references.check(connection)
      try Self.setGaps(change, build, connection)
      try Self.setTombstones(change, in: build, connection)
      try Self.remove(change.removedSegments, connection)
      return try addGeneration(
        of: build, isComplete: change.isComplete, isLive: which == .live, connection)
    }
  }

  /// Forgets segments with all their files, because they cannot be read any more: the next run reads the files again,
  /// and until then the build is not complete. Returns how many files were forgotten.
  package func forget(_ segments: [SegmentID], of which: IndexBuild = .live) throws(Failure) -> Int {
    var forgotten = 0
    _ = try writing(isDurable: which == .live) { (connection) throws(Failure) in
      var build = try Self.buildToChange(which, connection)
      let before = build.files.count
      let remove = try connection.statement(
        "DELETE FROM files WHERE build = ? AND segment = ? RETURNING checksum, segment")
      var references = SegmentReferences(build, CatalogChange(isComplete: false))
      for segment in segments {
        remove.bind(1, build.number)
        remove.bind(2, segment)
        try Self.remove(remove, &build, &references)
      }
      try Self.remove(segments, connection)
      try connection.execute(
        """
        DELETE FROM without_syntax WHERE build = \(build.number) AND reason <> '\(SyntaxGap.Reason.closed.rawValue)'
          AND NOT EXISTS (
            SELECT 1 FROM files WHERE files.build = without_syntax.build AND files.path = without_syntax.path)
        """)
      forgotten = before - build.files.count
      return try addGeneration(of: build, isComplete: false, isLive: which == .live, connection)
    }
    return forgotten
  }

  // MARK: Builds

  /// Forgets every file and segment (their files become garbage) and records what the index is built with from now on.
  package func reset(to identity: IndexIdentity) throws(Failure) {
    _ = try writing(isDurable: true) { (connection) throws(Failure) in
      let build = try Self.addBuild(identity, connection)
      try Self.removeBuilds(except: build.number, connection)
      return try addGeneration(of: build, isComplete: false, isLive: true, connection)
    }
  }

  /// Begins a build beside the live one, which goes on answering. A staged build from before is dropped.
  package func stage(_ identity: IndexIdentity) throws(Failure) {
    _ = try write(isDurable: false) { (connection) throws(Failure) in
      try Self.removeBuilds(except: try Self.live(connection)?.build.number, connection)
      return try addGeneration(
        of: try Self.addBuild(identity, connection), isComplete: false, isLive: false, connection)
    }
  }

  /// Drops the staged build, sound or not. Writes nothing if none exists.
  package func dropStaged() throws(Failure) {
    let live = try read { (connection) throws(Failure) -> (number: Int64?, hasOthers: Bool) in
      let number = try Self.live(connection)?.build.number
      let others = try connection.number("SELECT count(*) FROM builds WHERE number <> \(number ?? 0)")
      return (number, others != 0)
    }
    guard live.hasOthers else { return }
    try write(isDurable: false) { (connection) throws(Failure) in
      try Self.removeBuilds(except: live.number, connection)
    }
  }

  /// Puts the staged build in the place of the live one, whose segments become garbage: one new generation.
  package func promoteStaged(isComplete: Bool) throws(Failure) -> Generation {
    try writing(isDurable: true) { (connection) throws(Failure) in
      guard let staged = try Self.staged(connection) else {
        throw Failure(.invalidArgument, "there is no staged build", path: path)
      }
      try Self.removeBuilds(except: staged.number, connection)
      return try addGeneration(of: staged, isComplete: isComplete, isLive: true, connection)
    }
  }

  /// The build as it is, verified by its checksums; the live one is made where nothing was committed yet.
  private static func buildToChange(
    _ which: IndexBuild, _ connection: SQLiteConnection
  ) throws(Failure) -> BuildRecord {
    if let build = try build(which, connection) { return build }
    guard which == .live else { throw Failure(.invalidArgument, "there is no staged build", path: connection.path) }
    return try addBuild(nil, connection)
  }

  private static func addBuild(
    _ identity: IndexIdentity?, _ connection: SQLiteConnection
  ) throws(Failure) -> BuildRecord {
    let number = try connection.numberAfter("SELECT max(number) FROM builds")
    let insert = try connection.statement("INSERT INTO builds VALUES (?, 0, ?, ?, ?, ?, ?, ?, 0, 0, 0)")
    insert.bind(1, number)
    if let identity {
      insert.bind(2, identity.modelName)
      insert.bind(3, identity.modelHash.storedBytes)
      insert.bind(4, identity.dimensions)
      insert.bind(5, identity.chunkerVersion)
      insert.bind(6, identity.analyzerVersion)
      insert.bind(7, identity.settings)
    }
    try insert.run()
    return BuildRecord(number: number, generation: 0, identity: identity, files: FileTotals(), segments: [])
  }

  private static func removeBuilds(except kept: Int64?, _ connection: SQLiteConnection) throws(Failure) {
    let kept = kept ?? 0
    try connection.execute(
      """
      DELETE FROM files WHERE build <> \(kept); DELETE FROM segments WHERE build <> \(kept);
      DELETE FROM without_syntax WHERE build <> \(kept); DELETE FROM builds WHERE number <> \(kept)
      """)
  }

  // MARK: Rows

  private static func insert(
    _ segment: SegmentRecord, _ build: BuildRecord, _ connection: SQLiteConnection
  ) throws(Failure) {
    let insert = try connection.statement("INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?, ?)")
    insert.bind(1, segment.id)
    insert.bind(2, build.number)
    insert.bind(3, segment.fileCount)
    insert.bind(4, segment.chunkCount)
    insert.bind(5, segment.byteCount)
    insert.bind(6, Int64(bitPattern: segment.checksum))
    insert.bind(7, segment.tombstones.storedBytes)
    try insert.run()
  }

  private static func upsert(
    _ files: [FileRecord], _ build: inout BuildRecord, _ references: inout SegmentReferences,
    _ connection: SQLiteConnection
  ) throws(Failure) {
    if files.isEmpty { return }
    // A build without files knows none of them.
    let areNew =
      build.files.count == 0 && files.indices.dropFirst().allSatisfy { files[$0 - 1].path < files[$0].path }
    let known = try connection.statement("SELECT checksum, segment FROM files WHERE build = ? AND path = ?")
    let upsert = try connection.statement("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    var covered = CoveredBytes()
    for file in files {
      var before: SegmentID?
      if !areNew {
        known.bind(1, build.number)
        known.bind(2, file.path.bytes)
        if try known.step() {
          build.files.remove(UInt64(bitPattern: known.integer(0)))
          if !known.isNull(1) { before = known.integer(1) }
        }
        known.reset()
      }
      try references.move(from: before, to: file.segment, connection)
      let checksum = covered.checksum(of: file, build: build.number)
      build.files.add(checksum)
      upsert.bind(1, build.number)
      upsert.bind(2, file.path.bytes)
      upsert.bind(3, file.fingerprint.byteCount)
      upsert.bind(4, file.fingerprint.modified)
      upsert.bind(5, file.fingerprint.changed)
      upsert.bind(6, Int64(bitPattern: file.fingerprint.inode))
      upsert.bind(7, file.contentHash.storedBytes)
      switch file.state {
      case .indexed(let segment, let number):
        upsert.bind(8, segment)
        upsert.bind(9, number)
        upsert.bindNull(10)
      case .skipped(let reason):
        upsert.bindNull(8)
        upsert.bindNull(9)
        upsert.bind(10, reason.rawValue)
      }
      upsert.bind(11, Int64(bitPattern: checksum))
      try upsert.run()
    }
  }

  /// Runs a removal that gives the checksums and the segments of the rows it removed.
  private static func remove(
    _ removal: SQLiteStatement, _ build: inout BuildRecord, _ references: inout SegmentReferences
  ) throws(Failure) {
    defer { removal.reset() }
    while try removal.step() {
      build.files.remove(UInt64(bitPattern: removal.integer(0)))
      if !removal.isNull(1) { references.leave(removal.integer(1)) }
    }
  }

  private static func remove(_ segments: [SegmentID], _ connection: SQLiteConnection) throws(Failure) {
    let drop = try connection.statement("DELETE FROM segments WHERE id = ?")
    for segment in segments {
      drop.bind(1, segment)
      try drop.run()
    }
  }

  private static func setTombstones(
    _ change: CatalogChange, in build: BuildRecord, _ connection: SQLiteConnection
  ) throws(Failure) {
    let changed = Set(change.tombstones.keys).union(change.revived.keys).sorted()
    if changed.isEmpty { return }
    let update = try connection.statement("UPDATE segments SET retired_files = ? WHERE id = ?")
    for id in changed {
      guard var segment = build.segments.first(where: { $0.id == id }) else {
        throw Failure(.invalidArgument, "there is no segment \(id) with files to retire", path: connection.path)
      }
      // Revived first: what the same change tombstones stays so.
      for number in change.revived[id] ?? [] {
        guard segment.tombstones.contains(number) else {
          throw Failure(.invalidArgument, "file \(number) of segment \(id) is not tombstoned", path: connection.path)
        }
        segment.tombstones.remove(number)
      }
      for number in change.tombstones[id] ?? [] {
        guard number >= 0, number < segment.fileCount else {
          throw Failure(.invalidArgument, "segment \(id) has no file \(number) to retire", path: connection.path)
        }
        segment.tombstones.insert(number)
      }
      update.bind(1, segment.tombstones.storedBytes)
      update.bind(2, id)
      try update.run()
    }
  }

  // MARK: Generations

  /// How many past generations and runs are kept, for a person who looks into what happened.
  package static let historyCount = 100

  /// Notes down what has become of the build, whose segments are read back, and makes a new generation of it where it
  /// is live. Returns the generation, or 0.
  private func addGeneration(
    of changed: BuildRecord, isComplete: Bool, isLive: Bool, _ connection: SQLiteConnection
  ) throws(Failure) -> (Generation, checksum: UInt64) {
    var build = changed
    build.segments = try Self.segments(of: build.number, connection)
    // Beyond a generation that was lost too, so that its mark falls behind.
    let next = max(
      try connection.numberAfter("SELECT max(number) FROM generations"), (markAtOpening?.generation ?? 0) + 1)
    build.generation = isLive ? next : 0
    let checksum = build.checksum
    let update = try connection.statement(
      "UPDATE builds SET generation = ?, file_count = ?, files_checksum = ?, checksum = ? WHERE number = ?")
    update.bind(1, build.generation)
    update.bind(2, build.files.count)
    update.bind(3, Int64(bitPattern: build.files.checksum))
    update.bind(4, Int64(bitPattern: checksum))
    update.bind(5, build.number)
    try update.run()
    guard isLive else { return (0, 0) }
    let generation = GenerationRecord(
      number: next, committed: wallClockNanoseconds(), isComplete: isComplete, build: build.number)
    let own = generation.checksum(build: checksum)
    let insert = try connection.statement("INSERT INTO generations VALUES (?, ?, ?, ?, ?)")
    insert.bind(1, next)
    insert.bind(2, generation.committed)
    insert.bind(3, isComplete ? 1 : 0)
    insert.bind(4, build.number)
    insert.bind(5, Int64(bitPattern: own))
    try insert.run()
    let prune = try connection.statement("DELETE FROM generations WHERE number <= ?")
    prune.bind(1, next - Int64(Self.historyCount))
    try prune.run()
    return (next, own)
  }

  /// Writes the mark of the first generation where it could not be written after that, on a full disk, or the process
  /// was killed before. Beside a second one a missing mark is damage; so none is committed without it, and what fails
  /// here ends the transaction.
  private func markFirstGeneration(_ connection: SQLiteConnection) throws(Failure) {
    guard case .missing = CatalogMark.state(beside: file), let live = try Self.live(connection),
      live.generation.number == 1
    else { return }
    try CatalogMark(generation: 1, checksum: live.checksum).put(beside: file)
  }

  /// A transaction that may end in a new generation, which is marked beside the catalog once it is durable.
  private func writing(
    isDurable: Bool, _ body: (SQLiteConnection) throws(Failure) -> (Generation, checksum: UInt64)
  ) throws(Failure) -> Generation {
    let (generation, checksum) = try write(isDurable: isDurable) {
      (connection) throws(Failure) -> (Generation, checksum: UInt64) in
      if isDurable { try markFirstGeneration(connection) }
      return try body(connection)
    }
    if generation > 0 {
      CatalogMark(generation: generation, checksum: checksum).write(beside: file)
    }
    return generation
  }
}

/// Moves files into other segments, and keeps the totals of their build.
private final class FileMover {
  var build: BuildRecord
  var references: SegmentReferences
  private var covered = CoveredBytes()

  init(_ build: BuildRecord, _ references: SegmentReferences) {
    self.build = build
    self.references = references
  }

  func apply(_ move: MovedFile, _ connection: SQLiteConnection) throws(Failure) {
    let row = try connection.statement(
      "SELECT \(IndexCatalog.fileColumns) FROM files WHERE build = ? AND path = ?")
    row.bind(1, build.number)
    row.bind(2, move.path.bytes)
    guard try row.step() else {
      row.reset()
      throw Failure.damagedCatalog(connection.path, cause: "\(move.path) is in a segment and not in the list of files")
    }
    defer { row.reset() }
    var (file, old) = try IndexCatalog.fileRecord(row, build: build.number, &covered, connection)
    try references.move(from: file.segment, to: move.segment, connection)
    file.state = .indexed(segment: move.segment, number: move.number)
    let new = covered.checksum(of: file, build: build.number)
    let update = try connection.statement(
      "UPDATE files SET segment = ?, number = ?, checksum = ? WHERE build = ? AND path = ?")
    update.bind(1, move.segment)
    update.bind(2, move.number)
    update.bind(3, Int64(bitPattern: new))
    update.bind(4, build.number)
    update.bind(5, move.path.bytes)
    try update.run()
    build.files.remove(old)
    build.files.add(new)
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
