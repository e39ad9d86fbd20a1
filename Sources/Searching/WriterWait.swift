import Catalog
package import Disk
import IndexStorage
package import Primitives

/// What a search knows of another process that makes the index, while it waits for that: who it is, how far it is, and
/// for how long it has not got on.
package struct WriterWait {
  /// A process that has used no processor time, and changed no file of the index, for so long is not waited for any
  /// more: one that hangs, or waits for something that does not come.
  package static let patience = Duration.seconds(30)
  /// The same for one that was stopped.
  package static let patienceWithStopped = Duration.seconds(5)
  /// For so long a wait is not worth a word.
  package static let silence = Duration.seconds(2)
  private static let interval = Duration.milliseconds(250)

  /// What changes while the process gets on.
  package struct Signs: Hashable, Sendable {
    package var activity: ProcessActivity?
    /// Of the index' files: their bytes, and the newest time of change.
    package var byteCount = 0
    package var changed: Int64 = 0
    package init() {}
  }

  package private(set) var process: Int?
  /// Bytes that are written so far, committed or not.
  package var byteCount: Int { signs.byteCount }
  private var signs = Signs()
  private var looked: ContinuousClock.Instant?
  private var changed: ContinuousClock.Instant?

  package init() {}

  /// Whether it is time to look again.
  package func isDue(at now: ContinuousClock.Instant) -> Bool {
    looked.map { $0.duration(to: now) >= Self.interval } ?? true
  }

  /// Looks at the process that writes to `index`, where it is time to; throws where that does not get on. Gives whether
  /// it looked.
  mutating func look(at index: StoredIndex, indexDirectory: FilePath) throws(Failure) -> Bool {
    let now = ContinuousClock.now
    guard isDue(at: now), let directory = try? index.site.open() else { return false }
    let (process, signs) = directory.signsOfWriter()
    note(process, signs, at: now)
    if let failure = end(at: now, indexDirectory: indexDirectory) { throw failure }
    return true
  }

  /// Takes down what was seen at `now` of the process that holds the lock.
  package mutating func note(_ process: Int?, _ signs: Signs, at now: ContinuousClock.Instant) {
    if changed == nil || process != self.process || signs != self.signs { changed = now }
    (self.process, self.signs, looked) = (process, signs, now)
  }

  /// Why the wait is over, and what to do; nil while it goes on.
  package func end(at now: ContinuousClock.Instant, indexDirectory: FilePath) -> Failure? {
    guard let changed else { return nil }
    let isStopped = signs.activity?.isStopped == true
    let patience = isStopped ? Self.patienceWithStopped : Self.patience
    guard changed.duration(to: now) >= patience else { return nil }
    let who = process.map { "process \($0)" } ?? "another process"
    let seconds = Int(patience / .seconds(1))
    let (what, way) =
      isStopped
      ? ("was stopped", "let it go on (`kill -CONT\(number)`)")
      : ("has done nothing for \(seconds) s", "see what it waits for")
    return Failure(
      .locked,
      "\(who) holds the index, from which nothing can be answered yet, and \(what): \(way), or end it "
        + "(`kill\(number)`), and search again",
      path: indexDirectory)
  }

  private var number: String { process.map { " \($0)" } ?? "" }
}

extension IndexDirectory {
  /// Who holds the writer's lock, and what tells whether it gets on.
  func signsOfWriter() -> (process: Int?, signs: WriterWait.Signs) {
    var signs = WriterWait.Signs()
    let process = ((try? writer()) ?? nil)?.process
    signs.activity = process.flatMap { ProcessActivity(of: $0) }
    // Readers write into the shared memory of the log too, this one among them.
    let names = IndexCatalog.fileNames.filter { !$0.bytes.suffix(4).elementsEqual("-shm".utf8) }
    var statuses = names.compactMap { try? held.status(of: $0) }
    if let segments = try? segments() {
      statuses += ((try? segments.entries()) ?? []).compactMap { try? segments.status(of: $0.name) }
    }
    if let underWay = try? held.status(of: Self.underWayName) { signs.changed = underWay.changed }
    for status in statuses {
      signs.byteCount += status.byteCount
      signs.changed = max(signs.changed, status.changed)
    }
    return (process, signs)
  }
}
