package import Cairn
import Rendering

/// The words of the progress line: a pure function of how far the run is and how long it took.
package enum ProgressText {
  /// - Parameters:
  ///   - seconds: since the stage began.
  ///   - columns: of the terminal.
  package static func line(_ progress: IndexProgress, seconds: Double, columns: Int) -> String {
    switch progress.stage {
    case .walking: return cut("finding files  \(progress.filesDone)", to: columns - 1)
    case .merging: return cut("merging segments", to: columns - 1)
    case .waiting: return cut("\(waiting(progress)), \(byteText(progress.bytesDone)) written", to: columns - 1)
    case .indexing: break
    }
    let rate = seconds > 0.2 ? Double(progress.bytesDone) / seconds : 0
    var parts = [countsText(progress)]
    if rate > 0 { parts.append("\(byteText(Int(rate)))/s") }
    if let total = progress.bytesTotal, rate > 0, seconds > 1 {
      parts.append("~\(remainingText(Double(max(0, total - progress.bytesDone)) / rate)) left")
    }
    let words = parts.joined(separator: "  ")
    let barWidth = min(30, columns - 1 - "indexing   ".count - words.count)
    let bar = barWidth >= 8 ? bar(fraction(progress), width: barWidth) + " " : ""
    return cut("indexing  \(bar)\(words)", to: columns - 1)
  }

  /// Whom a search waits for.
  package static func waiting(_ progress: IndexProgress) -> String {
    "waiting for \(progress.process.map { "process \($0)" } ?? "another process"), which makes the index"
  }

  private static func countsText(_ progress: IndexProgress) -> String {
    let files = progress.filesTotal.map { "\(progress.filesDone)/\($0) files" } ?? countText(progress.filesDone, "file")
    return "\(files)  \(byteText(progress.bytesDone))"
  }

  private static func remainingText(_ seconds: Double) -> String {
    seconds < 60 ? "\(Int(seconds.rounded(.up))) s" : durationText(seconds)
  }

  private static func fraction(_ progress: IndexProgress) -> Double {
    let (done, total) =
      if let bytes = progress.bytesTotal, bytes > 0 { (progress.bytesDone, bytes) } else {
        (progress.filesDone, progress.filesTotal ?? 0)
      }
    return total > 0 ? min(1, max(0, Double(done) / Double(total))) : 0
  }

  private static func bar(_ fraction: Double, width: Int) -> String {
    let filled = Int(fraction * Double(width))
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }
}
