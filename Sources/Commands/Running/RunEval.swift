import Cairn
import JSON
import Measuring
import Rendering

/// `cairn eval FILE`
func runEval(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let queries = try JudgedQuery.read(Path(bytes: arguments.operands[0]))
  let invocation = try Invocation(arguments, environment: environment)
  if !arguments.has(.noUpdate) { try invocation.confirmRoot(environment) }
  invocation.tellNotes(invocation.workspace.notes + invocation.scopeNotes)
  if !invocation.isIndexed { invocation.tellDisclosure() }
  let evaluation = try await invocation.withProgress { progress throws(CairnError) in
    try await invocation.workspace.evaluate(
      queries, freshness: arguments.has(.noUpdate) ? .asIs : .upToDate, progress: progress)
  }
  invocation.tellNotes(evaluation.notes)
  if invocation.isQuiet, let gap = evaluation.notes.first(where: { [.locked, .outdated, .limited].contains($0.code) }) {
    tell("cairn: note: " + safeText(gap.terminalText))
  }
  if invocation.printsJSON {
    for query in evaluation.queries { output.line(JSONValue.evaluatedQuery(query).line) }
    output.line(JSONValue.evaluation(evaluation).line)
  } else {
    for line in BenchmarkText.lines(evaluation) { output.line(line) }
  }
  return ExitCode.done
}
