/// What holds for a workspace, each value with the place that it came from.
///
///     var configuration = try Configuration.load(root: "/home/me/project")
///     configuration.limit = 20
///     for entry in configuration.entries { print(entry.setting.key, entry.value, entry.origin) }
public struct Configuration: Hashable, Sendable {
  public enum Value: Hashable, Sendable {
    case integer(Int)
    case boolean(Bool)
    case text(String)
    case path(Path)
  }

  /// Where a value came from.
  public enum Origin: Hashable, Sendable {
    case builtIn
    /// Computed from what `from` names: the machine, the corpus.
    case derived(from: String)
    case file(Path, line: Int)
    case environment(String)
    case flag(String)
    /// Named on the command line that built the index, and kept with it.
    case index
    /// A program that imports the library.
    case program
  }

  /// A setting with the value that holds.
  public struct Entry: Hashable, Sendable {
    public var setting: Setting
    public var value: Value
    public var origin: Origin
  }

  /// Every setting, in the order of `Setting.all`.
  public private(set) var entries: [Entry]

  /// What holds when nothing is configured.
  public init() { entries = Setting.all.map { Entry(setting: $0, value: $0.defaultValue, origin: .builtIn) } }

  public subscript(setting: Setting) -> Entry {
    // Every setting is in the table, since only the table makes them.
    entries.first { $0.setting == setting } ?? Entry(setting: setting, value: setting.defaultValue, origin: .builtIn)
  }

  package mutating func set(_ setting: Setting, to value: Value, from origin: Origin) {
    guard let index = entries.firstIndex(where: { $0.setting == setting }) else { return }
    entries[index].value = value
    entries[index].origin = origin
  }
}

extension Configuration.Value: CustomStringConvertible {
  /// As a configuration file has it: `5000000`, `true`, `"auto"`.
  public var description: String {
    switch self {
    case .integer(let number): String(number)
    case .boolean(let flag): flag ? "true" : "false"
    case .text(let text): Self.quoted(text)
    case .path(let path): Self.quoted(path.description)
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        quoted += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension Configuration.Origin: CustomStringConvertible {
  /// `from cairn.toml:3`, in words for a person.
  public var description: String {
    switch self {
    case .builtIn: "built in"
    case .derived(let reason): "derived from \(reason)"
    case .file(let path, let line): "from \(path):\(line)"
    case .environment(let name): "from the environment: \(name)"
    case .index: "kept with the index, from the command line that built it"
    case .flag(let name): "from the command line: \(name)"
    case .program: "set by the program"
    }
  }
}

extension Configuration {
  /// What to add to a message about the value of `setting` where a file has set it: `; embedding_model is set in ...`. Else nothing.
  func origin(of setting: Setting) -> String {
    guard case .file(let file, let line) = self[setting].origin else { return "" }
    return "; \(setting.key) is set in \(file), line \(line)"
  }
}
