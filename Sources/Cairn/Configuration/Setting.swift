/// One thing that can be configured: the same table drives the reading of files, variables and flags, `cairn config`,
/// the help texts and `Docs/CONFIGURATION.md`.
///
///     for setting in Setting.all { print(setting.key, setting.defaultValue, setting.summary) }
public struct Setting: Hashable, Sendable {
  /// The values that are accepted.
  public enum Kind: Hashable, Sendable {
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
  /// What the setting is about; help texts are grouped so.
  public enum Topic: String, CaseIterable, Sendable { case files, indexing, caches, models, endpoints, answers }

  /// Its name in a configuration file.
  public let key: String
  public let kind: Kind
  public let defaultValue: Configuration.Value
  public let topic: Topic
  /// Its name on the command line, without the dashes.
  public let flag: String
  /// Its one-letter name on the command line.
  public let shortFlag: String?
  /// What stands for its value in help texts.
  package let placeholder: String?
  /// Whether it says what may leave the machine, what is read, run or kept outside the project, or what is spent on an
  /// endpoint: a project's file, which may be someone else's, cannot set it.
  public let isPersonal: Bool
  /// One line that says what it does.
  public let summary: String

  /// Its name in the environment.
  public var environmentVariable: String { "CAIRN_" + key.uppercased() }

  init(
    _ key: String, _ kind: Kind, default defaultValue: Configuration.Value, _ topic: Topic, flag: String? = nil,
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

extension Setting {
  /// Every setting, in the order in which it is shown.
  public static let all: [Setting] = files + indexing + caches + models + endpoints + answers
}
