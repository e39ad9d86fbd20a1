import Primitives
package import Settings

/// The settings of a workspace, each value with its origin.
///
///     var configuration = try Configuration.load(root: "/home/me/project")
///     configuration.limit = 20
///     for entry in configuration.entries { print(entry.key, entry.value, entry.origin) }
public struct Configuration: Hashable, Sendable {
  /// What the rooms below and the doors read.
  package var values: SettingValues

  /// The defaults.
  public init() { values = SettingValues() }

  init(_ values: SettingValues) { self.values = values }

  /// The name of a project's configuration file, at its root.
  public static let fileName = Path(SettingValues.fileName)

  /// What holds at `root`: the built-in values, then the user's file (`~/.config/cairn/config.toml`), then the
  /// project's (`cairn.toml`), then the environment (`CAIRN_...`); what comes later wins. Flags are the caller's to set
  /// last.
  ///
  /// Throws `invalidConfiguration`, with the file and the line, for a setting that does not exist or a value that it
  /// does not accept.
  ///
  ///     let configuration = try Configuration.load(root: "/home/me/project")
  public static func load(root: Path, environment: Environment = .process) throws(CairnError) -> Configuration {
    try asCairnError { () throws(Failure) in
      Configuration(try SettingValues.load(root: root.filePath, environment: environment.variables))
    }
  }
}

extension Configuration {
  package subscript(setting: Setting) -> SettingValues.Entry { values[setting] }

  package mutating func set(_ setting: Setting, to value: Setting.Value, from origin: Setting.Origin) {
    values.set(setting, to: value, from: origin)
  }

  func integer(_ setting: Setting) -> Int { values.integer(setting) }
  func boolean(_ setting: Setting) -> Bool { values.boolean(setting) }
  func text(_ setting: Setting) -> String { values.text(setting) }
}

extension Configuration {
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
    /// The setting's name in a configuration file.
    public let key: String
    /// One line that says what the setting does.
    public let summary: String
    public let value: Value
    public let origin: Origin
  }

  /// Every setting, in the order in which `cairn config` shows them.
  public var entries: [Entry] {
    values.entries.map {
      Entry(key: $0.setting.key, summary: $0.setting.summary, value: Value($0.value), origin: Origin($0.origin))
    }
  }

  /// The setting that a configuration file calls `key`; nil where there is none.
  ///
  ///     print(configuration["limit"]?.origin ?? .builtIn)
  public subscript(key: String) -> Entry? { entries.first { $0.key == key } }

  /// Sets the setting that a configuration file calls `key`. Throws `invalidConfiguration` where there is none, and
  /// for a value that it does not accept.
  ///
  ///     try configuration.set("max_memory_mb", to: .integer(512))
  public mutating func set(_ key: String, to value: Value) throws(CairnError) {
    do { try values.set(key, to: value.setting) } catch { throw CairnError(error) }
  }
}

extension Configuration.Value: CustomStringConvertible {
  init(_ value: Setting.Value) {
    self =
      switch value {
      case .integer(let number): .integer(number)
      case .boolean(let flag): .boolean(flag)
      case .text(let text): .text(text)
      case .path(let path): .path(Path(path))
      }
  }

  var setting: Setting.Value {
    switch self {
    case .integer(let number): .integer(number)
    case .boolean(let flag): .boolean(flag)
    case .text(let text): .text(text)
    case .path(let path): .path(path.filePath)
    }
  }

  /// As a configuration file has it: `5000000`, `true`, `"auto"`.
  public var description: String { setting.description }
}

extension Configuration.Origin: CustomStringConvertible {
  init(_ origin: Setting.Origin) {
    self =
      switch origin {
      case .builtIn: .builtIn
      case .derived(let reason): .derived(from: reason)
      case .file(let path, let line): .file(Path(path), line: line)
      case .environment(let name): .environment(name)
      case .flag(let name): .flag(name)
      case .index: .index
      case .program: .program
      }
  }

  /// `from cairn.toml:3`, in words for a person.
  public var description: String {
    switch self {
    case .builtIn: Setting.Origin.builtIn.description
    case .derived(let reason): Setting.Origin.derived(from: reason).description
    case .file(let path, let line): Setting.Origin.file(path.filePath, line: line).description
    case .environment(let name): Setting.Origin.environment(name).description
    case .flag(let name): Setting.Origin.flag(name).description
    case .index: Setting.Origin.index.description
    case .program: Setting.Origin.program.description
    }
  }
}
