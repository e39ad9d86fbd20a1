import Cairn
import Rendering

/// What an examination found, for people: one check a line, and below one that is not good what to do.
struct ExaminationText {
  let style: Style
  /// Whether signs say how a check came out, as a terminal shows them; words do elsewhere.
  let usesMarks: Bool

  func repair(_ sentence: String) -> String { style.bold("repaired") + "  " + safeText(sentence) }

  func line(_ check: Examination.Check) -> String { line(check.name, check.state, check.finding) }

  func line(_ name: String, _ state: Examination.Check.State, _ finding: CairnError) -> String {
    var finding = finding
    // What a person reads of a check that is good needs no place and no advice.
    if state == .good {
      finding.remedy = nil
      if name != "index" { finding.path = nil }
    }
    let gap = String(repeating: " ", count: max(1, 13 - name.count))
    return sign(of: state) + style.bold(name) + gap + safeText(finding.terminalText)
  }

  private func sign(of state: Examination.Check.State) -> String {
    if usesMarks {
      return switch state {
      case .good: style.lines("✓") + " "
      case .note: style.symbol("•") + " "
      case .bad: style.match("✗") + " "
      case .notChecked: style.faint("-") + " "
      }
    }
    let word = state == .notChecked ? "unknown" : state.rawValue
    return word + String(repeating: " ", count: 9 - word.count)
  }
}
