import Cairn
import DoorSupport
import JSON
import Primitives
import Rendering
import Settings

/// The files of settings, and which of them a command line means.
struct ConfigurationFiles {
  let arguments: ParsedArguments
  let environment: Environment
  /// Nil where neither --global nor --project was said.
  let scope: SettingFile.Scope?
  let root: Path
  let directory: Path

  init(_ arguments: ParsedArguments, _ environment: Environment) throws(CairnError) {
    guard !(arguments.has(.global) && arguments.has(.project)) else {
      throw CairnError(.invalidArgument, "--global and --project name two files; say one of them")
    }
    self.arguments = arguments
    self.environment = environment
    scope = arguments.has(.global) ? .global : arguments.has(.project) ? .project : nil
    directory = try Invocation.directories(environment).current
    root = try Invocation.root(arguments, from: try Invocation.directories(environment).named, environment)
  }

  func file(_ scope: SettingFile.Scope) throws(CairnError) -> SettingFile {
    if scope == .project { return .project(at: (try? root.resolved().filePath) ?? root.filePath) }
    guard let file = SettingFile.user(in: environment.variables) else {
      throw CairnError(.notFound, "there is no user's file: neither HOME nor XDG_CONFIG_HOME names a directory")
    }
    return file
  }

  func entries(of scope: SettingFile.Scope) throws(CairnError) -> [SettingValues.Entry] {
    let file = try file(scope)
    return try asCairnError { () throws(Failure) in try file.entries() }
  }

  /// The setting that a person calls `name` (`Setting.named`).
  func setting(_ name: String) throws(CairnError) -> Setting {
    if let setting = Setting.named(name) { return setting }
    var failure = Setting.unknown(name)
    failure.code = .invalidArgument
    throw CairnError(failure)
  }

  /// What holds for `setting` here now, with nothing derived.
  func entry(of setting: Setting) throws(CairnError) -> SettingValues.Entry {
    try Invocation(arguments, environment: environment).configuration.values[setting]
  }
}

/// `cairn config path`
func runConfigPath(_ files: ConfigurationFiles, _ output: Output) throws(CairnError) -> Int32 {
  for scope in files.scope.map({ [$0] }) ?? SettingFile.Scope.allCases {
    let file = try files.file(scope)
    if files.arguments.has(.json) {
      output.line(JSONValue.configurationFile(file).line)
    } else if files.scope != nil {
      output.write(file.path.bytes + [UInt8(ascii: "\n")])
    } else {
      output.line("\(scope.rawValue)  \(safeText(file.path.description))\(file.exists ? "" : "  (not there yet)")")
    }
  }
  return ExitCode.done
}

/// `cairn config get KEY`
func runConfigGet(_ files: ConfigurationFiles, _ name: String, _ output: Output) throws(CairnError) -> Int32 {
  let setting = try files.setting(name)
  let entry: SettingValues.Entry
  if let scope = files.scope {
    guard let found = try files.entries(of: scope).last(where: { $0.setting == setting }) else {
      tell("cairn: \(setting.key) is not set in \(safeText(try files.file(scope).path.description))")
      return ExitCode.nothingFound
    }
    entry = found
  } else {
    let invocation = try Invocation(files.arguments, environment: files.environment)
    let values = invocation.configuration.values
    let corpus = try? invocation.workspace.status()?.corpus
    entry = values.effectiveEntries(corpus: corpus).first { $0.setting == setting } ?? values[setting]
  }
  if files.arguments.has(.json) {
    output.line(JSONValue.setting(entry).line)
  } else {
    output.line(safeText(String(decoding: entry.value.withoutPassword.bytes, as: UTF8.self)))
  }
  return ExitCode.done
}

/// `cairn config set KEY VALUE`
func runConfigSet(
  _ files: ConfigurationFiles, _ name: String, to bytes: [UInt8], _ output: Output
) throws(CairnError) -> Int32 {
  let setting = try files.setting(name)
  if setting.key == Setting.store.key, hasPassword(String(decoding: bytes, as: UTF8.self)) {
    throw CairnError(
      .invalidArgument,
      "the address has a password in it, which would be kept in a file and shown: write it without, and put the "
        + "password into PGPASSWORD or ~/.pgpass")
  }
  let file = try files.file(files.scope ?? .project)
  do {
    try asCairnError { () throws(Failure) in
      let value = try file.value(
        parsing: bytes, of: setting, in: files.directory.filePath, files.environment.variables)
      try file.set([setting: value])
    }
  } catch {
    guard setting.isPersonal, file.scope == .project else { throw error }
    var mistake = error
    mistake.message += "; `cairn config set --global` writes the first of these"
    throw mistake
  }
  try tellChange(files, setting, file, output)
  return ExitCode.done
}

/// Whether an address names a password beside the user, or as a parameter.
private func hasPassword(_ address: String) -> Bool {
  let value = Setting.Value.text(address)
  return value.withoutPassword != value || (!address.contains("://") && address.lowercased().contains("password"))
}

/// `cairn config unset KEY`. A name that no setting has can be taken out too: it is a mistake in the file.
func runConfigUnset(_ files: ConfigurationFiles, _ name: String, _ output: Output) throws(CairnError) -> Int32 {
  let file = try files.file(files.scope ?? .project)
  let setting = Setting.keyed(name)
  let isChanged = try asCairnError { () throws(Failure) in try file.unset(name) }
  if isChanged {
    if let setting {
      try tellChange(files, setting, file, output)
    } else if !files.arguments.has(.quiet) {
      tell("cairn: written to \(safeText(file.path.description))")
    }
    return ExitCode.done
  }
  let known: Setting
  if let setting { known = setting } else { known = try files.setting(name) }
  if known != setting { return try runConfigUnset(files, known.key, output) }
  let entry = try files.entry(of: known)
  if files.arguments.has(.json) {
    output.line(JSONValue.configured(entry, in: file, isChanged: false).line)
  } else if !files.arguments.has(.quiet) {
    tell(
      "cairn: \(known.key) is not set in \(safeText(file.path.description)); it is "
        + safeText("\(entry.value.withoutPassword.description), \(entry.origin.description)"))
  }
  return ExitCode.nothingFound
}

/// Says which file was written, what holds now, and what wins over that file.
private func tellChange(
  _ files: ConfigurationFiles, _ setting: Setting, _ file: SettingFile, _ output: Output
) throws(CairnError) {
  let isQuiet = files.arguments.has(.quiet)
  if !isQuiet { tell("cairn: written to \(safeText(file.path.description))") }
  let entry = try files.entry(of: setting)
  if files.arguments.has(.json) {
    output.line(JSONValue.configured(entry, in: file, isChanged: true).line)
  } else if !isQuiet {
    let value = safeText(entry.value.withoutPassword.description)
    output.line("\(setting.key) = \(value)  # \(safeText(entry.origin.description))")
  }
  guard entry.wins(over: file), !isQuiet else { return }
  let isSet = try files.entries(of: file.scope).contains { $0.setting == setting }
  if isSet { tell("cairn: note: what this file says does not hold here: \(safeText(winner(entry.origin))) wins") }
}

private func winner(_ origin: Setting.Origin) -> String {
  switch origin {
  case .environment(let name): "the variable \(name)"
  case .file(let path, let line): "line \(line) of \(path)"
  case .index: "what the index was built with"
  case .flag(let name): "\(name) on the command line"
  case .builtIn, .derived, .program: origin.description
  }
}
