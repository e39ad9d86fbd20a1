import Cairn

/// `cairn config`
func runConfig(_ arguments: ParsedArguments, _ environment: Environment, _ output: Output) throws(CairnError) -> Int32 {
  let invocation = try Invocation(arguments, environment: environment)
  let entries = invocation.configuration.entries
  if invocation.printsJSON {
    for entry in entries { output.line(JSON.setting(entry).line) }
    return ExitCode.done
  }
  let assignments = entries.map { "\($0.setting.key) = \(safeText($0.value.description))" }
  let width = assignments.map(\.count).max() ?? 0
  for (entry, assignment) in zip(entries, assignments) {
    let padding = String(repeating: " ", count: width - assignment.count)
    output.line(assignment + padding + invocation.style.faint("  # \(safeText(entry.origin.description))"))
  }
  let variables = Setting.all.map(\.environmentVariable)
  for name in environment.names where name.hasPrefix("CAIRN_") && !variables.contains(name) {
    let near = nearestName(to: name, in: variables.map { $0.lowercased() })
    guard let near else { continue }
    output.line("# the variable \(safeText(name)) is not read; did you mean \(near.uppercased())?")
  }
  return ExitCode.done
}
