package import Cairn
import Rendering

/// Excerpts of several hits, chosen by rank until a budget is used up, and shown by file.
///
/// The first hits are shown as pieces of several lines, each in a share of what is left; the last part of the budget
/// goes to other files, one line of each as grep shows it, so that an answer of few tokens still names many files.
package struct ExcerptPacking: Sendable {
  /// A piece gets this share of what is left, so that the best ones are seen whole and others in part.
  package static let share = 0.3
  /// A piece gets no less: a line over it and some lines. Where there is less, a line has to do.
  private static let least = 60
  /// The share of the budget that is kept for single lines of files of which no piece is shown: once the best pieces
  /// have been seen, another place says more than another piece (set with the development half of the questions of
  /// `Scripts/bench tokens`).
  private static let lineShare = 0.55
  /// Of the line of code in a single line.
  private static let lineColumns = 36

  /// The files in the order of their best pieces.
  package private(set) var order: [Path] = []
  package private(set) var excerpts: [Path: [Excerpt]] = [:]
  /// Files of which one line is shown: `path:line: text`.
  package private(set) var lines: [(place: Path, line: Int, text: String)] = []
  /// Hits for which there was no room.
  package private(set) var leftOutCount = 0

  /// - Parameters:
  ///   - isShown: whether lines of a file were shown already.
  ///   - enclosing: what the line of a file is inside of.
  ///   - frameCost: what the form in which a piece is shown takes besides.
  ///   - firstShare: what the first piece gets of the budget for pieces, where it is known to be the one that is meant.
  package init(
    _ hits: [SearchHit], tokens: Int, isShown: (SearchHit) -> Bool, enclosing: (SearchHit) -> IndexedSource.Symbol?,
    remark: (SearchHit) -> String = { _ in "" }, frameCost: Int = 0,
    firstShare: Double = Self.share
  ) {
    var used = TokenCount()
    let hits = hits.filter { !isShown($0) }
    // What no single line is needed for is the pieces'.
    let fileCount = Set(hits.map(\.path)).count
    let forLines = min(Int(Double(tokens) * Self.lineShare), fileCount * Self.lineColumns / 2)
    var waiting: [SearchHit] = []
    for hit in hits {
      let room = tokens - used.tokens - forLines
      let allowance = max(Self.least, Int(Double(room) * (order.isEmpty ? firstShare : Self.share)))
      let remark = remark(hit)
      let besides = frameCost + (remark.isEmpty ? 0 : TokenBudget.cost(ofLine: remark))
      guard room >= Self.least,
        var excerpt = Excerpt(hit, enclosing: enclosing(hit), tokens: min(room, allowance) - besides)
      else {
        waiting.append(hit)
        continue
      }
      excerpt.remark = remark
      let shown = excerpt.firstLine...excerpt.lastLine
      excerpt.otherLines = hit.otherLines.filter { !shown.contains($0) }
      // What is said besides is worth less than another piece.
      if excerpt.tokenCount.tokens > allowance { excerpt.otherLines = [] }
      let sum = used + excerpt.tokenCount + TokenCount(tokens: frameCost)
      guard sum.tokens <= tokens - forLines else {
        waiting.append(hit)
        continue
      }
      used = sum
      if excerpts[excerpt.path] == nil { order.append(excerpt.path) }
      excerpts[excerpt.path, default: []].append(excerpt)
    }
    for hit in waiting {
      if excerpts[hit.path] != nil || lines.contains(where: { $0.place == hit.path }) {
        leftOutCount += 1
        continue
      }
      let index = min(max(hit.answerLine - hit.snippetFirstLine, 0), max(0, hit.snippet.count - 1))
      let text = hit.snippet.indices.contains(index) ? hit.snippet[index] : ""
      let trimmed = String(cut(safeText(text), to: Self.lineColumns).drop { $0.isWhitespace })
      let sum = used + TokenCount(ofLine: Self.line(hit.path, hit.answerLine, trimmed) + remark(hit))
      guard sum.tokens <= tokens else {
        leftOutCount += 1
        continue
      }
      used = sum
      lines.append((hit.path, hit.answerLine, trimmed + remark(hit)))
    }
  }

  /// Those of one file that meet are one; in the order of `order`.
  package var joined: [Excerpt] { order.flatMap { Excerpt.joined(excerpts[$0] ?? []) } }

  package static func line(_ path: Path, _ number: Int, _ text: String) -> String {
    "\(safeText(path.description)):\(number): \(text)"
  }

  /// Appends all of it.
  package func write(to budget: inout TokenBudget) {
    for path in order {
      for (index, excerpt) in Excerpt.joined(excerpts[path] ?? []).enumerated() {
        budget.add([excerpt.head(namesPath: index == 0)] + excerpt.lines)
      }
    }
    for line in lines { budget.add(Self.line(line.place, line.line, line.text)) }
  }
}
