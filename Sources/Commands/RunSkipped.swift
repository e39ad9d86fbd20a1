import Cairn

/// `cairn status --skipped [PATH]`: what is left out, a line each, as it is met.
func runSkipped(_ invocation: Invocation, _ output: Output) throws(CairnError) -> Int32 {
  let workspace = invocation.workspace
  var path: Path?
  if let operand = invocation.arguments.operands.first {
    path = try workspace.pathInside(of: Path(bytes: operand), from: invocation.currentDirectory)
  }
  let style = invocation.style
  let counts = try workspace.leftOut(in: path) { entry in
    if invocation.printsJSON {
      output.line(JSON.skipped(entry).line)
    } else {
      let gap = String(repeating: " ", count: max(1, 15 - entry.reason.count))
      output.line(style.bold(entry.reason) + gap + safeText(entry.path.description) + (entry.isDirectory ? "/" : ""))
    }
  }
  if invocation.printsJSON {
    output.line(JSON.skippedSummary(counts, root: workspace.root).line)
  } else if !invocation.isQuiet, invocation.terminal.errorIsTerminal {
    tell("left out \(counts.values.reduce(0, +))\(ReportText.reasons(counts))")
  }
  if !invocation.isQuiet, try workspace.status() == nil {
    tell("cairn: note: there is no index yet, so what is left out for its content is not known; run `cairn index`")
  }
  return counts.isEmpty ? ExitCode.nothingFound : ExitCode.done
}
