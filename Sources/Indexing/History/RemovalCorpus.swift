import Catalog
import Chunking
package import Corpus
import Disk
package import IndexStorage
import Inspection
package import Primitives
import Synchronization

/// The corpus of a history's index: its files are what commits removed, each the file as it was before the commit, of
/// which the lines that went are indexed. A commit never changes, so that what was read of it once is read again only
/// where it holds a secret, or the index is to be made anew; what is no longer reached from the commit that is checked
/// out is gone.
///
/// One value serves one run after the other, until `isFinished`: each reads what some thousand commits removed, the
/// newest first, so that what a run holds of their patches does not grow with the history. The list of commits and the
/// names of what the index has do. Thread-safe.
package final class RemovalCorpus: Sendable {
  /// What belongs to it.
  package struct Options: Hashable, Sendable {
    /// The newest commits, at most so many; nil for all.
    package var commitLimit: Int?
    package var includesVendored = false
    package init() {}
  }

  /// Commits whose removals one run reads, and removals that one run reads at most but for those of one commit.
  private static let commitsPerRun = 2000
  private static let removalsPerRun = 40_000

  private let history: GitHistory
  private let objects: GitObjects
  private let options: Options
  private let cancellation: Cancellation
  private let state = Mutex(State())

  private struct State {
    var log = CommitLog()
    /// By what they are called in the index.
    var removals: [FilePath: Removal] = [:]
    /// How many there are of each commit that this run reads.
    var counts: [UInt32: Int] = [:]
    /// Commits of which a removal was asked for that no run has listed.
    var recalled: Set<UInt32> = []
  }

  package init(
    _ history: GitHistory, _ objects: GitObjects, options: Options, cancellation: Cancellation
  ) {
    self.history = history
    self.objects = objects
    self.options = options
    self.cancellation = cancellation
  }

  /// The commits as the last run left them.
  package var log: CommitLog { state.withLock { $0.log } }

  /// Whether what every commit removed is in the index.
  package var isFinished: Bool { log.isRead }

  // MARK: What a run reads

  /// The files that the index is to have after the run: all that it has of commits that are still reached, and what the
  /// next commits removed of which it does not have all. Writes the list of commits; the caller is the one writer.
  ///
  /// - Parameter rereads: whether everything is to be read again.
  func listing(in directory: IndexDirectory, _ catalog: IndexCatalog, rereads: Bool) throws(Failure) -> CorpusListing {
    var known: [UInt32: [SourceFile]] = [:]
    var secrets: Set<UInt32> = []
    var greatest: UInt32 = 0
    try catalog.forEachFile { row in
      guard let number = RemovalPath.number(of: row.path.bytes.span) else { return }
      greatest = max(greatest, number)
      // What holds a secret is read again by each run, so that it leaves the index once it is not asked for.
      if row.fingerprint.isOfSecret {
        secrets.insert(number)
        return
      }
      known[number, default: []].append(SourceFile(path: row.path, fingerprint: row.fingerprint.withoutBulkMark))
    }
    let kept = try keptLog(directory, after: greatest)
    var log = try updatedLog(kept)
    if rereads { log.isPartial = false }
    // The commits at the end of a shallow clone seemed to have nothing before them.
    let rereads = rereads || kept.isShallow && !log.isShallow
    log = log.counted(by: known.mapValues(\.count))
    if rereads { for index in log.entries.indices { log.entries[index].removalCount = nil } }
    try directory.keep(log)
    let removals = try nextRemovals(of: log)
    log.isPartial = log.isPartial || removals.isPartial
    // Should the run be ended, what the index has got by then tells which commits are read: only where it has nothing
    // of a commit yet, which might be of what is to be read again.
    var started = log
    started.isUnderWay = true
    for index in started.entries.indices where !rereads || known.isEmpty && secrets.isEmpty {
      let number = started.entries[index].number
      guard known[number] == nil, !secrets.contains(number), let count = removals.counts[number] else { continue }
      started.entries[index].removalCount = count
    }
    try directory.keep(started)
    var files = removals.byName.map { SourceFile(path: $0, fingerprint: Self.fingerprint(of: $1)) }
    if !rereads {
      for entry in log.entries where removals.counts[entry.number] == nil { files += known[entry.number] ?? [] }
    }
    state.withLock { [log] state in
      state = State(log: log, removals: removals.byName, counts: removals.counts)
    }
    return CorpusListing(files: files.sorted { $0.path < $1.path }, skipped: [])
  }

  /// To be called when the run has committed everything: the next one begins behind it.
  func finishRun(in directory: IndexDirectory) throws(Failure) {
    let log = state.withLock { state in
      for index in state.log.entries.indices {
        if let count = state.counts[state.log.entries[index].number] { state.log.entries[index].removalCount = count }
      }
      (state.removals, state.counts, state.recalled) = ([:], [:], [])
      return state.log
    }
    try directory.keep(log)
  }

  /// The list of commits that the index has. Where there is none that can be read, numbers begin behind all that its
  /// files bear, so that none of them passes for another commit's.
  private func keptLog(_ directory: IndexDirectory, after greatest: UInt32) throws(Failure) -> CommitLog {
    var log = CommitLog()
    do throws(Failure) { log = try directory.commitLog() ?? log } catch {
      guard error.code == .damaged else { throw error }
    }
    log.nextNumber = max(log.nextNumber, greatest == .max ? .max : greatest + 1)
    return log
  }

  private func updatedLog(_ log: CommitLog) throws(Failure) -> CommitLog {
    guard let head = try history.head(cancellation: cancellation) else {
      return log.updated(to: [], head: nil, limit: options.commitLimit, isCut: false, isShallow: false)
    }
    let listing = try history.commits(from: head, limit: options.commitLimit, cancellation: cancellation)
    return log.updated(
      to: listing.commits, head: head, limit: options.commitLimit, isCut: listing.isCut, isShallow: history.isShallow)
  }

  /// What the newest commits removed that are not in the index yet, by what it is called there, and how much of each.
  private func nextRemovals(
    of log: CommitLog
  ) throws(Failure) -> (byName: [FilePath: Removal], counts: [UInt32: Int], isPartial: Bool) {
    let next = log.entries.filter { $0.removalCount == nil }.prefix(Self.commitsPerRun)
    var numbers: [GitObjectID: UInt32] = [:]
    var counts: [UInt32: Int] = [:]
    for entry in next {
      numbers[entry.commit.id] = entry.number
      counts[entry.number] = 0
    }
    var byName: [FilePath: Removal] = [:]
    var last: UInt32?
    var isPartial = false
    do throws(Failure) {
      let unreadable = try history.removals(of: next.map(\.commit.id), cancellation: cancellation) {
        (commit) throws(Failure) in
        guard let number = numbers[commit.commit] else { return }
        if byName.count > Self.removalsPerRun { throw Failure(.enough, "enough for one run") }
        last = number
        if commit.isCut { isPartial = true }
        for removal in commit.removals where self.isWanted(removal.path) {
          let name = RemovalPath(number: number, parent: removal.parent, path: removal.path).name
          if byName.updateValue(removal, forKey: name) == nil { counts[number, default: 0] += 1 }
        }
      }
      if !unreadable.isEmpty { isPartial = true }
    } catch {
      guard error.code == .enough, let last else { throw error }
      // Those behind it were not looked at.
      counts = counts.filter { $0.key >= last }
    }
    return (byName, counts, isPartial)
  }

  private func isWanted(_ path: FilePath) -> Bool {
    // A segment keeps no longer path.
    if path.bytes.count + RemovalPath.prefixByteCount >= CorpusWalker.pathByteLimit { return false }
    if path.isNeverIndexed { return false }
    return options.includesVendored || !path.isVendored
  }

  /// Not of a file on a disk: what tells two removals of one name apart is what they removed, of which the same commit
  /// always has the same. The size is a guess by the lines; the file itself is larger.
  private static func fingerprint(of removal: Removal) -> Fingerprint {
    let blob = ContentHash(of: removal.blob.bytes.span)
    let last = removal.lines.last?.upperBound ?? 0
    return Fingerprint(
      byteCount: min(last, 1 << 20) * bytesOfLine, modified: Int64(removal.lines.count),
      // Zero and less say something of files.
      changed: Int64(blob.high >> 2 | 1 << 61), inode: blob.low)
  }
  private static let bytesOfLine = 40

  // MARK: Reading

  /// The file as it was before the removal called `name`. Throws as `GitObjects.readBlob` does.
  func content(of name: FilePath, limit: Int) throws(Failure) -> [UInt8] {
    try objects.readBlob(try removal(named: name).blob, limit: limit, cancellation: cancellation)
  }

  /// The chunks of `text`, cut anew around the lines that are gone.
  func gonePieces(of chunks: [Chunk], in text: Span<UInt8>, _ name: FilePath) throws(Failure) -> [Chunk] {
    GonePieces(of: try removal(named: name).lines, in: text).pieces(of: chunks)
  }

  /// One that was listed, else one of which the index had lost what it knew.
  private func removal(named name: FilePath) throws(Failure) -> Removal {
    if let known = state.withLock({ $0.removals[name] }) { return known }
    guard let called = RemovalPath(name), let entry = state.withLock({ $0.log[number: called.number] }) else {
      throw Failure(.notFound, "no commit of the history is called so", path: name)
    }
    if state.withLock({ $0.recalled.insert(called.number).inserted }) {
      try history.removals(of: [entry.commit.id], cancellation: cancellation) { commit in
        self.state.withLock { state in
          for removal in commit.removals {
            let name = RemovalPath(number: entry.number, parent: removal.parent, path: removal.path).name
            state.removals[name] = removal
          }
        }
      }
    }
    if let found = state.withLock({ $0.removals[name] }) { return found }
    throw Failure(.notFound, "the commit did not remove this", path: name)
  }
}

extension Failure.Code {
  /// A run has as much to read as it should.
  fileprivate static let enough = Self(rawValue: "enough")
}

extension FilePath {
  /// Whether a directory on the way is one of other people's code by its name.
  fileprivate var isVendored: Bool {
    bytes.indices.contains { bytes[$0] == .slash && VendoredDirectory.isVendored(name: Array(bytes[..<$0])) }
  }
}
