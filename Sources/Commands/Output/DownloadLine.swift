import Cairn
import Glibc
import Rendering
import Synchronization

/// One line on the terminal that says how far a download is, drawn over itself and erased at the end. Reports may come
/// from any thread.
final class DownloadLine: Sendable {
  private struct State {
    var firstBytes: Int?
    var lastDrawn: ContinuousClock.Instant?
  }
  private static let interval = Duration.milliseconds(100)

  private let isShown: Bool
  private let began = ContinuousClock.now
  private let state = Mutex(State())

  init(isShown: Bool) { self.isShown = isShown }

  func report(_ progress: ModelLibrary.Progress) {
    guard isShown else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      // What an earlier run left is no sign of this line's speed.
      if state.firstBytes == nil { state.firstBytes = progress.bytesDone }
      if let last = state.lastDrawn, now - last < Self.interval { return }
      state.lastDrawn = now
      let text = downloadText(
        progress, fetched: progress.bytesDone - (state.firstBytes ?? 0), seconds: (now - began).seconds)
      _ = writeAll(
        Array("\r\(cut(text, to: Terminal.columns(of: STDERR_FILENO) - 1))\u{1B}[K".utf8), to: STDERR_FILENO)
    }
  }

  func finish() {
    state.withLock { state in
      if state.lastDrawn != nil { _ = writeAll(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO) }
      state.lastDrawn = nil
    }
  }
}

/// `onnx/model.onnx  40.1 MB of 90.4 MB  5.2 MB/s  ~10 s left`
///
/// - Parameters:
///   - fetched: bytes that came in `seconds`.
func downloadText(_ progress: ModelLibrary.Progress, fetched: Int, seconds: Double) -> String {
  var parts = [safeText(progress.file), byteText(progress.bytesDone)]
  if let total = progress.bytesTotal { parts[1] += " of \(byteText(total))" }
  let rate = seconds > 0.5 ? Double(fetched) / seconds : 0
  if rate > 0 {
    parts.append("\(byteText(Int(rate)))/s")
    if let total = progress.bytesTotal {
      parts.append("~\(durationText(Double(max(0, total - progress.bytesDone)) / rate)) left")
    }
  }
  return parts.joined(separator: "  ")
}
