import Cairn
import JSON
import Measuring
import Rendering

/// `cairn bench [DIRECTORY]`
func runBench(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let invocation = try Invocation(arguments, directory: arguments.operands.first, environment: environment)
  if Workspace.isCatchAll(invocation.workspace.root, environment) {
    throw CairnError(
      .invalidArgument, "this is the whole machine, or your home directory; name the directory of a project to measure",
      path: invocation.workspace.root)
  }
  var request = BenchmarkRequest()
  if let text = arguments.values(.rounds).last.map({ String(decoding: $0, as: UTF8.self) }) {
    guard let rounds = Int(text), (1...1000).contains(rounds) else {
      throw CairnError(.invalidArgument, "--rounds takes a number from 1 to 1000, not \"\(text)\"")
    }
    request.rounds = rounds
  }
  if let file = arguments.values(.queries).last.map({ Path(bytes: $0) }) {
    request.queries = try JudgedQuery.read(file)
  }
  invocation.tellNotes(invocation.workspace.missingFileNotes(request.queries))
  let isWatched = invocation.terminal.errorIsTerminal && !invocation.isQuiet && !invocation.printsJSON
  let report = try await invocation.workspace.benchmark(request) { step in
    if isWatched { tell("cairn: measuring \(step)") }
  }
  if invocation.printsJSON {
    output.line(JSONValue.benchmark(report).line)
  } else {
    for line in BenchmarkText.lines(report) { output.line(line) }
  }
  return ExitCode.done
}
