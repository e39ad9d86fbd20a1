import Cairn
import JSON
import Registry
import Rendering

/// `cairn add DIRECTORY|ADDRESS`
func runAdd(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let registry = try RepositoryRegistry(arguments, environment)
  let name = arguments.values(.named).last.map { String(decoding: $0, as: UTF8.self) }
  let groups = arguments.values(.group).map { String(decoding: $0, as: UTF8.self) }
  let operand = arguments.operands[0]
  let text = String(validating: operand, as: UTF8.self)
  let isQuiet = arguments.has(.quiet)
  var address: GitAddress?
  if let text, GitAddress.isMeant(by: text, isThere: { (try? Path($0).resolved()) != nil }) {
    address = try GitAddress(text)
  }
  var root = Path(bytes: operand)
  if let address {
    if !isQuiet, !arguments.has(.json) { tell("cairn: cloning \(safeText(address.text))") }
    root = try await registry.clone(address)
  } else {
    root = try root.resolved()
    try confirm(root, registry, arguments, environment)
  }
  let added: AddedRepository
  do { added = try registry.add(root, as: name, groups: groups, address: address) } catch {
    // A clone that is in no list would be found by nobody.
    let isListed = ((try? registry.list.entries()) ?? []).contains { $0.root == root }
    if address != nil, !isListed { try? registry.clones.remove(root) }
    throw error
  }
  tellNotes(added.notes, arguments)
  let report = try await index(added.entry, registry, arguments)
  if arguments.has(.json) {
    output.line(JSONValue.repositoryChange("added", added.entry).line)
  } else if !isQuiet {
    let entry = added.entry
    let what = added.oldName.map { "renamed \($0) to \(entry.name)" } ?? (added.wasKnown ? "updated" : "added")
    let whose = added.oldName == nil ? " \(entry.name)" : ""
    let groups = entry.groups.isEmpty ? "" : " (\(entry.groups.joined(separator: ", ")))"
    output.line("\(what)\(whose)\(groups): \(safeText(entry.root.description))")
    output.line(ReportText.line(report))
  }
  return ExitCode.done
}

/// Asks before a directory is added in which everything else lies.
private func confirm(
  _ root: Path, _ registry: RepositoryRegistry, _ arguments: ParsedArguments, _ environment: Environment
) throws(CairnError) {
  guard Workspace.isCatchAll(root, environment) else { return }
  try Invocation(arguments, directory: root.bytes, environment: environment).confirmRoot(environment)
}

/// Brings the index of `entry` up to date, with a progress line.
private func index(
  _ entry: RepositoryEntry, _ registry: RepositoryRegistry, _ arguments: ParsedArguments
) async throws(CairnError) -> IndexReport {
  let workspace = try registry.workspace(of: entry)
  let isQuiet = arguments.has(.quiet)
  tellNotes(workspace.notes, arguments)
  if let disclosure = workspace.disclosure, !isQuiet { tell("cairn: " + safeText(disclosure)) }
  let terminal = Terminal(configuration: workspace.configuration, environment: .process)
  let report = try await withProgress(on: terminal, isShown: !isQuiet && !arguments.has(.json), isQuiet: isQuiet) {
    progress throws(CairnError) in try await workspace.index(progress: progress)
  }
  tellNotes(report.repairs + report.notes, arguments)
  return report
}

private func tellNotes(_ notes: [CairnError], _ arguments: ParsedArguments) {
  if arguments.has(.quiet) { return }
  for note in notes { tell("cairn: note: " + safeText(shortened(note.terminalText))) }
}

/// `cairn list`
func runList(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let registry = try RepositoryRegistry(arguments, environment)
  var entries = try registry.list.entries()
  let selection = try NamedRepositories.selection(arguments)
  if !selection.isEmpty { entries = try registry.entries(selection) }
  var states: [RepositoryState] = []
  for entry in entries { states.append(await registry.state(of: entry)) }
  if arguments.has(.json) {
    for state in states { output.line(JSONValue.repository(state).line) }
  } else if states.isEmpty {
    if !arguments.has(.quiet) { tell("no repository is in the list yet; `cairn add DIRECTORY` adds one") }
  } else {
    for line in RepositoryText.table(states) { output.line(line) }
    for state in states {
      guard let failure = state.failure, !arguments.has(.quiet) else { continue }
      tell("cairn: note: \(state.entry.name): " + safeText(shortened(failure.terminalText)))
    }
  }
  return states.isEmpty ? ExitCode.nothingFound : ExitCode.done
}

/// `cairn update NAME...`
func runUpdate(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  var selection = try NamedRepositories.selection(arguments)
  selection.names += arguments.operands.map { String(decoding: $0, as: UTF8.self) }
  if selection.isEmpty {
    throw CairnError(
      .invalidArgument,
      "name a repository of the list, --group NAME or --all; `cairn index` brings the index of this tree up to date")
  }
  let registry = try RepositoryRegistry(arguments, environment)
  var code = ExitCode.done
  for entry in try registry.entries(selection) {
    do throws(CairnError) {
      if let address = entry.address {
        let root = try await registry.clone(try GitAddress(address))
        // A cache that was moved: the list follows it.
        if root != entry.root, try root.resolved() != entry.root {
          throw CairnError(
            .notFound,
            "its clone is expected here, and the list has it at \(entry.root): remove it from the list and "
              + "add it again", path: root)
        }
      }
      let report = try await index(entry, registry, arguments)
      if arguments.has(.json) {
        output.line(JSONValue.repositoryChange("updated", entry).line)
      } else if !arguments.has(.quiet) {
        output.line("\(entry.name): " + ReportText.line(report))
      }
    } catch {
      if error.code == .cancelled { throw error }
      code = ExitCode.error
      if arguments.has(.json) { output.line(JSONValue.repositoryChange("failed", entry, error: error).line) }
      tell("cairn: \(entry.name): " + safeText(error.terminalText))
    }
  }
  return code
}

/// The repository of the list that `cairn remove` is to remove; nil where a directory is meant. Throws where a word
/// may be either, or is neither.
func repositoryToRemove(
  _ arguments: ParsedArguments, _ environment: Environment
) throws(CairnError) -> String? {
  let operands = arguments.operands.map { String(decoding: $0, as: UTF8.self) }
  let named = arguments.values(.repository).map { String(decoding: $0, as: UTF8.self) }
  let isOfList = arguments.has(.withIndex) || arguments.has(.withClone) || arguments.has(.group)
  guard operands.count + named.count <= 1 else {
    throw CairnError(.invalidArgument, "one repository is removed at a time")
  }
  if let name = named.first { return name }
  guard let word = operands.first else {
    if isOfList {
      throw CairnError(.invalidArgument, "--index, --clone and --group take the name of a repository of the list")
    }
    return nil
  }
  let isName = RepositoryName.problem(with: word) == nil
  let known = isName ? ((try? RepositoryList(environment).entries()) ?? []).map(\.name) : []
  let isKnown = known.contains { RepositoryName.areSame($0, word) }
  if (try? Path(word).resolved()) == nil {
    return isName && (isKnown || isOfList || !arguments.has(.at)) ? word : nil
  }
  guard isName, isKnown || isOfList else { return nil }
  throw CairnError(
    .invalidArgument,
    "\(word) is a directory here and may be a repository of the list: write ./\(word) for the directory, whose index "
      + "is removed, or --repo \(word) for the list")
}

/// `cairn remove NAME`
func runRemoveRepository(
  _ name: String, _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  if arguments.has(.at) || arguments.has(.root) {
    throw CairnError(.invalidArgument, "\(name) names a repository of the list: leave out --at and --root")
  }
  let registry = try RepositoryRegistry(arguments, environment)
  let groups = arguments.values(.group).map { String(decoding: $0, as: UTF8.self) }
  let removesIndex = arguments.has(.withIndex)
  let removesClone = arguments.has(.withClone)
  if !groups.isEmpty, removesIndex || removesClone {
    throw CairnError(.invalidArgument, "with --group the repository stays in the list, and so does all of it")
  }
  var selection = RepositorySelection()
  selection.names = [name]
  let entry = try registry.entries(selection)[0]
  if removesClone, entry.address == nil || !registry.clones.contains(entry.root) {
    throw CairnError(
      .invalidArgument, "this is no clone that Cairn made, and is not removed; leave --clone out", path: entry.root)
  }
  // The list last: what could not be removed is still to be found by its name.
  var removed: [String] = []
  if removesClone {
    try registry.clones.remove(entry.root)
    removed.append("its clone")
  } else if removesIndex {
    do {
      let removal = try await registry.workspace(of: entry).remove(revision: nil)
      if !removal.directories.isEmpty { removed.append("its index") }
      for failure in removal.left { tell("cairn: left: " + safeText(failure.terminalText)) }
    } catch {
      guard error.code == .noIndex || error.code == .notFound else { throw error }
    }
  }
  let change = try registry.remove(entry.name, from: groups)
  tellNotes(change.notes, arguments)
  if arguments.has(.json) {
    output.line(JSONValue.repositoryChange("removed", change.entry).line)
  } else if !arguments.has(.quiet) {
    let what = groups.isEmpty ? "the list" : groups.joined(separator: ", ")
    output.line("removed \(entry.name) from \(what)" + (removed.isEmpty ? "" : ", and " + removed.joined()))
    if groups.isEmpty, !removesClone {
      let rest = removesIndex ? "the files are" : "its files and its index are"
      output.line("\(rest) where they were: \(safeText(entry.root.description))")
    }
  }
  return ExitCode.done
}
