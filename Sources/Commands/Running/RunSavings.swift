import Cairn
import DoorSupport
import JSON
import Primitives
import Rendering
import Savings

/// `cairn savings [clear]`
func runSavings(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) throws(CairnError) -> Int32 {
  let word = arguments.operands.first.map { String(decoding: $0, as: UTF8.self) }
  guard word == nil || word == "clear" else {
    throw CairnError(.invalidArgument, "savings does not know \"\(word ?? "")\"; it takes clear, or nothing")
  }
  let invocation = try Invocation(arguments, environment: environment)
  guard let log = SavingsLog(environment.variables) else {
    throw CairnError(.notFound, "HOME names no directory, so that nothing can be kept; set it")
  }
  if word == "clear" {
    let wasThere = try asCairnError { () throws(Failure) in try log.clear() }
    if invocation.printsJSON {
      output.line(JSONValue.savingsCleared(wasThere, file: Path(log.path)).line)
    } else if !invocation.isQuiet {
      output.line(wasThere ? "the numbers are gone" : "there were no numbers")
    }
    return wasThere ? ExitCode.done : ExitCode.nothingFound
  }
  let totals = try asCairnError { () throws(Failure) in try log.read() }
  let isOn = invocation.configuration.keepsSavings
  if invocation.printsJSON {
    output.line(JSONValue.savings(totals, isOn: isOn, file: Path(log.path)).line)
  } else {
    for line in SavingsText.lines(totals, isOn: isOn, file: log.path, style: invocation.style) { output.line(line) }
  }
  return totals.rows.isEmpty ? ExitCode.nothingFound : ExitCode.done
}

/// What answers came to, for people.
private enum SavingsText {
  static func lines(_ totals: SavingsTotals, isOn: Bool, file: FilePath, style: Style) -> [String] {
    let rows = totals.byTool()
    var lines: [String] = []
    if rows.isEmpty {
      lines.append(
        "no answers are counted yet: `cairn context` gives them, and to agents `cairn mcp`, which "
          + "`cairn agents install` sets up")
    } else {
      var table = [["", "answers", "empty", "tokens", "files whole", "ratio"]]
      for row in rows { table.append(cells(row.tool, row)) }
      if rows.count > 1 { table.append(cells("all", SavingsTotals.sum(rows))) }
      for (number, line) in ProfileText.table(table).enumerated() {
        lines.append(number == 0 ? style.bold(line) : line)
      }
      if let day = totals.firstDay { lines.append("since \(History.day(Int64(day) * 86_400)), in tokens by estimate") }
      lines.append("files whole: what the files have of which lines were shown, the most that can have been saved")
    }
    lines.append(
      (isOn ? "kept in \(visibleName(file.description))" : "switched off by savings = false")
        + "; numbers alone, sent nowhere")
    return lines
  }

  private static func cells(_ name: String, _ row: SavingsTotals.Row) -> [String] {
    let ratio = row.tokens > 0 && row.fileTokens > 0 ? fixed(Double(row.fileTokens) / Double(row.tokens), 1) : "-"
    return [name, "\(row.callCount)", "\(row.emptyCount)", "\(row.tokens)", "\(row.fileTokens)", ratio]
  }
}
