import Cairn
import DoorSupport
import ForeignConfiguration
import JSON
import Primitives
import Rendering
import Settings

/// `cairn config [list | get KEY | set KEY VALUE | unset KEY | path | profile PROFILE | import FILE]`
func runConfig(_ arguments: ParsedArguments, _ environment: Environment, _ output: Output) throws(CairnError) -> Int32 {
  let words = arguments.operands.map { String(decoding: $0, as: UTF8.self) }
  let word = words.first ?? "list"
  let operandCounts = ["list": 0, "get": 1, "set": 2, "unset": 1, "path": 0, "profile": 1, "import": 1]
  guard let operandCount = operandCounts[word] else {
    let near = nearestName(to: word, in: operandCounts.keys.sorted())
    throw CairnError(
      .invalidArgument,
      "config does not know \"\(word)\"; "
        + (near.map { "did you mean \"\($0)\"?" } ?? "it takes list, get, set, unset, path, profile or import"))
  }
  guard max(0, words.count - 1) == operandCount else {
    let wanted = [
      "get": "a setting: cairn config get KEY", "set": "a setting and its value: cairn config set KEY VALUE",
      "unset": "a setting: cairn config unset KEY",
      "profile": "a name: \(SizeProfile.allCases.map(\.rawValue).joined(separator: ", "))",
      "import": "a file: a semindex TOML or a LeIndex YAML file",
    ]
    throw CairnError(.invalidArgument, "\(word) takes \(wanted[word] ?? "nothing more")")
  }
  guard !arguments.has(.apply) || ["profile", "import"].contains(word) else {
    throw CairnError(
      .invalidArgument, "--apply goes with `cairn config profile NAME` or `cairn config import FILE`")
  }
  switch word {
  case "profile": return try runConfigProfile(words[1], arguments, environment, output)
  case "import": return try runConfigImport(Path(bytes: arguments.operands[1]), arguments, environment, output)
  default:
    let files = try ConfigurationFiles(arguments, environment)
    switch word {
    case "get": return try runConfigGet(files, words[1], output)
    case "set": return try runConfigSet(files, words[1], to: arguments.operands[2], output)
    case "unset": return try runConfigUnset(files, words[1], output)
    case "path": return try runConfigPath(files, output)
    default: return try showConfiguration(files, output)
    }
  }
}

private func showConfiguration(_ files: ConfigurationFiles, _ output: Output) throws(CairnError) -> Int32 {
  let (arguments, environment) = (files.arguments, files.environment)
  let invocation = try Invocation(arguments, environment: environment)
  let entries =
    try files.scope.map { scope throws(CairnError) in try files.entries(of: scope) }
    ?? invocation.configuration.values.effectiveEntries(corpus: try? invocation.workspace.status()?.corpus)
  if invocation.printsJSON {
    for entry in entries { output.line(JSONValue.setting(entry).line) }
    return ExitCode.done
  }
  let assignments = entries.map { "\($0.setting.key) = \(safeText($0.value.withoutPassword.description))" }
  let width = assignments.map(\.count).max() ?? 0
  for (entry, assignment) in zip(entries, assignments) {
    let padding = String(repeating: " ", count: width - assignment.count)
    output.line(assignment + padding + invocation.style.faint("  # \(safeText(entry.origin.description))"))
  }
  if invocation.isQuiet || files.scope != nil { return ExitCode.done }
  let variables = Setting.all.map(\.environmentVariable)
  for name in environment.names where name.hasPrefix("CAIRN_") && !variables.contains(name) {
    let near = nearestName(to: name, in: variables.map { $0.lowercased() })
    guard let near, !invocation.configuration.namesVariable(name) else { continue }
    output.line("# the variable \(safeText(name)) is not read; did you mean \(near.uppercased())?")
  }
  return ExitCode.done
}

extension Configuration {
  /// Whether a setting says that `name` holds a key.
  fileprivate func namesVariable(_ name: String) -> Bool {
    self[.embeddingKeyVariable].value == .text(name) || self[.llmKeyVariable].value == .text(name)
  }
}

/// `cairn config profile NAME [--apply]`
func runConfigProfile(
  _ name: String, _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) throws(CairnError) -> Int32 {
  guard let profile = SizeProfile(rawValue: name) else {
    let names = SizeProfile.allCases.map(\.rawValue)
    let near = nearestName(to: name, in: names)
    throw CairnError(
      .invalidArgument,
      "there is no profile \"\(name)\"; "
        + (near.map { "did you mean \"\($0)\"?" } ?? "there are: \(names.joined(separator: ", "))"))
  }
  let invocation = try Invocation(arguments, environment: environment)
  var written: Path?
  if arguments.has(.apply) { written = try invocation.writeProjectFile(profile.values) }
  if invocation.printsJSON {
    output.line(JSONValue.profile(profile, written: written).line)
    return ExitCode.done
  }
  output.line("# the profile \(profile.rawValue): projects of \(profile.summary)")
  output.write(profile.toml)
  if let written, !invocation.isQuiet { tell("cairn: written to \(safeText(written.description))") }
  return ExitCode.done
}

/// `cairn config import FILE [--apply]`. What it prints for people is itself a configuration file: what became of each
/// key is in comments.
func runConfigImport(
  _ file: Path, _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) throws(CairnError) -> Int32 {
  let invocation = try Invocation(arguments, environment: environment)
  let imported = try asCairnError { () throws(Failure) in try ConfigurationImport(of: file.filePath) }
  var written: [Path] = []
  if arguments.has(.apply) {
    if !imported.values.isEmpty {
      written.append(try invocation.writeProjectFile(imported.values))
    }
    if !imported.ignorePatterns.isEmpty {
      written.append(try invocation.workspace.addIgnorePatterns(imported.ignorePatterns))
    }
  }
  if invocation.printsJSON {
    for entry in imported.entries { output.line(JSONValue.importedKey(entry).line) }
    output.line(JSONValue.imported(imported, written: written).line)
    return ExitCode.done
  }
  for line in ImportText.lines(imported, from: file) { output.line(line) }
  if !invocation.isQuiet {
    for path in written { tell("cairn: written to \(safeText(path.description))") }
  }
  return ExitCode.done
}
