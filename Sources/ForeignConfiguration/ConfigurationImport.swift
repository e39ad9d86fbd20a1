import Disk
package import Primitives
package import Settings

/// What a configuration file of an earlier program (semindex's TOML, LeIndex's YAML) comes to here, key by key.
///
///     let imported = try ConfigurationImport(of: "/home/me/.leindex/config.yaml")
///     for entry in imported.entries { print(entry.line, entry.key, entry.outcome) }
///     print(imported.toml)
package struct ConfigurationImport: Hashable, Sendable {
  /// What became of one key.
  package enum Outcome: Hashable, Sendable {
    /// It has the same meaning here.
    case taken(Setting, Setting.Value)
    /// It became another value, or part of another setting.
    case changed(Setting, Setting.Value, how: String)
    /// The value is what holds here anyway.
    case alreadyDefault(Setting)
    /// An earlier key of the file has set the same setting.
    case covered(Setting, by: String)
    /// Its patterns belong into `.cairnignore`.
    case ignorePatterns(count: Int)
    /// There is nothing here to set.
    case notNeeded(String)
    /// It holds a secret, which is neither read nor shown.
    case secret(String)
    /// The value is not one that the key can have.
    case invalid(String)
    case unknown
  }

  package struct Entry: Hashable, Sendable {
    /// Its names from the outermost, joined by dots.
    package var key: String
    /// As the file has it, shortened where it is long and hidden where it is a secret.
    package var value: String
    /// From 1.
    package var line: Int
    package var outcome: Outcome
  }

  /// Every key of the file, in its order.
  package private(set) var entries: [Entry] = []
  /// What a project's file may say.
  package private(set) var values: [Setting: Setting.Value] = [:]
  /// What only the user's own file may say, such as where text is sent.
  package private(set) var personalValues: [Setting: Setting.Value] = [:]
  /// Lines for `.cairnignore`.
  package private(set) var ignorePatterns: [String] = []

  /// Reads the file at `path`: YAML where its name ends in `.yaml` or `.yml`, else TOML. Throws `invalidConfiguration`
  /// with the line of a mistake.
  package init(of path: FilePath) throws(Failure) {
    let name = path.description.lowercased()
    let isYaml = name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    let found = isYaml ? try YamlDocument.values(of: path) : try Self.tomlValues(of: path)
    let rules = found.map { ForeignRule.rule(for: $0.key) }
    var outcomes = [Outcome](repeating: .unknown, count: found.count)
    for isLast in [false, true] {
      for (i, value) in found.enumerated() where (rules[i]?.isLast ?? false) == isLast {
        outcomes[i] = outcome(of: value, rules[i])
      }
    }
    entries = found.indices.map { Self.entry(for: found[$0], rules[$0], outcomes[$0]) }
  }

  private static func tomlValues(of path: FilePath) throws(Failure) -> [ForeignValue] {
    var values: [ForeignValue] = []
    // The parser gives names in their order; a reader of the report wants the order of the file.
    let nodes = try TomlDocument.nodes(of: path).enumerated().sorted {
      ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
    }
    for (_, node) in nodes where node.kind != .array && node.kind != .table {
      if let last = values.indices.last, values[last].key == node.key {
        values[last].texts.append(node.text)
      } else {
        values.append(ForeignValue(key: node.key, texts: [node.text], line: node.line))
      }
    }
    return values
  }

  private static func entry(for value: ForeignValue, _ rule: ForeignRule?, _ outcome: Outcome) -> Entry {
    var shown =
      value.texts.count == 1 ? value.texts[0] : "\(value.texts.count) values"
    if value.texts.isEmpty { shown = "nothing" }
    if rule?.isSecret == true, !value.isEmpty { shown = "(hidden)" }
    if shown.utf8.count > 60 { shown = String(shown.prefix(57)) + "..." }
    return Entry(key: value.key, value: shown, line: value.line, outcome: outcome)
  }

  private mutating func outcome(of value: ForeignValue, _ rule: ForeignRule?) -> Outcome {
    guard let rule else { return value.isEmpty ? .notNeeded("it is empty") : .unknown }
    switch rule.action {
    case .notNeeded(let why): return .notNeeded(why)
    case .secret(let advice): return value.isEmpty ? .notNeeded("it is empty") : .secret(advice)
    case .patterns:
      let new = value.texts.filter { !$0.isEmpty && !ignorePatterns.contains($0) }
      ignorePatterns += new
      return new.isEmpty
        ? .notNeeded("there is no pattern that is not already there") : .ignorePatterns(count: new.count)
    case .take(let setting):
      return take(value, setting) { Conversion(setting.value(parsing: Array(($0.text ?? "").utf8))) }
    case .convert(let setting, let convert): return take(value, setting, convert)
    }
  }

  private mutating func take(
    _ value: ForeignValue, _ setting: Setting, _ convert: (ForeignValue) -> Conversion?
  ) -> Outcome {
    if value.isEmpty { return .notNeeded("it is empty") }
    guard let conversion = convert(value) else { return .invalid("\(setting.key) takes \(setting.expectation)") }
    guard let converted = conversion.value else { return .notNeeded(conversion.how ?? "") }
    guard setting.accepts(converted) else { return .invalid("\(setting.key) takes \(setting.expectation)") }
    if let earlier = covered[setting] { return .covered(setting, by: earlier) }
    if converted == setting.defaultValue { return .alreadyDefault(setting) }
    covered[setting] = value.key
    if setting.objection(toProjectValue: converted) != nil {
      personalValues[setting] = converted
    } else {
      values[setting] = converted
    }
    var how = conversion.how
    if let variable = value.variable {
      how = (how.map { $0 + "; " } ?? "") + "the variable \(variable) is not read"
    }
    return how.map { .changed(setting, converted, how: $0) } ?? .taken(setting, converted)
  }

  /// The settings that are set, each with the key that did it.
  private var covered: [Setting: String] = [:]
}

extension ConfigurationImport {
  /// `values` as a configuration file, in the order of `Setting.all`; empty if there are none.
  package var toml: String { SettingValues.toml(values) }
  /// `personalValues` likewise.
  package var personalToml: String { SettingValues.toml(personalValues) }
}
