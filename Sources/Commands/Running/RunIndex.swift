import Cairn
import JSON
import Rendering

/// `cairn index [DIRECTORY]`
func runIndex(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  if let directory = arguments.operands.first, arguments.has(.root) {
    throw CairnError(
      .invalidArgument, "the root is named twice, by --root and by \(String(decoding: directory, as: UTF8.self))")
  }
  let profileForm = try profileForm(arguments)
  let invocation = try Invocation(arguments, directory: arguments.operands.first, environment: environment)
  try invocation.confirmRoot(environment)
  invocation.tellNotes(invocation.workspace.notes)
  tellDisclosure(invocation)
  let trace = arguments.values(.trace).last.map { Path(bytes: $0) }
  let report = try await withProgress(invocation) { progress throws(CairnError) in
    try await invocation.workspace.index(rebuild: arguments.has(.rebuild), trace: trace, progress: progress)
  }
  write(report, profileForm, invocation, output)
  if !invocation.printsJSON {
    invocation.tellNotes(report.repairs + report.notes + report.later.flatMap { $0.repairs + $0.notes })
  }
  tellFailures(report, invocation)
  return ExitCode.done
}

/// What could not be read, a line each, and what else went wrong: on standard error, whatever is printed.
private func tellFailures(_ report: IndexReport, _ invocation: Invocation) {
  for run in [report] + report.later {
    for failure in run.unreadNotes + run.otherFailures { tell("cairn: " + safeText(failure.terminalText)) }
  }
}

/// How the profile of a run is shown.
private enum ProfileForm { case none, table, json }

private func profileForm(_ arguments: ParsedArguments) throws(CairnError) -> ProfileForm {
  guard let value = arguments.values(.profile).last else { return .none }
  switch String(decoding: value, as: UTF8.self) {
  case "": return .table
  case "json": return .json
  case let word: throw CairnError(.invalidArgument, "--profile stands alone or is --profile=json, not \(word)")
  }
}

private func write(
  _ report: IndexReport, _ profileForm: ProfileForm, _ invocation: Invocation, _ output: Output
) {
  if invocation.printsJSON {
    let line = JSONValue.report(
      report, root: invocation.workspace.root, indexDirectory: invocation.workspace.indexDirectory
    ).line
    output.line(line)
  } else if !invocation.isQuiet, profileForm != .json {
    for line in ReportText.lines(report) { output.line(line) }
    for later in report.later {
      output.line("with \(safeText(later.modelName)):")
      for line in ReportText.lines(later) { output.line("  " + line) }
    }
    if invocation.arguments.has(.timings) { for line in ReportText.timings(report) { output.line(line) } }
  }
  if profileForm == .none { return }
  if profileForm == .json || invocation.printsJSON {
    output.line(JSONValue.runProfile(report.profile, root: invocation.workspace.root).line)
  } else {
    output.line("")
    for line in ProfileText.lines(report.profile) { output.line(line) }
  }
}

/// What leaves the machine is said before it does.
func tellDisclosure(_ invocation: Invocation) {
  if let disclosure = invocation.workspace.disclosure, !invocation.isQuiet { tell("cairn: " + safeText(disclosure)) }
}

/// Runs `body` with a progress line where a person sees one; without one where not.
func withProgress<Result>(
  _ invocation: Invocation,
  _ body: ((@Sendable (IndexProgress) -> Void)?) async throws(CairnError) -> Result
) async throws(CairnError) -> Result {
  guard invocation.terminal.errorIsTerminal, !invocation.isQuiet, !invocation.printsJSON else {
    return try await body(nil)
  }
  let line = invocation.terminal.redrawsErrorLine ? ProgressLine() : nil
  defer {
    Signals.tellsOfIndexing(false)
    line?.finish()
  }
  return try await body { progress in
    Signals.tellsOfIndexing(true)
    line?.report(progress)
  }
}
