import Cairn
import JSON
import Rendering

/// `cairn status`
func runStatus(_ arguments: ParsedArguments, _ environment: Environment, _ output: Output) throws(CairnError) -> Int32 {
  let invocation = try Invocation(arguments, environment: environment)
  invocation.tellNotes(invocation.workspace.notes)
  if arguments.has(.skipped) { return try runSkipped(invocation, output) }
  guard arguments.operands.isEmpty else {
    throw CairnError(.invalidArgument, "status takes a path with --skipped only; --root names another tree")
  }
  guard let status = try invocation.workspace.status() else {
    let workspace = invocation.workspace
    if invocation.printsJSON {
      output.line(
        JSONValue.noIndex(
          root: workspace.root, indexDirectory: workspace.indexDirectory, writer: workspace.writer
        ).line)
    } else {
      let next = workspace.writer.map(StatusText.atWork) ?? "run `cairn index`"
      output.line("there is no index of \(safeText(workspace.root.description)) yet; \(next)")
    }
    return ExitCode.nothingFound
  }
  invocation.tellNotes(status.notes)
  if invocation.printsJSON {
    output.line(JSONValue.status(status).line)
    return ExitCode.done
  }
  for line in StatusText.lines(status, style: invocation.style, columns: invocation.terminal.columns) {
    output.line(line)
  }
  return ExitCode.done
}

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
        style.bold(safeText(entry.reason)) + gap + safeText(invocation.paths.shown(entry.path).description)
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
