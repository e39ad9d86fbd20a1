import Cairn

/// Prints an answer for people: a header for each place, then its lines.
struct AnswerWriter {
  let invocation: Invocation
  let output: Output
  private let highlighter: Highlighter

  init(invocation: Invocation, output: Output, question: String) {
    self.invocation = invocation
    self.output = output
    highlighter = Highlighter(question: question)
  }

  func write(_ hits: [SearchHit]) {
    for (index, hit) in hits.enumerated() {
      if index > 0 { output.line() }
      write(hit)
      if output.failure != 0 { return }
    }
  }

  /// A bare path, for other programs: as its bytes are, unless a terminal would read them.
  func write(_ path: Path) {
    let shown = self.shown(path)
    if invocation.arguments.has(.null) {
      output.write(shown.bytes + [0])
    } else if invocation.terminal.outputIsTerminal {
      output.line(invocation.style.path(safeText(shown.description)))
    } else {
      output.write(shown.bytes + [UInt8(ascii: "\n")])
    }
  }

  private func write(_ hit: SearchHit) {
    let style = invocation.style
    let range = hit.lines.count == 1 ? "\(hit.lines.lowerBound)" : "\(hit.lines.lowerBound)-\(hit.lines.upperBound)"
    var header = style.path(safeText(shown(hit.path).description)) + ":" + style.lines(range)
    let names = symbolNames(hit)
    if !names.isEmpty { header += "  " + style.symbol(names) }
    output.line(header + "  " + style.faint("(\(fixed(Double(hit.score), 3)))"))
    if invocation.arguments.has(.explain) { for line in reasons(hit) { output.line(style.faint(line)) } }

    let width = String(hit.snippetFirstLine + max(0, hit.snippet.count - 1)).count
    for (offset, text) in hit.snippet.enumerated() {
      let number = String(hit.snippetFirstLine + offset)
      let margin = String(repeating: " ", count: width - number.count) + number
      let room = max(20, invocation.terminal.columns - width - 2)
      let line = cut(safeText(text, expandsTabs: invocation.terminal.outputIsTerminal), to: room)
      let marked = style.isOn ? highlighter.mark(line, with: style.match) : line
      output.line(marked.isEmpty ? style.lines(margin) : "\(style.lines(margin))  \(marked)")
    }
  }

  private func shown(_ path: Path) -> Path {
    Path(bytes: invocation.workspace.root.bytes + [UInt8(ascii: "/")] + path.bytes)
      .shown(from: invocation.currentDirectory, inside: invocation.workspace.root)
  }

  /// The first few; a chunk of constants defines dozens.
  private func symbolNames(_ hit: SearchHit) -> String {
    let names = hit.symbols.prefix(3).map { cut(safeText($0.qualifiedName), to: 60) }.joined(separator: ", ")
    return hit.symbols.count > 3 ? "\(names), +\(hit.symbols.count - 3)" : names
  }

  private func reasons(_ hit: SearchHit) -> [String] {
    let width = hit.reasons.map(\.signal.count).max() ?? 0
    return hit.reasons.map { reason in
      let padding = String(repeating: " ", count: width - reason.signal.count)
      return "  \(safeText(reason.signal))\(padding)  \(fixed(Double(reason.value), 4))  \(safeText(reason.note))"
    }
  }
}
