import Disk
import JSON
package import Primitives
package import Settings

/// What the answers to agents came to, day by day: how many there were, how many tokens they took, and how many the
/// files have that they show. In one small file in the user's own state directory; nothing of a query, a path or a text
/// is kept, and nothing leaves the machine.
///
/// Copies share nothing but the file; safe to use from several threads and processes at once. Every function blocks.
package struct SavingsLog: Sendable {
  /// What one answer came to.
  package struct Answer: Sendable {
    /// `search`, `read`, ...
    package var tool: String
    package var tokens: Int
    /// Bytes of the files that it shows lines of, read whole.
    package var fileByteCount: Int
    package var fileCount: Int
    package var isEmpty: Bool

    package init(tool: String, tokens: Int, fileByteCount: Int, fileCount: Int, isEmpty: Bool) {
      (self.tool, self.tokens, self.fileByteCount) = (tool, tokens, fileByteCount)
      (self.fileCount, self.isEmpty) = (fileCount, isEmpty)
    }
  }

  /// More is not read, nor written.
  private static let byteLimit = 1 << 20
  /// So many rows are kept by their days; older ones are added to one without a day.
  package static let rowLimit = 2_000

  /// The file.
  package let path: FilePath

  /// Nil where the user has no home directory.
  package init?(_ environment: EnvironmentVariables) {
    guard let state = environment.stateDirectory else { return nil }
    path = state.appending("cairn/savings.json")
  }

  /// Adds answers of the day that `time` (nanoseconds since 1970) is in. One that cannot be read is replaced.
  package func add(_ answers: [Answer], at time: Int64) throws(Failure) {
    if answers.isEmpty { return }
    try makeDirectory(path.parent, mode: 0o700)
    let lock = try FileLock(HeldName(lockPath), waits: true)
    defer { withExtendedLifetime(lock) {} }
    var totals = (try? read()) ?? SavingsTotals()
    for answer in answers { totals.add(answer, day: Self.day(time)) }
    totals.fold(to: Self.rowLimit)
    var file = try AtomicFile(HeldName(path))
    try file.write(totals.json.bytes)
    try file.commit()
  }

  /// The same, of now.
  package func add(_ answers: [Answer]) throws(Failure) { try add(answers, at: wallClockNanoseconds()) }

  /// All that is kept; empty where there is no file. Throws where it is none of this program's.
  package func read() throws(Failure) -> SavingsTotals {
    let bytes: [UInt8]
    do throws(Failure) { bytes = try readFile(path, limit: Self.byteLimit).bytes } catch {
      if error.code == .notFound { return SavingsTotals() }
      throw error
    }
    guard let value = try? JSONValue(parsing: bytes), let totals = SavingsTotals(value) else {
      throw Failure(
        .damaged, "this is no record of savings; remove it, and the next answer makes another one", path: path)
    }
    return totals
  }

  /// Forgets all of it; gives whether there was anything. The lock, an empty file, stays: another process may hold it
  /// just now, or wait for it.
  package func clear() throws(Failure) -> Bool {
    guard fileExists(path) else { return false }
    let lock = try FileLock(HeldName(lockPath), waits: true)
    defer { withExtendedLifetime(lock) {} }
    guard fileExists(path) else { return false }
    try removeFile(path)
    return true
  }

  private var lockPath: FilePath { path.parent.appending("savings.lock") }

  /// Bytes of the files at `paths`, relative to `root`, as far as they are there; a link is not followed.
  package static func byteCount(of paths: [FilePath], in root: FilePath) -> Int {
    paths.reduce(0) { sum, path in
      sum + ((try? FileStatus(of: root.appending(path), followsLinks: false))?.byteCount ?? 0)
    }
  }

  /// The day in UTC, counted from 1970.
  package static func day(_ time: Int64) -> Int { Int(time / 86_400_000_000_000) }
}
