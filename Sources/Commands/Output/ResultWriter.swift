import Cairn
import Rendering

/// Prints results for people: a header for each place, then its lines.
struct ResultWriter {
  /// What is printed of a place.
  enum Form {
    case snippets
    /// The same, and why each place ranks where it does.
    case explained
    /// A line for each place, as editors read it.
    case vimgrep
  }

  let output: Output
  let terminal: Terminal
  let paths: PathView
  private let form: Form
  private let highlighter: Highlighter

  private var style: Style { terminal.style }

  init(_ output: Output, on terminal: Terminal, paths: PathView, form: Form = .snippets, query: String) {
    self.output = output
    self.terminal = terminal
    self.paths = paths
    self.form = form
    highlighter = Highlighter(query: query)
  }

  func write(_ hits: [SearchHit]) {
    if form == .vimgrep {
      for hit in hits { writeLine(hit) }
      return
    }
    for (index, hit) in hits.enumerated() {
      if index > 0 { output.line() }
      write(hit, rank: index + 1, among: hits)
      if output.failure != 0 { return }
    }
  }

  /// A bare path, for other programs: as its bytes are with a NUL behind them, else as `quotedName` has it, unless a
  /// terminal reads it.
  func writeFile(of hit: SearchHit, endsInNUL: Bool) {
    let shown = paths.openable(hit)
    if endsInNUL {
      output.write(shown.bytes + [0])
    } else if terminal.outputIsTerminal {
      output.line(style.path(safeText(shown.description)))
    } else {
      output.write(quotedName(shown.bytes) + [UInt8(ascii: "\n")])
    }
  }

  /// `PATH:LINE:COLUMN:TEXT`, as editors read it: the matched line, from 1, and the column in bytes of what was asked
  /// for on it.
  private func writeLine(_ hit: SearchHit) {
    let offset = hit.answerLine - hit.snippetFirstLine
    let text = hit.snippet.indices.contains(offset) ? hit.snippet[offset] : ""
    let path = paths.openable(hit)
    let isTerminal = terminal.outputIsTerminal
    output.write(isTerminal ? Array(style.path(safeText(path.description)).utf8) : quotedName(path.bytes))
    output.line(":\(hit.answerLine):\(hit.answerColumn):\(safeText(text, tabs: tabs))")
  }

  /// The matched line comes first, where editors and terminals look for one to go to.
  private func write(_ hit: SearchHit, rank: Int, among hits: [SearchHit]) {
    let lines = hit.lines.count == 1 ? "" : "  \(hit.lines.lowerBound)-\(hit.lines.upperBound)"
    let score = "  (#\(rank), \(fixed(Double(hit.score), 3)))"
    // Names give way first, then the beginning of the path: who reads on a terminal needs the file's name. A pipe gets
    // all of it.
    let rest = ":\(hit.answerLine)" + lines + score
    var path = safeText(paths.shown(hit).description)
    if terminal.outputIsTerminal {
      path = cutInFront(path, to: max(20, terminal.columns - rest.count))
    }
    let taken = (path + rest).unicodeScalars.reduce(2) { $0 + columnCount(of: $1) }
    let names = symbolNames(hit, columns: terminal.columns - taken)
    let symbols = names.isEmpty ? "" : "  " + style.symbol(names)
    output.line(style.path(path) + ":" + style.lines("\(hit.answerLine)") + symbols + style.faint(lines + score))
    if let commit = hit.removedBy {
      output.line(HistoryText.line(commit, style: style, columns: terminal.columns))
    }
    if form == .explained { for line in reasons(hit) { output.line(style.faint(line)) } }

    let width = String(hit.snippetFirstLine + max(0, hit.snippet.count - 1)).count
    var last: Int?
    for (offset, text) in hit.snippet.enumerated() {
      if isBetweenCells(offset, of: hit) { continue }
      // As grep separates lines that are not next to each other.
      if let last, offset > last + 1 { output.line(style.faint("--")) }
      last = offset
      let number = String(hit.snippetFirstLine + offset)
      let margin = String(repeating: " ", count: width - number.count) + number
      let textWidth = max(20, terminal.columns - width - 2)
      let line = fitted(safeText(text, tabs: tabs), to: textWidth)
      let marked = style.isOn ? highlighter.mark(line, with: style.match) : line
      output.line(marked.isEmpty ? style.lines(margin) : "\(style.lines(margin))  \(marked)")
    }
    let others = hit.otherLines.filter { line in
      !hits.contains { $0.path == hit.path && $0.repository == hit.repository && $0.lines.contains(line) }
    }
    if !others.isEmpty {
      output.line(style.faint("also in this file: " + others.map(String.init).joined(separator: ", ")))
    }
  }

  /// The part of `line` that fits into `columns`, with the first of the query's words in it.
  private func fitted(_ line: String, to columns: Int) -> String {
    let beginning = cut(line, to: columns)
    if beginning.utf8.count >= line.utf8.count { return line }
    let mark = highlighter.firstMark(in: line)
    if mark.upperBound < beginning.utf8.count - "…".utf8.count { return beginning }
    // As much before the word as behind it, or the end of the line.
    let bytes = Array(line.utf8)
    let tail = cutInFront(String(decoding: bytes[..<mark.upperBound], as: UTF8.self), to: columns / 2)
    let rest = String(decoding: bytes[mark.upperBound...], as: UTF8.self)
    return cut(tail + rest, to: columns)
  }

  /// Whether a line of a notebook is one of many blank ones: these lines of the file belong to no cell.
  private func isBetweenCells(_ offset: Int, of hit: SearchHit) -> Bool {
    guard hit.snippet[offset].isEmpty, hit.path.bytes.suffix(6).elementsEqual(".ipynb".utf8) else { return false }
    var (first, end) = (offset, offset + 1)
    while first > 0, hit.snippet[first - 1].isEmpty { first -= 1 }
    while end < hit.snippet.count, hit.snippet[end].isEmpty { end += 1 }
    return end - first > SearchHit.mostBlankLinesInCell
  }

  private var tabs: TabStyle { terminal.outputIsTerminal ? .spaces : .kept }

  /// The first few, what the answering line is in before the others; a chunk of constants defines dozens.
  private func symbolNames(_ hit: SearchHit, columns: Int) -> String {
    var symbols = hit.symbols
    let enclosing = symbols.indices.filter { symbols[$0].line <= hit.answerLine }.max {
      symbols[$0].line < symbols[$1].line
    }
    if let enclosing { symbols.insert(symbols.remove(at: enclosing), at: 0) }
    let names = symbols.prefix(3).map { cutInFront(safeText($0.qualifiedName), to: 60) }
    for count in stride(from: names.count, to: 0, by: -1) {
      let rest = symbols.count - count
      let text = names.prefix(count).joined(separator: ", ") + (rest > 0 ? ", +\(rest)" : "")
      if text.unicodeScalars.reduce(0, { $0 + columnCount(of: $1) }) <= columns { return text }
      // An ellipsis and a letter or two tell nothing.
      if count == 1 { return columns < 8 ? "" : cutInFront(names[0], to: columns) }
    }
    return ""
  }

  private func reasons(_ hit: SearchHit) -> [String] {
    let width = hit.reasons.map(\.signal.count).max() ?? 0
    return hit.reasons.map { reason in
      let padding = String(repeating: " ", count: width - reason.signal.count)
      return "  \(safeText(reason.signal))\(padding)  \(fixed(Double(reason.value), 4))  \(safeText(reason.note))"
    }
  }
}
