import Cairn
import Rendering

/// The history of a tree and its commits, in words.
enum HistoryText {
  /// What bringing its index up to date did.
  static func lines(_ history: History) -> [String] {
    var work = "history: \(countText(history.newCommitCount, "commit")) read, of which "
    work += "\(countText(history.removalCount, "file")) had lines that went"
    if history.droppedCount > 0 { work += "; \(countText(history.droppedCount, "removal")) dropped" }
    return ["\(work), \(durationText(history.seconds))", "history: \(extent(history)) in the index"]
  }

  /// `855 commits back to 2026-01-02`, and what ends it there.
  static func extent(_ history: History) -> String {
    var text = countText(history.commitCount, "commit")
    if let oldest = history.oldestDate { text += " back to \(History.day(oldest))" }
    if history.isCut { text += " (history_limit leaves out older ones)" }
    if history.isShallow { text += " (the clone is shallow)" }
    if history.pendingCount > 0 { text += ", \(history.pendingCount) more to be read" }
    return text
  }

  /// `3f2a9b1c4d  2026-01-31  Ann Author  Drop the old parser`, for a terminal.
  static func line(_ commit: RemovingCommit, style: Style, columns: Int) -> String {
    let name = String(commit.name.prefix(shownDigitCount))
    let day = History.day(commit.date)
    let author = cut(safeText(commit.author), to: mostAuthorColumns)
    let taken = "removed by \(name)  \(day)    ".count + author.unicodeScalars.reduce(0) { $0 + columnCount(of: $1) }
    let subject = cut(safeText(commit.subject), to: max(20, columns - taken))
    return "removed by \(style.symbol(name))  \(day)  \(author)  \(subject)"
  }

  /// As many digits as git shows in a large repository.
  private static let shownDigitCount = 10
  private static let mostAuthorColumns = 30
}
