import Cairn
import Glibc
import JSON
import Rendering

/// Exit codes, as grep's.
enum ExitCode {
  static let done: Int32 = 0
  static let nothingFound: Int32 = 1
  static let error: Int32 = 2
  /// `cairn ask` alone: there is an answer, and it names places that it was not shown.
  static let notBacked: Int32 = 3
}

/// Runs one command line and gives its exit code: 0 found or done, 1 nothing found, 2 an error. Arguments are bytes,
/// since a path among them need not be UTF-8.
package func run(_ arguments: [[UInt8]]) async -> Int32 {
  Signals.prepare()
  let output = Output()
  var code: Int32
  do {
    let parsed = try ArgumentParser.parse(arguments)
    do { code = try await perform(parsed, output) } catch {
      if parsed.has(.json) { output.line(JSONValue.error(error).line) }
      tell("cairn: " + safeText(error.terminalText))
      code = ExitCode.error
    }
  } catch {
    let help = error.command.map { "cairn help \($0.rawValue)" } ?? "cairn help"
    tell("cairn: \(safeText(error.message))\n`\(help)` shows what there is")
    code = ExitCode.error
  }
  output.flush()
  if output.failure != 0, !output.isClosed {
    tell("cairn: the output could not be written (\(unsafe String(cString: strerror(output.failure))))")
    code = ExitCode.error
  }
  return code
}

private func perform(_ arguments: ParsedArguments, _ output: Output) async throws(CairnError) -> Int32 {
  if arguments.has(.version) {
    output.line("cairn \(version)")
    return ExitCode.done
  }
  guard let command = arguments.command else {
    output.write(Help.short(columns: Terminal.helpColumns))
    return ExitCode.done
  }
  if arguments.has(.help) {
    let isShort = arguments.uses.last { $0.option.meaning == .help }?.spelling == "-h"
    let columns = Terminal.helpColumns
    output.write(isShort ? Help.brief(for: command, columns: columns) : Help.text(for: command, columns: columns))
    return ExitCode.done
  }
  let environment = Environment.process
  switch command.name {
  case .index: return try await runIndex(arguments, environment, output)
  case .watch: return try await runWatch(arguments, environment, output)
  case .search: return try await runSearch(arguments, environment, output)
  case .grep: return try runGrep(arguments, environment, output)
  case .files: return try runFiles(arguments, environment, output)
  case .related: return try await runRelated(arguments, environment, output)
  case .ask: return try await runAsk(arguments, environment, output)
  case .status: return try await runStatus(arguments, environment, output)
  case .add: return try await runAdd(arguments, environment, output)
  case .list: return try await runList(arguments, environment, output)
  case .update: return try await runUpdate(arguments, environment, output)
  case .doctor: return try await runDoctor(arguments, environment, output)
  case .verify: return try await runVerify(arguments, environment, output)
  case .vacuum: return try await runVacuum(arguments, environment, output)
  case .remove: return try await runRemove(arguments, environment, output)
  case .model: return try await runModel(arguments, environment, output)
  case .cache: return try runCache(arguments, environment, output)
  case .config: return try runConfig(arguments, environment, output)
  case .agents: return try runAgents(arguments, environment, output)
  case .bench: return try await runBench(arguments, environment, output)
  case .eval: return try await runEval(arguments, environment, output)
  case .cluster: return try await runCluster(arguments, environment, output)
  case .mcp: return try await runMCP(arguments, environment)
  case .context: return try await runContext(arguments, environment, output)
  case .savings: return try runSavings(arguments, environment, output)
  case .completions: return try runCompletions(arguments, output)
  case .man: return try runManual(arguments, output)
  case .help: return try runHelp(arguments, output)
  }
}
