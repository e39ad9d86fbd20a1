import Cairn

/// `cairn index [DIRECTORY]`
func runIndex(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  if let directory = arguments.operands.first, arguments.has(.root) {
    throw CairnError(
      .invalidArgument, "the root is named twice, by --root and by \(String(decoding: directory, as: UTF8.self))")
  }
  let invocation = try Invocation(arguments, directory: arguments.operands.first, environment: environment)
  invocation.tellNotes(invocation.workspace.notes)
  let report = try await withProgress(invocation) { progress throws(CairnError) in
    try await invocation.workspace.index(rebuild: arguments.has(.rebuild), progress: progress)
  }
  if invocation.printsJSON {
    let line = JSON.report(
      report, root: invocation.workspace.root, indexDirectory: invocation.workspace.indexDirectory
    ).line
    output.line(line)
  } else if !invocation.isQuiet {
    for line in ReportText.lines(report) { output.line(line) }
    if arguments.has(.timings) { for line in ReportText.timings(report) { output.line(line) } }
  }
  for failure in report.failures where !invocation.printsJSON {
    tell("cairn: skipped: " + safeText(failure.description))
  }
  return ExitCode.done
}

/// Runs `body` with a progress line where a person sees one; without one where not.
func withProgress<Result>(
  _ invocation: Invocation,
  _ body: ((@Sendable (IndexProgress) -> Void)?) async throws(CairnError) -> Result
) async throws(CairnError) -> Result {
  guard invocation.terminal.errorIsTerminal, !invocation.isQuiet, !invocation.printsJSON else {
    return try await body(nil)
  }
  let line = ProgressLine()
  defer { line.finish() }
  return try await body { line.report($0) }
}
