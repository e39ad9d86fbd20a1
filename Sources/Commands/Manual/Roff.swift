/// Text in the language of manual pages, with the macros of man(7).
struct Roff {
  private(set) var text = ""

  /// - Parameter section: 1 is commands, 5 is files.
  init(title: String, section: Int, date: String, source: String) {
    text = #".TH \#(title.uppercased()) \#(section) "\#(date)" "\#(source)" "Cairn manual""# + "\n"
  }

  mutating func section(_ title: String) { text += ".SH \(title)\n" }
  mutating func subsection(_ title: String) { text += ".SS \(Self.escaped(title))\n" }

  /// Words that are filled into lines.
  mutating func words(_ words: String) {
    for line in Self.lines(words) { text += Self.line(line) }
  }

  mutating func paragraph(_ text: String) {
    self.text += ".PP\n"
    words(text)
  }

  /// An entry of a list: what it is about, in bold, and what there is to say.
  mutating func entry(_ tag: String, _ words: String) {
    text += ".TP\n" + tag + "\n"
    self.words(words)
  }

  /// Lines as they are.
  mutating func example(_ lines: [String]) {
    text += (isAtStart ? "" : ".PP\n") + ".RS 4\n.nf\n" + lines.map { Self.line($0) }.joined() + ".fi\n.RE\n"
  }

  /// Whether nothing stands in the section yet: space before it would be too much.
  private var isAtStart: Bool { text.split(separator: "\n").last?.hasPrefix(".S") == true }

  mutating func raw(_ line: String) { text += line + "\n" }

  static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }
  static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

  /// Nothing in it is taken for the language's own: backslashes, and dashes that are to be copied from the page.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\": escaped += "\\e"
      case "-": escaped += "\\-"
      case "'": escaped += "\\(aq"
      case "`": escaped += "\\(ga"
      case "^": escaped += "\\(ha"
      case "~": escaped += "\\(ti"
      case "\"": escaped += "\\(dq"
      default: escaped.append(character)
      }
    }
    return escaped
  }

  /// A line that no macro is taken to begin.
  private static func line(_ line: String) -> String {
    let escaped = escaped(line)
    return (escaped.first == "." ? "\\&" : "") + escaped + "\n"
  }

  /// Lines short enough to read and to compare, each broken at a space.
  private static func lines(_ words: String) -> [String] {
    var lines: [String] = []
    for word in words.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if let last = lines.last, escaped(last).count + escaped(String(word)).count < 78 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
