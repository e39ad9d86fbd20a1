import Cairn
import JSON
import Rendering
import Settings

/// Prints what comes behind an answer: its citations, each with its verdict, or the context where there is no answer.
struct AskWriter {
  let output: Output
  let terminal: Terminal
  let paths: PathView
  /// Errors alone are told.
  let isQuiet: Bool
  /// Nobody wanted an answer, so that none is missed.
  let isContextOnly: Bool

  private var style: Style { terminal.style }

  func write(_ response: AskResponse) {
    if response.context.excerpts.isEmpty {
      if terminal.errorIsTerminal, !isQuiet { tell("nothing found") }
      return
    }
    if response.answer != nil { writeCitations(response) }
    if let failure = response.failure { tell("cairn: " + safeText(failure.terminalText)) }
    if response.answer == nil, response.failure == nil { writeContext(response) }
    if isQuiet { return }
    if response.isCutShort {
      tell("cairn: note: the model had no room to finish; give it a larger context, or a smaller prompt with --tokens")
    }
    if response.answer != nil, response.citations.isEmpty, response.failure == nil {
      tell("cairn: note: the answer cites nothing, so nothing in it could be checked")
    }
    if response.answer == nil, response.failure != nil {
      tell("cairn: note: --context-only prints what would have been sent")
    }
    if response.context.destination == nil, response.failure == nil, !isContextOnly {
      tell(
        "cairn: note: no chat endpoint is configured, so this is the prompt, to paste into an assistant; to have it "
          + "answered here: --llm-endpoint http://localhost:11434/v1 --llm-model NAME, or llm_endpoint and "
          + "general_llm_model in " + safeText(SettingValues.userFileText(in: .process)))
    }
  }

  private func writeContext(_ response: AskResponse) {
    if response.answer != nil { output.line() }
    for line in response.context.prompt.split(separator: "\n", omittingEmptySubsequences: false) {
      output.line(safeText(String(line), tabs: terminal.outputIsTerminal ? .spaces : .kept))
    }
  }

  private func writeCitations(_ response: AskResponse) {
    let valid = response.citations.filter { $0.verdict == .valid }
    let others = response.citations.filter { $0.verdict != .valid }
    if !valid.isEmpty {
      output.line("\nSources:")
      for citation in valid { output.line("  " + link(citation)) }
    }
    if !others.isEmpty {
      output.line("\nNOT among what was retrieved, so do not rely on it:")
      for citation in others { output.line("  \(safeText(citation.place))  \(reason(citation.verdict))") }
    }
  }

  private func reason(_ verdict: AskResponse.Citation.Verdict) -> String {
    switch verdict {
    case .valid: ""
    case .beyondRetrieved: "(the model was shown other lines of this file)"
    case .notRetrieved: "(the model was shown nothing of this file)"
    case .changed: "(these lines have changed since)"
    }
  }

  /// A place that an editor or a terminal can open.
  private func link(_ citation: AskResponse.Citation) -> String {
    let file = citation.file ?? Path(citation.path)
    let shown = paths.shown(file).description
    let lines = citation.firstLine == citation.lastLine ? "" : "-\(citation.lastLine)"
    let text = style.path(safeText(shown)) + ":" + style.lines("\(citation.firstLine)\(lines)")
    return terminal.outputIsTerminal ? hyperlink(text, to: paths.absolute(file)) : text
  }

  /// The escape sequence for links that terminals know (OSC 8); those that do not know it show the text alone.
  private func hyperlink(_ text: String, to path: Path) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var url = Array("file://".utf8)
    for byte in path.bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        url.append(byte)
      default: url += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return style.isOn
      ? "\u{1B}]8;;\(String(decoding: url, as: UTF8.self))\u{1B}\\\(text)\u{1B}]8;;\u{1B}\\" : text
  }

  func writeJSON(_ response: AskResponse, query: String, seconds: Double) {
    for excerpt in response.context.excerpts { output.line(JSONValue.excerpt(excerpt).line) }
    let answer = JSONValue.answer(response, query: query, root: paths.root, seconds: seconds)
    output.line(answer.line)
    if let failure = response.failure {
      output.line(JSONValue.error(failure).line)
      tell("cairn: " + safeText(failure.terminalText))
    }
  }
}
