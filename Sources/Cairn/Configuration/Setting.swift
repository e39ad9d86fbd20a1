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
    case boolean
    case choice([String])
    case path
  }
  /// What the setting is about; help texts are grouped so.
  public enum Topic: String, CaseIterable, Sendable { case files, indexing, answers }

  /// Its name in a configuration file.
  public let key: String
  public let kind: Kind
  public let defaultValue: Configuration.Value
  public let topic: Topic
  /// Its name on the command line, without the dashes.
  public let flag: String
  /// Its one-letter name on the command line.
  public let shortFlag: String?
  /// One line that says what it does.
  public let summary: String

  /// Its name in the environment.
  public var environmentVariable: String { "CAIRN_" + key.uppercased() }

  private init(
    _ key: String, _ kind: Kind, default defaultValue: Configuration.Value, _ topic: Topic, flag: String,
    short: String? = nil, _ summary: String
  ) {
    self.key = key
    self.kind = kind
    self.defaultValue = defaultValue
    self.topic = topic
    self.flag = flag
    shortFlag = short
    self.summary = summary
  }
}

extension Setting {
  public static let maximumFileByteCount = Setting(
    "max_file_bytes", .integer(1...1 << 40), default: .integer(5_000_000), .files, flag: "max-file-bytes",
    "Files with more bytes are skipped.")
  public static let includesHidden = Setting(
    "include_hidden", .boolean, default: .boolean(false), .files, flag: "include-hidden",
    "Whether hidden files that git does not track are indexed.")
  public static let includesVendored = Setting(
    "include_vendored", .boolean, default: .boolean(false), .files, flag: "include-vendored",
    "Whether directories of other people's code (node_modules and its kin) are indexed.")
  public static let obeysGitIgnore = Setting(
    "obey_gitignore", .boolean, default: .boolean(true), .files, flag: "obey-gitignore",
    "Whether git's ignore rules hold. Those in .cairnignore always do.")
  public static let threadCount = Setting(
    "threads", .integer(0...1024), default: .integer(0), .indexing, flag: "threads",
    "Threads for indexing; 0 is one for each core.")
  public static let maximumMemoryMegabytes = Setting(
    "max_memory_mb", .integer(1...1 << 20), default: .integer(256), .indexing, flag: "max-memory-mb",
    "Memory for the part of the index that is being built; when it is full the part is written out.")
  public static let indexDirectory = Setting(
    "index_dir", .path, default: .path(""), .indexing, flag: "index-dir",
    "Where the index lives; empty is .cairn at the root, \"cache\" is the user's cache directory.")
  public static let limit = Setting(
    "limit", .integer(1...10_000), default: .integer(10), .answers, flag: "limit", short: "n",
    "The most results shown.")
  public static let contextLineCount = Setting(
    "context", .integerOrAll(0...10_000), default: .integer(3), .answers, flag: "context", short: "C",
    "Lines shown around the lines that answer best; \"all\" shows the whole chunk.")
  public static let color = Setting(
    "color", .choice(["auto", "always", "never"]), default: .text("auto"), .answers, flag: "color",
    "Colour in what people read; auto is colour on a terminal, unless NO_COLOR is set.")

  /// Every setting, in the order in which it is shown.
  public static let all: [Setting] = [
    maximumFileByteCount, includesHidden, includesVendored, obeysGitIgnore, threadCount, maximumMemoryMegabytes,
    indexDirectory, limit, contextLineCount, color,
  ]
}
