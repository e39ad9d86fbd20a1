import Cairn
import DoorSupport
import Primitives
import Rendering

/// A command line of `cairn grep` or `cairn files`. These need no index, and no place where one could be.
struct LineInvocation {
  let workspace: LineWorkspace
  let terminal: Terminal
  /// The directory that this process works in.
  let directory: Path
  /// What the user should know besides.
  private(set) var notes: [CairnError] = []

  /// Finds the root whose index is asked, and loads what is configured there. Where that cannot be read, the built-in
  /// settings hold: lines are found without any.
  init(_ arguments: ParsedArguments, _ environment: Environment) throws(CairnError) {
    let named: Path
    (directory, named) = try Invocation.directories(environment)
    let root = try Invocation.root(arguments, from: named, environment)
    var loaded = Configuration()
    do throws(CairnError) { loaded = try Configuration.load(root: root, environment: environment) } catch {
      notes.append(
        CairnError(error.code, "\(error.message); the built-in settings hold", path: error.path, cause: error.cause))
    }
    let configuration = try SettingFlag.configuration(loaded, SettingFlag.all(of: arguments), environment)
    workspace = try LineWorkspace(root: root, configuration: configuration, environment: environment)
    terminal = Terminal(configuration: configuration, environment: environment)
  }
}
