import Cairn
import DoorSupport
import JSON
import Registry
import Rendering
import Settings

/// `cairn status`
func runStatus(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let invocation = try Invocation(arguments, environment: environment)
  if let named = invocation.repositories { return try await runStatus(named, invocation, output) }
  invocation.tellNotes(invocation.workspace.notes)
  if arguments.has(.skipped) {
    guard !arguments.has(.at) else {
      throw CairnError(
        .invalidArgument, "--skipped lists what is left out of the files as they are, and not --at a commit")
    }
    return try runSkipped(invocation, output)
  }
  guard arguments.operands.isEmpty else {
    throw CairnError(.invalidArgument, "status takes a path with --skipped only; --root names another tree")
  }
  if let revision = try invocation.revision { return try await runStatus(at: revision, invocation, output) }
  let hasStore = !invocation.configuration.values.text(.store).isEmpty
  if hasStore { try await tellStoreStatus(invocation, output) }
  let revisions = invocation.workspace.revisions()
  if hasStore, try invocation.workspace.status() == nil { return ExitCode.done }
  guard let status = try invocation.workspace.status() else {
    let workspace = invocation.workspace
    if invocation.printsJSON {
      let object = JSONValue.noIndex(
        root: workspace.root, indexDirectory: workspace.indexDirectory, writer: workspace.writer, revisions: revisions)
      output.line(object.line)
    } else {
      let next = workspace.writer.map(StatusText.atWork) ?? "run `cairn index`"
      output.line("there is no index of \(safeText(workspace.root.description)) yet; \(next)")
      for line in StatusText.lines(revisions, style: invocation.style) { output.line(line) }
    }
    return ExitCode.nothingFound
  }
  invocation.tellNotes(status.notes)
  if invocation.printsJSON {
    output.line(JSONValue.status(status, revisions: revisions, history: invocation.workspace.history).line)
    return ExitCode.done
  }
  let style = invocation.style
  for line in StatusText.lines(status, style: style, columns: invocation.terminal.columns) { output.line(line) }
  if let history = invocation.workspace.history {
    output.line(style.bold("history") + "      " + HistoryText.extent(history) + ", " + byteText(history.byteCount))
  }
  for line in StatusText.lines(revisions, style: style) { output.line(line) }
  return ExitCode.done
}

/// `cairn status --at REV`: that of a commit's index.
private func runStatus(
  at revision: String, _ invocation: Invocation, _ output: Output
) async throws(CairnError) -> Int32 {
  let status: Status
  do { status = try await invocation.workspace.status(at: revision) } catch {
    guard error.code == .noIndex else { throw error }
    if invocation.printsJSON {
      let workspace = invocation.workspace
      let object = JSONValue.noIndex(
        root: workspace.root, indexDirectory: workspace.indexDirectory, writer: nil, revisions: workspace.revisions())
      output.line(object.line)
    } else {
      output.line(safeText(error.terminalText))
    }
    return ExitCode.nothingFound
  }
  if invocation.printsJSON {
    output.line(JSONValue.status(status, revisions: []).line)
  } else {
    for line in StatusText.lines(status, style: invocation.style, columns: invocation.terminal.columns) {
      output.line(line)
    }
  }
  return ExitCode.done
}

/// `cairn status --repo NAME`, `--group` or `--all`: that of each.
private func runStatus(
  _ named: NamedRepositories, _ invocation: Invocation, _ output: Output
) async throws(CairnError) -> Int32 {
  if invocation.arguments.has(.skipped) || invocation.arguments.has(.at) || !invocation.arguments.operands.isEmpty {
    throw CairnError(
      .invalidArgument, "what is left out, and a commit's index, are told of one tree at a time: name it with --root")
  }
  var code = ExitCode.done
  for (index, entry) in named.entries.enumerated() {
    let state = await named.registry.state(of: entry)
    if state.condition != .ready, state.condition != .incomplete { code = ExitCode.nothingFound }
    if invocation.printsJSON {
      output.line(JSONValue.repository(state).line)
      continue
    }
    if index > 0 { output.line() }
    output.line(invocation.style.bold(entry.name))
    guard let status = state.status else {
      output.line(
        safeText(state.failure?.terminalText ?? "there is no index yet; run `cairn update \(entry.name)`"))
      continue
    }
    for line in StatusText.lines(status, style: invocation.style, columns: invocation.terminal.columns) {
      output.line(line)
    }
  }
  return code
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
