package import Cairn
import Rendering

/// What an index run did, in words.
package enum ReportText {
  package static func lines(_ report: IndexReport) -> [String] {
    var lines = [
      "\(countText(report.filesSeen, "file")) seen: \(report.filesIndexed) indexed, "
        + "\(report.filesUnchanged) unchanged, \(report.filesSkipped) skipped\(reasons(report.skipped))"
    ]
    lines += limits(report)
    if let line = resumption(report) { lines.append(line) }
    if let other = report.adoptedFrom {
      let what = report.revision == nil ? "the index of another work tree" : "an index that has much of it"
      lines.append("taken over from \(what): \(safeText(other.description))")
    }
    if let reused = reused(report) { lines.append(reused) }
    if let revision = report.revision { lines.append("of the commit \(revision)") }
    if let reason = report.rebuildReason { lines.append("the index was rebuilt: \(safeText(reason))") }
    var held = "\(countText(report.chunkCount, "chunk")) of \(countText(report.fileCount, "file")) in the index"
    if report.filesRemoved > 0 { held += "; \(countText(report.filesRemoved, "file")) left it" }
    lines.append(held)
    var work = durationText(report.seconds)
    if report.bytesIndexed > 0 {
      work += ", \(byteText(report.bytesIndexed))"
      if report.seconds > 0 {
        work +=
          " (\(byteText(Int(Double(report.bytesIndexed) / report.seconds)))/s, "
          + "\(Int((Double(report.filesIndexed) / report.seconds).rounded())) files/s)"
      }
    }
    lines.append(work)
    if let embeddings = embeddings(report) { lines.append(embeddings) }
    return lines
  }

  /// `re-used: 78312 files not read, 3000 files as before, 12 files with a known content (41023 chunks)`; nil where
  /// nothing was.
  static func reused(_ report: IndexReport) -> String? {
    let counts = report.reused
    var parts: [String] = []
    if let count = counts["files_unread"] { parts.append("\(countText(count, "file")) not read") }
    if let count = counts["files_revived"] { parts.append("\(countText(count, "file")) as before") }
    if let count = counts["files_copied"] { parts.append("\(countText(count, "file")) with a known content") }
    if parts.isEmpty { return nil }
    let chunks = counts["chunks"].map { " (\(countText($0, "chunk")))" } ?? ""
    return "re-used: " + parts.joined(separator: ", ") + chunks
  }

  /// `went on after a run that was stopped at 2026-11-30 12:03:10: 4210 of 10000 files were there`; nil for a run that
  /// followed on one which came to its end.
  package static func resumption(_ report: IndexReport) -> String? {
    report.resumed.map { run in
      "went on after a run that was \(run.wasKilled ? "killed" : "stopped") at \(dateText(run.stopped)): "
        + "\(run.fileCount) of \(countText(run.totalFileCount, "file")) were there"
    }
  }

  /// What a limit kept out: never a silent "complete".
  package static func limits(_ report: IndexReport) -> [String] {
    var lines: [String] = []
    if let count = report.skipped["file-limit"] {
      lines.append(
        "not complete: \(countText(count, "file")) beyond the limit of files; raise file_limit, or set it to 0 for none"
      )
    }
    let unvisited = report.unvisitedDirectories
    if !unvisited.isEmpty {
      let count = unvisited.count == 1 ? "1 directory" : "\(unvisited.count) directories"
      let shown = unvisited.prefix(3).map { safeText($0.description) }.joined(separator: ", ")
      lines.append(
        "not complete: the time of the walk was over before \(count) "
          + "had been looked into (\(shown)\(unvisited.count > 3 ? ", ..." : "")); raise walk_time_limit_s")
    }
    if !report.unread.isEmpty { lines.append("not complete: \(unread(report.unread)) could not be read") }
    return lines
  }

  /// `1 directory and 2 files`.
  static func unread(_ places: [UnreadPlace]) -> String {
    let directoryCount = places.count(where: \.isDirectory)
    let directories = directoryCount == 1 ? "1 directory" : "\(directoryCount) directories"
    let files = countText(places.count - directoryCount, "file")
    if directoryCount == 0 { return files }
    return directoryCount == places.count ? directories : "\(directories) and \(files)"
  }

  /// `9812 of 10344 embeddings were kept from before (94.9 %)`; nil if the model needs no cache.
  static func embeddings(_ report: IndexReport) -> String? {
    let all = report.keptEmbeddingCount + report.newEmbeddingCount
    guard all > 0 else { return nil }
    return "\(report.keptEmbeddingCount) of \(countText(all, "embedding")) were kept from before "
      + "(\(fixed(100 * Double(report.keptEmbeddingCount) / Double(all), 1)) %)"
  }

  /// One line, for the first search in a tree.
  package static func line(_ report: IndexReport) -> String {
    "indexed \(countText(report.filesIndexed, "file")) (\(report.filesUnchanged) unchanged, "
      + "\(report.filesSkipped) skipped\(reasons(report.skipped))), \(countText(report.chunkCount, "chunk")), "
      + durationText(report.seconds)
  }

  package static func timings(_ report: IndexReport) -> [String] {
    let width = report.stageTimes.map(\.stage.count).max() ?? 0
    return ["seconds of thread time by stage:"]
      + report.stageTimes.map { stage in
        "  \(stage.stage)\(String(repeating: " ", count: width - stage.stage.count))  \(fixed(stage.seconds, 3))"
      }
  }

  /// ` (12 binary, 8 ignored)`, the most frequent first.
  package static func reasons(_ skipped: [String: Int]) -> String {
    if skipped.isEmpty { return "" }
    let sorted = skipped.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return " (" + sorted.map { "\($0.value) \(safeText($0.key))" }.joined(separator: ", ") + ")"
  }
}
