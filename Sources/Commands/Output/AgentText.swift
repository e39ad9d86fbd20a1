import AgentClients
import Cairn
import Primitives
import Rendering

/// What `cairn agents` says to people.
enum AgentText {
  /// The lines of a change's diff, cut to the terminal.
  static func diff(_ change: AgentChange, _ terminal: Terminal) -> [String] {
    change.diff.map { line in
      let text = cut(safeText(line.text, tabs: .spaces), to: terminal.columns)
      return switch line {
      case .file: terminal.style.bold(text)
      case .hunk: terminal.style.symbol(text)
      case .same: text
      case .removed: terminal.style.match(text)
      case .added: terminal.style.lines(text)
      }
    }
  }

  static func question(_ change: AgentChange) -> String {
    let what = change.isRemoval ? "remove" : change.before == nil ? "make" : "write"
    return "\(change.place.client.title): \(what) \(safeText(change.target.description))?"
  }

  static func outcome(
    _ outcome: AgentOutcome, _ place: AgentPlace, _ change: AgentChange?, isUsers: Bool
  ) -> String {
    let what =
      switch outcome {
      case .done: change?.isRemoval == true ? "removed" : change?.before == nil ? "made" : "written"
      case .planned: change?.isRemoval == true ? "would be removed" : "would be written"
      case .unchanged: isUsers ? "has an entry that you wrote, which is left as it is" : "has it already"
      case .declined: "left as it is"
      case .refused: "refused"
      }
    return "\(place.client.title): \(safeText(place.path.description)) \(what)"
  }

  static func status(
    _ place: AgentPlace, _ entry: FoundEntry?, isOurs: Bool, _ answer: ServerProbe.Answer?, _ problem: CairnError?,
    _ style: Style
  ) -> [String] {
    let title = style.bold(place.client.title) + "  " + style.faint(safeText(place.path.description))
    var lines: [String] = [title]
    if let entry, isOurs {
      let words = ([entry.program] + entry.arguments).map { safeText($0) }.joined(separator: " ")
      if entry.isSwitchedOff {
        lines.append("  switched off in the file; starts `\(words)`")
      } else if let answer {
        lines.append(
          "  works: `\(words)` is \(safeText(answer.name)) \(safeText(answer.version)), protocol "
            + "\(safeText(answer.protocolVersion)), answered in \(answer.milliseconds) ms")
      } else {
        lines.append("  does not work: `\(words)`")
      }
    } else if entry != nil {
      lines.append("  its entry \"\(ServerEntry.name)\" starts something else")
    } else if problem == nil {
      lines.append("  no entry; `cairn agents install \(place.client.name)` adds one")
    }
    if let problem { lines.append("  " + safeText(problem.terminalText)) }
    return lines
  }
}
