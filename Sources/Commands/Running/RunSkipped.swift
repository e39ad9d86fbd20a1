import Cairn
import JSON
import Rendering

/// `cairn status --skipped [PATH]`: what is left out, a line each, as it is met.
func runSkipped(_ invocation: Invocation, _ output: Output) throws(CairnError) -> Int32 {
  let workspace = invocation.workspace
  var path: Path?
  if let operand = invocation.arguments.operands.first {
    path = try workspace.pathInside(of: Path(bytes: operand), from: invocation.namedDirectory)
  }
  let style = invocation.style
  let counts = try workspace.leftOut(in: path) { entry in
    if invocation.printsJSON {
      output.line(JSONValue.skipped(entry).line)
    } else {
      let gap = String(repeating: " ", count: max(1, 15 - entry.reason.count))
      output.line(
        style.bold(safeText(entry.reason)) + gap + safeText(invocation.shown(entry.path).description)
          + (entry.isDirectory ? "/" : ""))
    }
  }
  var notes: [CairnError] = []
  if counts.isEmpty { notes.append(try workspace.nothingLeftOut(at: path ?? Path(bytes: []))) }
  if try workspace.status() == nil {
    notes.append(
      CairnError(
        .noIndex, "there is no index yet, so what is left out for its content is not known",
        remedy: CairnError.Remedy(.index))
    )
  }
  if invocation.printsJSON {
    output.line(JSONValue.skippedSummary(counts, notes: notes, root: workspace.root).line)
  } else if !counts.isEmpty, !invocation.isQuiet, invocation.terminal.errorIsTerminal {
    tell("left out \(counts.values.reduce(0, +))\(ReportText.reasons(counts))")
  }
  invocation.tellNotes(notes)
  return counts.isEmpty ? ExitCode.nothingFound : ExitCode.done
}
