import Cairn
import Primitives

/// `cairn model VERB [NAME]`
func runModel(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let words = arguments.operands.map { String(decoding: $0, as: UTF8.self) }
  let invocation = try Invocation(arguments, environment: environment)
  let library = try ModelLibrary(configuration: invocation.configuration, environment: environment)
  let printer = ModelPrinter(
    output: output, style: invocation.style, printsJSON: invocation.printsJSON, isQuiet: invocation.isQuiet)
  func name() throws(CairnError) -> String {
    guard words.count == 2 else { throw CairnError(.invalidArgument, "`cairn model \(words[0])` takes one name") }
    return words[1]
  }
  guard words.count == 1 || !["list", "runtime"].contains(words[0]) else {
    throw CairnError(.invalidArgument, "`cairn model \(words[0])` takes no name")
  }
  switch words[0] {
  case "list": printer.list(try library.entries())
  case "info": printer.info(try library.entry(named: try name()))
  case "pull":
    let wanted = try name()
    let line = DownloadLine(
      isShown: invocation.terminal.redrawsErrorLine && !invocation.isQuiet && !invocation.printsJSON)
    defer { line.finish() }
    printer.pulled(try await library.pull(wanted) { line.report($0) })
  case "add":
    // A path need not be UTF-8.
    _ = try name()
    let given = arguments.values(.name).last.map { String(decoding: $0, as: UTF8.self) }
    printer.added(try await library.add(Path(bytes: arguments.operands[1]), name: given))
  case "test":
    let test = try await library.test(try name())
    printer.test(test)
    if !test.tellsApart { return ExitCode.nothingFound }
  case "remove":
    let wanted = try name()
    try library.remove(wanted)
    printer.removed(wanted)
  case "runtime":
    let report = ModelLibrary.runtimeReport()
    printer.runtime(report.lines, isFound: report.isFound)
    if !report.isFound { return ExitCode.nothingFound }
  case let word:
    let verbs = ["list", "info", "pull", "add", "test", "remove", "runtime"]
    let near = nearestName(to: word, in: verbs)
    throw CairnError(
      .invalidArgument,
      "model does not know \"\(word)\"; "
        + (near.map { "did you mean \"\($0)\"?" } ?? "it takes \(verbs.joined(separator: ", "))"))
  }
  return ExitCode.done
}
