/// Sends how far a run is, at most 20 times a second, and once at the end.
final class ProgressReporter {
  private let send: (@Sendable (IndexProgress) -> Void)?
  private var progress: IndexProgress
  private var lastSent = ContinuousClock.now

  init(_ diff: CorpusDiff, send: (@Sendable (IndexProgress) -> Void)?) {
    self.send = send
    progress = IndexProgress(
      stage: .indexing, filesDone: 0, filesTotal: diff.readCount, bytesDone: 0,
      bytesTotal: (0..<diff.readCount).reduce(0) { $0 + diff.byteCountToRead($1) })
  }

  func finished(byteCount: Int) {
    guard let send else { return }
    progress.filesDone += 1
    progress.bytesDone += byteCount
    let now = ContinuousClock.now
    if lastSent.duration(to: now) >= .milliseconds(50) || progress.filesDone == progress.filesTotal {
      lastSent = now
      send(progress)
    }
  }
}
