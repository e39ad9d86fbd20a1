package import Cairn
import Rendering

/// What happens while a tree is watched, in words.
package enum WatchText {
  /// That it begins.
  package static func line(_ watcher: Watcher, root: Path, _ report: IndexReport) -> String {
    let directories = watcher.directoryCount == 1 ? "1 directory" : "\(watcher.directoryCount) directories"
    return "watching \(safeText(root.description)): \(countText(report.fileCount, "file")) in \(directories)"
      + sight(watcher)
  }

  /// How it knows of changes, where that is not as it should be.
  private static func sight(_ watcher: Watcher) -> String {
    guard let interval = watcher.pollInterval else { return "" }
    return ", looked at every \(durationText(interval)), \(reason(watcher)); searches look for themselves"
  }

  /// Why it looks at the files.
  private static func reason(_ watcher: Watcher) -> String {
    watcher.pollReason.map { "since \(safeText($0))" } ?? "as it was told to"
  }

  /// What changed: `2 files indexed, 1 gone; 12 ms`.
  package static func line(_ report: IndexReport) -> String {
    var parts: [String] = []
    if report.filesIndexed > 0 { parts.append("\(countText(report.filesIndexed, "file")) indexed") }
    if report.filesRemoved > 0 { parts.append("\(countText(report.filesRemoved, "file")) gone") }
    if parts.isEmpty { parts.append("no file of the index has changed") }
    return parts.joined(separator: ", ") + "; " + durationText(report.seconds)
  }

  /// For `cairn status`.
  static func status(_ watcher: Watcher?) -> String {
    guard let watcher else { return "no; each search looks at the tree first (`cairn watch` spares it that)" }
    let how =
      watcher.pollInterval.map { interval in
        "looks at the files every \(durationText(interval)), \(reason(watcher)), and so do searches"
      } ?? "is told of every change"
    return "by process \(watcher.processID), which \(how)"
  }
}
