import Cairn
import JSON
import Rendering

/// `cairn doctor [DIRECTORY]`
func runDoctor(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let invocation: Invocation
  do { invocation = try Invocation(arguments, directory: arguments.operands.first, environment: environment) } catch {
    // A mistake in the command line is no finding about a tree.
    guard let root = rootNamed(by: arguments), error.path != nil || error.code == .invalidConfiguration else {
      throw error
    }
    if arguments.has(.json) {
      output.line(JSONValue.examination(of: root, unopened: error).line)
    } else {
      output.line(ExaminationText(style: Style(isOn: false), usesMarks: false).line(error.nameOfCheck, .bad, error))
    }
    return ExitCode.error
  }
  let workspace = invocation.workspace
  let examination = try await arguments.has(.repair) ? workspace.repair() : workspace.examine()
  invocation.tellNotes(examination.notes)
  print(
    examination, arguments, style: invocation.style, isTerminal: invocation.terminal.outputIsTerminal, output)
  return examination.isSound ? ExitCode.done : ExitCode.error
}

/// The root that the command line names, as far as it is a directory; the current one if it names none.
private func rootNamed(by arguments: ParsedArguments) -> Path? {
  let named = arguments.operands.first ?? arguments.values(.root).last
  return named.flatMap { try? Path(bytes: $0).resolved() } ?? (try? Path.current())
}

private func print(
  _ examination: Examination, _ arguments: ParsedArguments, style: Style, isTerminal: Bool, _ output: Output
) {
  if arguments.has(.json) {
    output.line(JSONValue.examination(examination).line)
    return
  }
  let text = ExaminationText(style: style, usesMarks: isTerminal)
  for repair in examination.repairs where !arguments.has(.quiet) { output.line(text.repair(repair)) }
  // Who wants it quiet wants what is wrong.
  for check in examination.checks where !arguments.has(.quiet) || check.state == .bad { output.line(text.line(check)) }
  let bad = examination.checks.count(where: { $0.state == .bad })
  if bad > 0 {
    tell("cairn: \(countText(bad, "check")) found something bad")
  } else if !arguments.has(.quiet) {
    output.line("nothing is wrong")
  }
}

/// `cairn remove [DIRECTORY | NAME]`
func runRemove(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  if let name = try repositoryToRemove(arguments, environment) {
    return try await runRemoveRepository(name, arguments, environment, output)
  }
  let invocation = try Invocation(arguments, directory: arguments.operands.first, environment: environment)
  let workspace = invocation.workspace
  // Where else an index lies is told by what becomes of it.
  invocation.tellNotes(workspace.notes.filter { $0.code != .notOurs })
  let removal: Removal?
  let revision = try invocation.revision
  var absence = "there is no index of \(safeText(workspace.root.description))"
  do { removal = try await workspace.remove(revision: revision) } catch {
    guard error.code == .noIndex else { throw error }
    removal = nil
    if revision != nil { absence = safeText(error.message) }
  }
  let left = removal?.left ?? []
  let directories = removal?.directories ?? []
  if invocation.printsJSON {
    output.line(JSONValue.removal(removal, root: workspace.root, indexDirectory: workspace.indexDirectory).line)
  } else if let removal, !directories.isEmpty, !invocation.isQuiet {
    for directory in directories { output.line("removed the index in \(safeText(directory.description))") }
    output.line("\(countText(removal.fileCount, "file")), \(byteText(removal.byteCount))")
    if revision == nil, let kept = try? workspace.caches().first(where: { $0.name == "embeddings" }),
      kept.entryCount > 0
    {
      output.line(
        "embeddings that all projects share stay (\(byteText(kept.byteCount))); `cairn cache clear` forgets them")
    }
  }
  if directories.isEmpty {
    let rest = left.isEmpty ? "" : "; what is there is not Cairn's, and yours to keep or to remove:"
    tell("cairn: \(absence)\(rest)")
  }
  for failure in left { tell("cairn: left: " + safeText(failure.terminalText)) }
  // What is somebody else's was not to be removed.
  guard left.allSatisfy({ $0.code == .notOurs }) else { return ExitCode.error }
  return directories.isEmpty ? ExitCode.nothingFound : ExitCode.done
}
