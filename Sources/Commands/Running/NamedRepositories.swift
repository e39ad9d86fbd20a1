import Cairn
import Primitives
import Registry
import Rendering
import Settings

/// A setting as a command line says it.
struct SettingFlag: Sendable {
  var spelling: String
  var setting: Setting
  var value: [UInt8]

  static func all(of arguments: ParsedArguments) -> [SettingFlag] {
    arguments.uses.compactMap { use in
      guard case .setting(let setting) = use.option.meaning else { return nil }
      return SettingFlag(spelling: use.spelling, setting: setting, value: use.value)
    }
  }

  /// What is loaded, and then what the command line says.
  static func configuration(
    _ loaded: Configuration, _ flags: [SettingFlag], _ environment: Environment
  ) throws(CairnError) -> Configuration {
    var configuration = loaded
    for flag in flags {
      do throws(CairnError) {
        try asCairnError { () throws(Failure) in
          try configuration.values.apply(
            flag: flag.spelling, flag.setting, flag.value, environment: environment.variables)
        }
      } catch {
        // `-n` numbers lines elsewhere, and has no value there.
        guard flag.spelling == "-n", Int(String(decoding: flag.value, as: UTF8.self)) == nil else { throw error }
        var mistake = error
        mistake.message += " (the most results shown); lines have their numbers without it"
        throw mistake
      }
    }
    return configuration
  }
}

extension RepositoryRegistry {
  /// The user's list, where each repository is configured as the command line says besides.
  convenience init(_ arguments: ParsedArguments, _ environment: Environment) throws(CairnError) {
    let flags = SettingFlag.all(of: arguments)
    try self.init(environment) { (root) throws(CairnError) in
      try SettingFlag.configuration(
        try Configuration.load(root: root, environment: environment), flags, environment)
    }
  }
}

/// The repositories of the list that a command line names by `--repo`, `--group` and `--all`.
struct NamedRepositories: Sendable {
  let registry: RepositoryRegistry
  let entries: [RepositoryEntry]

  /// Nil where it names none. Throws where it names a tree as well, or what the list does not have.
  init?(_ arguments: ParsedArguments, _ environment: Environment) throws(CairnError) {
    let selection = try Self.selection(arguments)
    if selection.isEmpty { return nil }
    if arguments.has(.root) {
      throw CairnError(.invalidArgument, "--root names a tree, and --repo, --group or --all repositories; give one")
    }
    registry = try RepositoryRegistry(arguments, environment)
    entries = try registry.entries(selection)
    if entries.count > 1, let flag = SettingFlag.all(of: arguments).first(where: { $0.setting == .indexDirectory }) {
      throw CairnError(
        .invalidArgument,
        "\(flag.spelling) names one index, and each of the \(entries.count) repositories has its own: leave it out, or "
          + "name one of them with --repo")
    }
  }

  /// What the options name.
  static func selection(_ arguments: ParsedArguments) throws(CairnError) -> RepositorySelection {
    var selection = RepositorySelection()
    selection.names = arguments.values(.repository).map { String(decoding: $0, as: UTF8.self) }
    selection.groups = arguments.values(.group).map { String(decoding: $0, as: UTF8.self) }
    selection.isAll = arguments.has(.all)
    return selection
  }

  /// The root of each by its name.
  var roots: [String: Path] { Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.root) }) }

  /// The first that can be opened. Throws what keeps the first from it where none can.
  func firstWorkspace() throws(CairnError) -> Workspace {
    var failure: CairnError?
    for entry in entries {
      do throws(CairnError) { return try registry.workspace(of: entry) } catch { failure = failure ?? error }
    }
    throw failure ?? CairnError(.notFound, "no repository is named")
  }

  /// What leaves this machine for repositories that have no index yet, and where to; each sentence once.
  var disclosures: [String] {
    var said: [String] = []
    for entry in entries {
      guard let workspace = try? registry.workspace(of: entry), let text = workspace.disclosure, !said.contains(text),
        ((try? workspace.status()) ?? nil) == nil
      else { continue }
      said.append(text)
    }
    return said
  }
}
