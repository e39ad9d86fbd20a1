import Corpus

/// Sends how far a run is, at most 20 times a second, and once at the end.
final class ProgressReporter {
  private let send: (@Sendable (IndexProgress) -> Void)?
  private var progress: IndexProgress
  private var lastSent = ContinuousClock.now

  init(filesToRead: [CorpusDiff.FileToRead], send: (@Sendable (IndexProgress) -> Void)?) {
    self.send = send
    progress = IndexProgress(
      stage: .indexing, filesDone: 0, filesTotal: filesToRead.count, bytesDone: 0,
      bytesTotal: filesToRead.reduce(0) { $0 + $1.file.fingerprint.byteCount })
  }

  func finished(_ file: SourceFile) {
    guard let send else { return }
    progress.filesDone += 1
    progress.bytesDone += file.fingerprint.byteCount
    let now = ContinuousClock.now
    if lastSent.duration(to: now) >= .milliseconds(50) || progress.filesDone == progress.filesTotal {
      lastSent = now
      send(progress)
    }
  }
}
