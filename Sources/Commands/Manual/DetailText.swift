/// What a command's details say, taken apart: paragraphs, lists of words with what they mean, lines as they are, and
/// what exit codes mean.
struct DetailText {
  enum Block: Hashable {
    case paragraph(String)
    /// `  clear  forget the embeddings`
    case entries([(name: String, text: String)])
    /// Lines with a margin that are no list.
    case literal([String])

    static func == (a: Block, b: Block) -> Bool { "\(a)" == "\(b)" }
    func hash(into hasher: inout Hasher) { hasher.combine("\(self)") }
  }

  private(set) var blocks: [Block] = []
  /// What follows `Exit code:` or `Exit code of NAME:`, with the words before the colon but for the usual ones.
  private(set) var exitStatus: String?

  init(_ details: String) {
    var lines = details.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if let start = lines.firstIndex(where: { $0.hasPrefix("Exit code") }) {
      let end = lines[start...].firstIndex(of: "") ?? lines.count
      let text = lines[start..<end].joined(separator: " ")
      let usual = "Exit code: "
      exitStatus = (text.hasPrefix(usual) ? String(text.dropFirst(usual.count)) : text)
      lines.removeSubrange(start..<end)
    }
    var gathered: [String] = []
    func isIndented(_ line: String) -> Bool { line.hasPrefix("  ") }
    func finish() {
      defer { gathered = [] }
      guard let first = gathered.first else { return }
      if !isIndented(first) {
        blocks.append(.paragraph(gathered.joined(separator: " ")))
      } else {
        blocks.append(Self.entries(gathered).map { .entries($0) } ?? .literal(gathered.map { String($0.dropFirst(2)) }))
      }
    }
    for line in lines {
      if line.isEmpty {
        finish()
      } else {
        if let last = gathered.last, isIndented(last) != isIndented(line) { finish() }
        gathered.append(line)
      }
    }
    finish()
  }

  /// Nil where a line is neither a name with its text behind two spaces, or one that fills the column, nor goes on with
  /// the text before.
  private static func entries(_ lines: [String]) -> [(name: String, text: String)]? {
    guard let column = textColumn(lines) else { return nil }
    var entries: [(name: String, text: String)] = []
    for line in lines {
      let name = line.prefix(column).drop { $0 == " " }
      let text = String(line.dropFirst(column))
      if line.prefix(column).allSatisfy({ $0 == " " }) {
        guard !entries.isEmpty else { return nil }
        entries[entries.count - 1].text += " " + text
      } else {
        guard line.prefix(column).last == " ", !text.isEmpty else { return nil }
        entries.append((name: trimmed(name), text: text))
      }
    }
    return entries
  }

  /// Where the second column begins: behind the first run of spaces in a line, of which all lines have one there.
  private static func textColumn(_ lines: [String]) -> Int? {
    let candidates = lines.compactMap { line -> Int? in
      let characters = Array(line)
      guard let start = characters.firstIndex(where: { $0 != " " }) else { return nil }
      for i in characters.indices.dropFirst(start) where i + 2 < characters.count {
        if characters[i] != " ", characters[i + 1] == " ", characters[i + 2] == " " {
          return characters[(i + 1)...].firstIndex { $0 != " " }
        }
      }
      return nil
    }
    guard let column = candidates.min() else { return nil }
    return lines.allSatisfy { $0.count > column && Array($0)[column - 1] == " " } ? column : nil
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
