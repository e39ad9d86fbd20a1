import Settings

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

  /// As a configuration file has it: `5000000`, `true`, `"auto"`.
  public var description: String {
    switch self {
    case .integer(let number): Setting.Value.integer(number).description
    case .boolean(let flag): Setting.Value.boolean(flag).description
    case .text(let text): Setting.Value.text(text).description
    case .path(let path): Setting.Value.path(path.filePath).description
    }
  }
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
