package import Disk
package import Primitives
import SQLite
import Synchronization

/// The SQLite database that says what is live: files, segments, generations. The only list of that truth.
///
/// One connection, used under a lock: calls may come from any thread, run one after the other, and block until they are
/// done (a commit waits for the disk), so call them from a thread of your own and not from the shared pool. Any number
/// of processes may read while one writes; neither waits for the other.
///
/// A commit is durable when it returns (write-ahead log, `synchronous=FULL`): the vacuum that follows a commit removes
/// files that the generation before it still needs, so the commit must not be lost to a power failure that the removal
/// survives. The journal and the segment numbers do without (`synchronous=NORMAL`): a power failure takes them back to
/// the last commit, and that is a sound state; a killed process loses nothing of either.
///
/// Damage is noticed: every row that a result depends on is covered by a checksum that is verified whenever it is read,
/// and `CatalogMark` tells when a damaged log has taken commits back.
///
/// The log (`catalog.sqlite-wal`) and its shared index (`-shm`) stay beside the database after the last connection has
/// closed, the log empty. With them there, an index in a directory that the reader may not write can be read as any
/// other. Where they are missing and cannot be made, the database is opened as immutable, which is right as long as
/// nobody writes it meanwhile.
package final class IndexCatalog: Sendable {
  package enum Mode: Sendable { case reading, writing }

  package static let fileName: FilePath = "catalog.sqlite"
  /// The file that says which generation is the newest (`CatalogMark`).
  package static let newestName = CatalogMark.fileName

  let file: HeldName
  var path: FilePath { file.path }
  let mode: Mode
  /// For a writer: the newest generation as it was marked beside the catalog.
  let markAtOpening: CatalogMark?
  /// The connection, and whether the log is to be emptied because something was written through it.
  private let access: Mutex<(connection: SQLiteConnection, hasWritten: Bool)>
  private let leavesLog: Bool

  /// Opens the catalog of the index in `directory` (file `catalog.sqlite`); in `writing` mode it is made when missing.
  /// Throws `.notFound` when there is none to read, `.unsupportedVersion` when it is of a version this program does not
  /// know, `.damaged` when it is not a catalog: also where a file of it is a link, a directory, a pipe or a file with
  /// another name.
  ///
  /// - Parameters:
  ///   - path: of the directory, for messages.
  ///   - leavesLog: a writer empties the log when it goes unless this is set, for one that writes little and often: the
  ///     log stays below some MB all the same, and a later writer empties it.
  package init(
    directory: OpenDirectory, path directoryPath: FilePath, mode: Mode, leavesLog: Bool = false
  ) throws(Failure) {
    self.leavesLog = leavesLog
    let file = HeldName(Self.fileName, in: directory, path: directoryPath.appending(Self.fileName))
    self.file = file
    self.mode = mode
    switch mode {
    case .reading: access = Mutex((try Self.openForReading(file), false))
    case .writing: access = Mutex((try Self.openForWriting(file), false))
    }
    markAtOpening = mode == .writing ? CatalogMark(beside: file) : nil
  }

  /// The same in the directory at `path`, which is opened here; a link is not followed.
  package convenience init(directory path: FilePath, mode: Mode) throws(Failure) {
    guard !path.bytes.contains(0) else { throw Failure(.invalidArgument, "a path cannot hold a NUL byte", path: path) }
    let directory: OpenDirectory
    do throws(Failure) { directory = try OpenDirectory(notFollowing: path) } catch {
      guard error.code == .notFound, mode == .reading else { throw error }
      throw Failure.missingCatalog(path.appending(Self.fileName))
    }
    try self.init(directory: directory, path: path, mode: mode)
  }

  deinit {
    access.withLock { access in
      // A run that wrote nothing leaves the log as it found it.
      if leavesLog {
        access.connection.leaveLogUnmoved()
      } else if access.hasWritten {
        access.connection.emptyLog()
      }
    }
  }

  /// The names of everything that a catalog consists of, in the order in which it is removed.
  ///
  /// The mark goes first, which would miss what is gone; then the log: one without its database would be applied to the
  /// next database of that name.
  package static let fileNames: [FilePath] =
    [CatalogMark.fileName] + ["-journal", "-wal", "-shm", ""].map { FilePath(bytes: fileName.bytes + Array($0.utf8)) }

  /// Removes the catalog of the index in `directory`, sound or not, whatever is at its paths (of a directory, an
  /// empty one). The caller holds the writer's lock, and the directory is Cairn's own.
  package static func remove(from directory: OpenDirectory) throws(Failure) {
    for name in fileNames { try directory.remove(name) }
    try directory.sync()
  }

  /// The same in the directory at `path`; without effect where there is none.
  package static func remove(from path: FilePath) throws(Failure) {
    guard fileExists(path) else { return }
    try remove(from: OpenDirectory(notFollowing: path))
  }

  /// Runs `body`, one statement, on the connection.
  func withConnection<Result: Sendable>(
    _ body: (SQLiteConnection) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try access.withLock { (access) throws(Failure) -> Result in try body(access.connection) }
  }

  /// Runs `body` on the connection, in a transaction that sees one state of the database.
  func read<Result: Sendable>(_ body: (SQLiteConnection) throws(Failure) -> Result) throws(Failure) -> Result {
    try access.withLock { (access) throws(Failure) -> Result in
      let connection = access.connection
      return try connection.transaction(writes: false) { () throws(Failure) in try body(connection) }
    }
  }

  /// Runs `body` on the connection, in a transaction that is applied whole or not at all; durable against a power
  /// failure when `isDurable`, and against a killed process in either case.
  func write<Result: Sendable>(
    isDurable: Bool, _ body: (SQLiteConnection) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try access.withLock { (access) throws(Failure) -> Result in
      let connection = access.connection
      access.hasWritten = true
      try connection.execute(isDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
      do throws(Failure) {
        return try connection.transaction(writes: true) { () throws(Failure) in try body(connection) }
      } catch {
        throw Self.toldFromDamage(error, file)
      }
    }
  }
}
