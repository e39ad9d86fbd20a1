import Corpus
import Disk
import Inspection
package import Primitives
import SQLite

extension IndexCatalog {
  /// What the index was built with, or nil in a new catalog.
  package func identity() throws(Failure) -> IndexIdentity? { try snapshot().identity }

  /// A number that differs from the one before whenever another connection has committed something meanwhile: a few
  /// microseconds, for callers that keep what they read. Of no meaning for another catalog object.
  package func changeNumber() throws(Failure) -> Int64 {
    try withConnection { (connection) throws(Failure) in try connection.number("PRAGMA data_version") ?? 0 }
  }

  /// What is live now, or staged, read in one transaction and verified by its checksums. Of a build that there is not:
  /// no segments. Throws `.damaged` where a byte that it depends on is not as it was committed, and, for a reader,
  /// where commits are missing that were there before: a damaged log loses them without SQLite telling so.
  package func snapshot(of which: IndexBuild = .live) throws(Failure) -> CatalogSnapshot {
    // Read first: what is committed meanwhile is newer than the mark, and never older.
    let mark = mode == .reading ? CatalogMark(beside: file) : nil
    let (snapshot, checksum) = try read { (connection) throws(Failure) in try Self.snapshot(of: which, connection) }
    if which == .live, let mark { try mark.check(snapshot.generation, checksum, path) }
    return snapshot
  }

  /// With the checksum of the generation; 0 if nothing was committed.
  private static func snapshot(
    of which: IndexBuild, _ connection: SQLiteConnection
  ) throws(Failure) -> (CatalogSnapshot, UInt64) {
    var snapshot = CatalogSnapshot(generation: 0, segments: [], isComplete: false)
    switch which {
    case .live:
      guard let live = try live(connection) else { return (snapshot, 0) }
      snapshot.generation = live.generation.number
      snapshot.isComplete = live.generation.isComplete
      snapshot.identity = live.build.identity
      snapshot.segments = live.build.segments
      return (snapshot, live.checksum)
    case .staged:
      guard let staged = try staged(connection) else { return (snapshot, 0) }
      snapshot.identity = staged.identity
      snapshot.segments = staged.segments
      return (snapshot, 0)
    }
  }

  /// The newest commit; nil if there is none.
  package func newestStamp() throws(Failure) -> GenerationStamp? {
    try read { (connection) throws(Failure) in
      guard let live = try Self.live(connection) else { return nil }
      return GenerationStamp(generation: live.generation.number, checksum: live.checksum)
    }
  }

  /// Whether a rebuild is staged beside the live build. Throws `.damaged` where what it is cannot be told.
  package func hasStagedBuild() throws(Failure) -> Bool {
    try read { (connection) throws(Failure) in try Self.staged(connection) != nil }
  }

  /// The segments of every build: whatever else lies on the disk is garbage.
  package func keptSegments() throws(Failure) -> Set<SegmentID> {
    try read { (connection) throws(Failure) in
      let live = try Self.live(connection)?.build.segments ?? []
      return Set((live + (try Self.staged(connection)?.segments ?? [])).map(\.id))
    }
  }

  /// The generation that was committed last, where this catalog has lost it: its log was damaged. What the catalog
  /// holds is then a sound state from before.
  package func lostGeneration() throws(Failure) -> Generation? {
    guard let mark = CatalogMark(beside: file) else { return nil }
    let newest = try read { (connection) throws(Failure) in try Self.live(connection)?.generation.number ?? 0 }
    return newest < mark.generation ? mark.generation : nil
  }

  /// What a run mends by writing the mark again; in the words of a message.
  package enum MarkFlaw: String, Sendable {
    case damaged
    case missing
    case foreign = "of another index"
  }

  /// What is wrong with the mark, and how to say so.
  package struct MarkDamage: Sendable {
    /// Nil if a run cannot mend it.
    package var flaw: MarkFlaw?
    package var failure: Failure
  }

  private func flaw(of mark: CatalogMark.State) throws(Failure) -> MarkFlaw? {
    switch mark {
    case .damaged: return .damaged
    case .unreadable: return nil
    case .missing:
      // A first commit may have been stopped before its mark.
      let newest = try read { (connection) throws(Failure) in try Self.live(connection)?.generation.number ?? 0 }
      return newest < 2 ? nil : .missing
    case .sound(let mark):
      let isForeign = try read { (connection) throws(Failure) -> Bool in
        guard let live = try Self.live(connection) else { return false }
        return mark.isForeign(to: live.generation.number, live.checksum)
      }
      return isForeign ? .foreign : nil
    }
  }

  /// What is wrong with the mark that would tell of lost commits: it is damaged, of another index, or missing where it
  /// must have been written. Nil for one that is sound, also where commits were lost (`lostGeneration`). Reads the mark
  /// once.
  package func damageOfMark() throws(Failure) -> MarkDamage? {
    let mark = CatalogMark.state(beside: file)
    if case .unreadable(let failure) = mark { return MarkDamage(flaw: nil, failure: failure) }
    if case .damaged = mark, CatalogMark.isBarred(beside: file) {
      let failure = Failure(
        .notRegular,
        "a directory that holds something is where the mark of the newest generation belongs, so that lost commits "
          + "would not be noticed, and was not touched: move it away",
        path: CatalogMark.file(beside: file).path, remedy: .index)
      return MarkDamage(flaw: nil, failure: failure)
    }
    guard let flaw = try flaw(of: mark) else { return nil }
    let failure = Failure(
      .damaged,
      "the mark of the newest generation is \(flaw.rawValue), so that lost commits would not be noticed: the next run "
        + "looks at every file again and writes another",
      path: CatalogMark.file(beside: file).path, remedy: .index)
    return MarkDamage(flaw: flaw, failure: failure)
  }

  /// Every file that the build knows, in the order of its path's bytes.
  package func files(of which: IndexBuild = .live) throws(Failure) -> [FileRecord] {
    var files: [FileRecord] = []
    try forEachFile(of: which) { files.append($0) }
    return files
  }

  /// Calls `body` with every file that the build knows, in the order of its path's bytes, all of one generation. Holds
  /// the catalog meanwhile: `body` must not call it. Throws `.damaged` where a row is not as it was committed, or one
  /// is missing: what `body` was given until then is not to be used.
  package func forEachFile(
    of which: IndexBuild = .live, _ body: (FileRecord) throws(Failure) -> Void
  ) throws(Failure) {
    try read { (connection) throws(Failure) in
      guard let build = try Self.build(which, connection) else { return }
      try Self.forEachFile(of: build, connection, body)
    }
  }

  /// Calls `body` with each file that the build knows as left out for its content, in the order of their paths; of
  /// 100,000 files about ten milliseconds. That a row is missing does not show.
  package func forEachSkippedFile(
    of which: IndexBuild = .live, _ body: (FileRecord) throws(Failure) -> Void
  ) throws(Failure) {
    try read { (connection) throws(Failure) in
      guard let build = try Self.build(which, connection) else { return }
      let rows = try connection.statement(
        "SELECT \(Self.fileColumns) FROM files WHERE build = ? AND segment IS NULL ORDER BY path")
      defer { rows.reset() }
      rows.bind(1, build.number)
      var covered = CoveredBytes()
      while try rows.step() {
        try body(try Self.fileRecord(rows, build: build.number, &covered, connection).file)
      }
    }
  }

  /// Calls `body` with those files at `paths`, which ascend, that the build knows, in their order: a few microseconds
  /// for each path. Holds the catalog meanwhile. Throws `.damaged` where a row is not as it was committed; that one is
  /// missing does not show.
  package func forEachFile(
    of which: IndexBuild = .live, at paths: [FilePath], _ body: (FileRecord) throws(Failure) -> Void
  ) throws(Failure) {
    if paths.isEmpty { return }
    try read { (connection) throws(Failure) in
      guard let build = try Self.build(which, connection) else { return }
      let row = try connection.statement("SELECT \(Self.fileColumns) FROM files WHERE build = ? AND path = ?")
      var covered = CoveredBytes()
      for path in paths {
        row.bind(1, build.number)
        row.bind(2, path.bytes)
        if try row.step() { try body(try Self.fileRecord(row, build: build.number, &covered, connection).file) }
        row.reset()
      }
    }
  }

  /// Calls `body` once with each file that the build knows at or below one of `places`, but for those in `except`, in
  /// no particular order. Holds the catalog meanwhile. Throws as the same at single paths.
  package func forEachFile(
    of which: IndexBuild = .live, in places: [UnreadRecord], except: Set<FilePath>,
    _ body: (FileRecord) throws(Failure) -> Void
  ) throws(Failure) {
    if places.isEmpty { return }
    try read { (connection) throws(Failure) in
      guard let build = try Self.build(which, connection) else { return }
      let rows = try connection.statement(
        "SELECT \(Self.fileColumns) FROM files WHERE build = ? AND path >= ? AND path < ?")
      var covered = CoveredBytes()
      var seen = except
      for place in places.map(\.path.bytes) {
        // The path itself; and what is in a directory has its path, a slash and more.
        let slash = UInt8(ascii: "/")
        for (start, end) in [(place, place + [0]), (place + [slash], place + [slash + 1])] {
          rows.bind(1, build.number)
          rows.bind(2, start)
          rows.bind(3, end)
          while try rows.step() {
            let file = try Self.fileRecord(rows, build: build.number, &covered, connection).file
            if seen.insert(file.path).inserted { try body(file) }
          }
          rows.reset()
        }
      }
    }
  }

  static let fileColumns =
    "path, byte_count, modified, changed, inode, content_hash, segment, number, skip_reason, checksum"

  static func forEachFile(
    of build: BuildRecord, _ connection: SQLiteConnection, _ body: (FileRecord) throws(Failure) -> Void
  ) throws(Failure) {
    let rows = try connection.statement("SELECT \(fileColumns) FROM files WHERE build = ? ORDER BY path")
    defer { rows.reset() }
    rows.bind(1, build.number)
    var covered = CoveredBytes()
    var totals = FileTotals()
    var previous: FilePath?
    while try rows.step() {
      let (file, checksum) = try fileRecord(rows, build: build.number, &covered, connection)
      if let previous, !(previous < file.path) {
        throw Failure.damagedCatalog(connection.path, cause: "its files are not in order")
      }
      previous = file.path
      totals.add(checksum)
      try body(file)
    }
    guard totals == build.files else {
      throw Failure.damagedCatalog(
        connection.path, cause: "it lists \(totals.count) files and has \(build.files.count)")
    }
  }

  /// The file that the current row of `rows` (`fileColumns`) is about, verified by the row's checksum.
  static func fileRecord(
    _ rows: SQLiteStatement, build: Int64, _ covered: inout CoveredBytes, _ connection: SQLiteConnection
  ) throws(Failure) -> (file: FileRecord, checksum: UInt64) {
    let state: FileRecord.State
    if rows.isNull(6) {
      guard let reason = SkipReason(rawValue: rows.text(8)) else {
        throw Failure.damagedCatalog(connection.path, cause: "unknown reason \(rows.text(8))")
      }
      state = .skipped(reason)
    } else {
      state = .indexed(segment: rows.integer(6), number: try count(rows, 7, connection))
    }
    let file = FileRecord(
      path: FilePath(bytes: rows.bytes(0)),
      fingerprint: Fingerprint(
        byteCount: try count(rows, 1, connection), modified: rows.integer(2), changed: rows.integer(3),
        inode: UInt64(bitPattern: rows.integer(4))),
      contentHash: try contentHash(rows, 5, connection), state: state)
    let stored = UInt64(bitPattern: rows.integer(9))
    guard covered.checksum(of: file, build: build) == stored else {
      throw Failure.damagedCatalog(connection.path, cause: "what it says of \(file.path) is not as it was committed")
    }
    return (file, stored)
  }
}
