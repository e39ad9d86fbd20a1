package import Primitives

/// One thing that can be configured: the same table drives the reading of files, variables and flags, `cairn config`,
/// the help texts and `Docs/CONFIGURATION.md`.
///
///     for setting in Setting.all { print(setting.key, setting.defaultValue, setting.summary) }
package struct Setting: Sendable {
  /// The values that are accepted.
  package enum Kind: Hashable, Sendable {
    case integer(ClosedRange<Int>)
    /// A number, or the word `all`.
    case integerOrAll(ClosedRange<Int>)
    /// A number of MiB, or a share of the machine's memory such as `25%`.
    case megabytesOrShare(ClosedRange<Int>)
    case boolean
    case choice([String])
    /// Any words on one line.
    case text
    case path
    /// Directories with `:` between them, each absolute or beginning with `~/`.
    case directories
  }
  /// What a setting is set to.
  package enum Value: Hashable, Sendable {
    case integer(Int)
    case boolean(Bool)
    case text(String)
    case path(FilePath)
  }
  /// What the setting is about; help texts are grouped so.
  package enum Topic: String, CaseIterable, Sendable {
    case files, indexing, caches, models, endpoints, sharing, answers
  }

  /// Its name in a configuration file.
  package let key: String
  package let kind: Kind
  package let defaultValue: Setting.Value
  package let topic: Topic
  /// Its name on the command line, without the dashes.
  package let flag: String
  /// Its one-letter name on the command line.
  package let shortFlag: String?
  /// What stands for its value in help texts.
  package let placeholder: String?
  /// Whether it says what may leave the machine, what is read, run or kept outside the project, or what is spent on an
  /// endpoint: a project's file, which may be someone else's, cannot set it.
  package let isPersonal: Bool
  /// One line that says what it does.
  package let summary: String

  /// Its name in the environment.
  package var environmentVariable: String { "CAIRN_" + key.uppercased() }

  init(
    _ key: String, _ kind: Kind, default defaultValue: Setting.Value, _ topic: Topic, flag: String? = nil,
    short: String? = nil, placeholder: String? = nil, isPersonal: Bool = false, _ summary: String
  ) {
    self.key = key
    self.kind = kind
    self.defaultValue = defaultValue
    self.topic = topic
    self.flag = flag ?? String(key.map { $0 == "_" ? "-" : $0 })
    shortFlag = short
    self.placeholder = placeholder
    self.isPersonal = isPersonal
    self.summary = summary
  }
}

extension Setting: Hashable {
  /// By the key: there is one row in the table for each.
  package static func == (a: Setting, b: Setting) -> Bool { a.key == b.key }
  package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

extension Setting {
  /// Every setting, in the order in which it is shown.
  package static let all: [Setting] = files + indexing + caches + models + endpoints + sharing + answers

  /// The setting with this key.
  package static func keyed(_ key: String) -> Setting? { all.first { $0.key == key } }

  /// The setting that a person calls `name`: by its key, its variable, or its option with or without the dashes.
  package static func named(_ name: String) -> Setting? {
    let key = key(of: name)
    return keyed(key)
      ?? all.first { $0.environmentVariable.lowercased() == key || $0.flag.replacing("-", with: "_") == key }
  }

  private static func key(of name: String) -> String {
    String(name.drop { $0 == "-" }.map { $0 == "-" ? "_" : $0 }).lowercased()
  }

  /// The error for a name that no setting has.
  package static func unknown(_ name: String) -> Failure {
    let near = nearestName(to: key(of: name), in: all.map(\.key))
    return Failure(
      .invalidConfiguration, "there is no setting \"\(name)\"" + (near.map { "; did you mean \"\($0)\"?" } ?? ""),
      remedy: near == nil ? Remedy(.listSettings) : nil)
  }
}
