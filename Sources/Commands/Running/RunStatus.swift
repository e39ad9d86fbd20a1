import Cairn
import Glibc
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
      output.line(JSONValue.noIndex(root: workspace.root, indexDirectory: workspace.indexDirectory).line)
    } else {
      output.line("there is no index of \(safeText(workspace.root.description)) yet; run `cairn index`")
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

/// `2026-11-21 05:12:09`, in local time.
func dateText(_ seconds: Double) -> String {
  var time = time_t(seconds)
  var parts = unsafe tm()
  guard unsafe localtime_r(&time, &parts) != nil else { return "unknown" }
  func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
  return unsafe "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
    + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
}
