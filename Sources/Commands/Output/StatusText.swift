import Cairn
import Glibc
import Rendering

/// What an index holds, for people: one fact a line, and the size as bars.
enum StatusText {
  /// - Parameter columns: of the terminal.
  static func lines(_ status: Status, style: Style, columns: Int = 1000) -> [String] {
    let ratio = status.sourceByteCount > 0 ? Double(status.indexByteCount) / Double(status.sourceByteCount) : 0
    let state =
      if status.isOutdated { "of another version of Cairn; the next run builds it again" } else {
        if status.isComplete {
          "complete"
        } else if let writer = status.writer {
          "not complete; \(atWork(writer))"
        } else if status.unread.isEmpty, !status.limits.isEmpty {
          "not complete: \(safeText(status.limits.joined(separator: "; ")))"
        } else if status.unread.isEmpty {
          "not complete; run `cairn index\(status.revision.map { " --at " + $0 } ?? "")` to go on"
        } else {
          "not complete: \(ReportText.unread(status.unread)) could not be read"
        }
      }
    let retired =
      status.retiredFileCount > 0 ? ", \(countText(status.retiredFileCount, "file")) waiting for a merge" : ""
    let later = status.later.map { later in
      ", and \(later.modelName) with \(later.fileCount) of \(status.fileCount) files"
        + (later.isComplete ? "" : "; `cairn index` goes on with it")
    }
    var rows = [
      ("root", safeText(status.root.description)),
      ("index", safeText(status.indexDirectory.description)),
      ("state", state),
      ("last run", runText(status)),
    ]
    if let revision = status.revision {
      rows.insert(("commit", revision), at: 1)
    } else {
      rows.append(("watched", WatchText.status(status.watcher)))
    }
    let unread = status.unreadNotes.map { ("", safeText($0.terminalText)) }
    let rest = [
      ("files", "\(status.fileCount) indexed, \(byteText(status.sourceByteCount))"),
      ("left out", "\(status.skipped.values.reduce(0, +))\(ReportText.reasons(status.skipped))"),
      ("chunks", "\(status.chunkCount) in \(countText(status.segmentCount, "segment"))\(retired)"),
      ("model", safeText(status.modelName + (later ?? ""))),
      (
        "size",
        byteText(status.indexByteCount)
          + (status.sourceByteCount < leastTellingByteCount ? "" : ", \(fixed(ratio, 2)) times the source")
      ),
    ]
    let cut = status.withoutSyntax.values.reduce(0, +)
    let syntax = cut == 0 ? [] : [("no syntax", countText(cut, "file") + ReportText.reasons(status.withoutSyntax))]
    let cutNotes = status.cutForMemory.prefix(shownCutCount).map { ("", safeText($0.terminalText)) }
    if !status.damagedSegments.isEmpty {
      let names = status.damagedSegments.joined(separator: ", ")
      let command = "cairn index" + (status.revision.map { " --at " + $0 } ?? "")
      rows.insert(("damage", "\(names) was found damaged; `\(command)` reads its files again"), at: 3)
    }
    rows += unread
    rows += rest.prefix(2)
    rows += syntax
    rows += cutNotes
    rows += rest.dropFirst(2)
    return rows.map { name, value in
      style.bold(name) + String(repeating: " ", count: 13 - name.count) + value
    }
      + parts(status, style: style, columns: columns)
  }

  /// The commits that are indexed, a line each: what their indexes have to themselves is what removing one would free.
  static func lines(_ revisions: [IndexedRevision], style: Style) -> [String] {
    revisions.enumerated().map { number, revision in
      let own = byteText(revision.byteCount - revision.sharedByteCount)
      let shared = revision.sharedByteCount > 0 ? " and \(byteText(revision.sharedByteCount)) shared" : ""
      let used = revision.lastUsed > 0 ? ", used \(dateText(revision.lastUsed))" : ""
      return style.bold(number == 0 ? "revisions" : "         ") + "    \(revision.commit.prefix(12))  "
        + "\(countText(revision.fileCount, "file")), \(own)\(shared)\(used)"
        + (revision.isComplete ? "" : "; not complete")
    }
  }

  /// Of less source the catalog alone is many times the size, which says nothing.
  private static let leastTellingByteCount = 500_000

  /// More lines than this hide what else there is to read; `--json` has all.
  private static let shownCutCount = 3

  /// Each part with its share of the whole as a bar.
  private static func parts(_ status: Status, style: Style, columns: Int) -> [String] {
    let shown = status.parts.filter { $0.byteCount > 0 }
    let total = max(1, shown.reduce(0) { $0 + $1.byteCount })
    let sizes = shown.map { byteText($0.byteCount) }
    let width = sizes.map(\.count).max() ?? 0
    // What comes before a bar: the name, the size and the share.
    let barWidth = max(0, min(30, columns - width - 23))
    return zip(shown, sizes).map { part, size in
      let share = Double(part.byteCount) / Double(total)
      let percent = fixed(100 * share, 0)
      let bar = String(repeating: "█", count: max(share > 0.005 ? 1 : 0, Int((share * Double(barWidth)).rounded())))
      return "  \(part.name)" + String(repeating: " ", count: max(1, 11 - part.name.count))
        + String(repeating: " ", count: width - size.count) + size + "  "
        + String(repeating: " ", count: max(0, 3 - percent.count)) + "\(percent) %  " + style.symbol(bar)
    }
  }

  /// When the newest run that changed something began, and whether it came to its end.
  private static func runText(_ status: Status) -> String {
    guard let began = status.lastRun else { return "none" }
    if status.lastRunFinished { return dateText(began) }
    return dateText(began) + ", " + (status.writer.map(atWork) ?? "did not come to its end")
  }

  /// That a run is at work, by the process.
  static func atWork(_ process: Int) -> String {
    process == 0
      ? "a run is at work (in a process that cannot be seen from here)" : "a run is at work (process \(process))"
  }
}

/// `2026-11-21 05:12:09`, in local time.
func dateText(_ seconds: Double) -> String {
  var time = time_t(seconds)
  var parts = unsafe tm()
  guard unsafe localtime_r(&time, &parts) != nil else { return "unknown" }
  func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
  return unsafe "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
    + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
}
