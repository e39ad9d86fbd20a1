package import Cairn
import DoorSupport
import Rendering

/// Consecutive lines of one file that answer a query, under a line that says where they stand.
package struct Excerpt: Hashable, Sendable {
  package var path: Path
  package var firstLine: Int
  /// As they are shown.
  package var lines: [String]
  /// What the lines are of: `method Parser.parse`; empty at the top of a file.
  package var symbols: [String] = []
  /// Where else in the file there are lines like it.
  package var otherLines: [Int] = []
  /// What is said of it besides.
  package var remark = ""

  package var lastLine: Int { firstLine + max(1, lines.count) - 1 }

  /// The line over it; of a file that is named above, without its path.
  package func head(namesPath: Bool = true) -> String {
    var head = namesPath ? safeText(path.description) : ""
    head += ":\(firstLine)" + (lastLine > firstLine ? "-\(lastLine)" : "")
    if !symbols.isEmpty { head += " " + symbols.joined(separator: ", ") }
    if !otherLines.isEmpty { head += " (also \(otherLines.map { "\($0)" }.joined(separator: ", ")))" }
    return remark.isEmpty ? head : head + " " + remark
  }

  package var tokenCount: TokenCount { TokenCount(ofLines: [head()] + lines) }

  // MARK: From a hit

  /// Of a longer line the rest is left out.
  private static let longestLine = 240
  private static let longestName = 120

  /// The lines of `hit` that answer best, in at most `tokens` with the line over them: a part of it where the whole is
  /// too long. Nil where there is no room for a line.
  ///
  /// - Parameter enclosing: what the line that answers is inside of.
  package init?(_ hit: SearchHit, enclosing: IndexedSource.Symbol?, tokens: Int) {
    path = hit.path
    let texts = hit.snippet.map { cut(safeText($0, tabs: .kept), to: Self.longestLine) }
    guard !texts.isEmpty else { return nil }
    let answer = min(max(hit.answerLine - hit.snippetFirstLine, 0), texts.count - 1)
    firstLine = hit.snippetFirstLine
    lines = []
    let own = hit.symbols.last { $0.line <= hit.answerLine }
    if let symbol = own ?? (enclosing == nil ? hit.symbols.first : nil) {
      symbols = [cut("\(symbol.kind.rawValue) \(safeText(symbol.qualifiedName))", to: Self.longestName)]
    } else if let enclosing {
      symbols = ["in " + cut("\(enclosing.kind.rawValue) \(safeText(enclosing.qualifiedName))", to: Self.longestName)]
    }
    let costs = texts.map { TokenBudget.cost(ofLine: $0) }
    // Room for the numbers of the lines too, which are not known yet.
    let over = head() + "-000000"
    var rest = tokens - TokenBudget.cost(ofLine: over) - costs[answer]
    guard rest >= 0 else { return nil }
    var window = answer...answer
    if TokenCount(ofLines: [over] + texts).tokens <= tokens {
      window = 0...(texts.count - 1)
    } else {
      let matched = Self.matchCounts(hit, count: texts.count)
      // A definition that begins a little above is what the lines are of.
      let definition = hit.symbols.last { $0.line <= hit.answerLine && $0.line >= hit.snippetFirstLine }
      if let start = definition.map({ $0.line - hit.snippetFirstLine }), start < answer {
        let cost = costs[start..<answer].reduce(0, +)
        if cost <= rest / 2 {
          window = start...answer
          rest -= cost
        }
      }
      while let next = Self.next(to: window, matched, costs, rest) {
        rest -= costs[next]
        window = min(window.lowerBound, next)...max(window.upperBound, next)
      }
    }
    var (first, last) = (window.lowerBound, window.upperBound)
    while first < last, texts[first].allSatisfy(\.isWhitespace) { first += 1 }
    while last > first, texts[last].allSatisfy(\.isWhitespace) { last -= 1 }
    lines = Array(texts[first...last])
    firstLine = hit.snippetFirstLine + first
  }

  /// How many parts of the query stand on each line of the snippet.
  private static func matchCounts(_ hit: SearchHit, count: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    for match in hit.matches {
      let index = match.line - hit.snippetFirstLine
      if counts.indices.contains(index) { counts[index] += 1 }
    }
    return counts
  }

  /// The line above or below the window that comes next: where more of the query stands near, else below, since code
  /// says first what it is.
  private static func next(to window: ClosedRange<Int>, _ matched: [Int], _ costs: [Int], _ rest: Int) -> Int? {
    let reach = 4
    let above = window.lowerBound - 1
    let below = window.upperBound + 1
    let fitsAbove = above >= 0 && costs[above] <= rest
    let fitsBelow = below < costs.count && costs[below] <= rest
    guard fitsAbove || fitsBelow else { return nil }
    guard fitsAbove, fitsBelow else { return fitsAbove ? above : below }
    let countAbove = matched[max(0, above - reach + 1)...above].reduce(0, +)
    let countBelow = matched[below..<min(costs.count, below + reach)].reduce(0, +)
    return countAbove > countBelow ? above : below
  }

  // MARK: Joining

  /// Those of one file that overlap or follow each other, as one; in the order of their lines.
  package static func joined(_ excerpts: [Excerpt]) -> [Excerpt] {
    var joined: [Excerpt] = []
    for excerpt in excerpts.sorted(by: { $0.firstLine < $1.firstLine }) {
      guard var last = joined.last, last.path == excerpt.path, last.remark == excerpt.remark,
        excerpt.firstLine <= last.lastLine + 1
      else {
        joined.append(excerpt)
        continue
      }
      if excerpt.lastLine > last.lastLine {
        last.lines += excerpt.lines.dropFirst(last.lastLine + 1 - excerpt.firstLine)
      }
      for symbol in excerpt.symbols where !last.symbols.contains(symbol) { last.symbols.append(symbol) }
      for line in excerpt.otherLines where !last.otherLines.contains(line) { last.otherLines.append(line) }
      joined[joined.count - 1] = last
    }
    return joined
  }
}

extension Workspace {
  /// What the line that answers is inside of, where the hit itself does not say it. Reads the index; blocks.
  package func enclosing(_ hit: SearchHit) -> IndexedSource.Symbol? {
    if hit.symbols.contains(where: { $0.line <= hit.answerLine }) { return nil }
    return definitions(in: hit.path).last { $0.lines.contains(hit.answerLine) }
  }
}
