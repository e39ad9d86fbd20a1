import CSystem
import Cairn
import Glibc
import Settings

/// What the program's output is joined to, and how it should look there.
struct Terminal {
  var outputIsTerminal: Bool
  var errorIsTerminal: Bool
  /// Whether a line of standard error can be drawn over.
  var redrawsErrorLine: Bool { errorIsTerminal && Self.movesCursor }
  var usesColor: Bool
  var style: Style { Style(isOn: usesColor) }
  /// Lines longer than this are cut: the width of the terminal, or a generous one where there is none.
  var columns: Int

  /// Reads the descriptors, `NO_COLOR` and `TERM`. A flag or a `CAIRN_COLOR` that asks for colour wins over them.
  init(configuration: Configuration, environment: Environment) {
    outputIsTerminal = isatty(STDOUT_FILENO) != 0
    errorIsTerminal = isatty(STDERR_FILENO) != 0
    let entry = configuration[.color]
    let isAsked =
      switch entry.origin {
      case .flag, .environment, .program: true
      case .builtIn, .derived, .file, .index: false
      }
    let isRefused = !(environment["NO_COLOR"] ?? "").isEmpty
    usesColor =
      switch configuration[.color].value {
      case .text("always"): isAsked || !isRefused
      case .text("never"): false
      default: outputIsTerminal && !isRefused && environment["TERM"] != "dumb"
      }
    columns = outputIsTerminal ? Self.columns(of: STDOUT_FILENO) : 1000
  }

  /// The width of a terminal, or 80 where it does not say it. What `COLUMNS` says wins where it is less, as somebody
  /// wants it who sets it.
  static func columns(of descriptor: Int32) -> Int {
    let columns = Int(csystem_terminal_columns(descriptor))
    let asked = Environment.process["COLUMNS"].flatMap { Int($0) }.flatMap { (20...10_000).contains($0) ? $0 : nil }
    return columns > 0 ? min(columns, asked ?? columns) : asked ?? 80
  }

  /// Whether terminals of this kind can do more than append: not the buffers of editors (`TERM=dumb`).
  static var movesCursor: Bool { Environment.process["TERM"] != "dumb" }

  /// The width of help texts: as on paper where nobody sees them.
  static var helpColumns: Int {
    isatty(STDOUT_FILENO) != 0 ? min(Help.usualColumns, columns(of: STDOUT_FILENO)) : Help.usualColumns
  }
}

/// Colours, or plain text if they are not wanted.
struct Style {
  var isOn: Bool

  func path(_ text: String) -> String { paint(text, "1;35") }
  func lines(_ text: String) -> String { paint(text, "32") }
  func symbol(_ text: String) -> String { paint(text, "36") }
  func faint(_ text: String) -> String { paint(text, "2") }
  func match(_ text: String) -> String { paint(text, "1;31") }
  func bold(_ text: String) -> String { paint(text, "1") }

  private func paint(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
