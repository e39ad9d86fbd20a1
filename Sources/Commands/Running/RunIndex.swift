import Cairn
import JSON
import Measuring
import Rendering

/// `cairn index [DIRECTORY]`
func runIndex(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let profileForm = try profileForm(arguments)
  let invocation = try Invocation(arguments, directory: arguments.operands.first, environment: environment)
  try invocation.confirmRoot(environment)
  invocation.tellNotes(invocation.workspace.notes)
  invocation.tellDisclosure()
  let rebuilds = arguments.has(.rebuild)
  let revision = try invocation.revision
  if revision != nil, arguments.has(.history) {
    throw CairnError(.invalidArgument, "--at and --history do not go together: index one, and then the other")
  }
  let report = try await invocation.withProgress { progress throws(CairnError) in
    guard let file = arguments.values(.trace).last.map({ Path(bytes: $0) }) else {
      return try await invocation.workspace.index(revision: revision, rebuild: rebuilds, progress: progress)
    }
    return try await ChromeTrace.write(to: file) { trace throws(CairnError) in
      try await invocation.workspace.index(
        revision: revision, rebuild: rebuilds, trace: trace, progress: progress)
    }
  }
  write(report, profileForm, invocation, output)
  if !invocation.printsJSON {
    invocation.tellNotes(report.repairs + report.notes + report.later.flatMap { $0.repairs + $0.notes })
  }
  tellFailures(report)
  if arguments.has(.history) {
    let history = try await invocation.withProgress { progress throws(CairnError) in
      try await invocation.workspace.indexHistory(rebuild: rebuilds, progress: progress)
    }
    write(history, invocation, output)
  }
  return ExitCode.done
}

private func write(_ history: History, _ invocation: Invocation, _ output: Output) {
  if invocation.printsJSON {
    output.line(
      JSONValue.historyReport(
        history, root: invocation.workspace.root, indexDirectory: invocation.workspace.indexDirectory
      ).line)
    return
  }
  if !invocation.isQuiet { for line in HistoryText.lines(history) { output.line(line) } }
  invocation.tellNotes(history.repairs)
}

/// What could not be read, a line each, and what else went wrong: on standard error, whatever is printed.
func tellFailures(_ report: IndexReport) {
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
  case let word: throw CairnError(.invalidArgument, "--profile has no value or is --profile=json, not \(word)")
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
