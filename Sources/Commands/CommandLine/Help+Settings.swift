package import Settings

extension Help {
  /// Everything that `cairn help` can be asked of.
  package static var topicNames: [String] {
    Command.Name.allCases.map(\.rawValue) + [settingsTopic] + Setting.Topic.allCases.map(\.rawValue)
  }

  static let settingsTopic = "settings"

  /// What `cairn help settings` prints, or `cairn help models` of the settings of one topic.
  package static func settings(_ topics: [Setting.Topic], columns: Int = usualColumns) -> String {
    let opening = """
      Settings: each is an option of every command, a variable CAIRN_NAME, and a line in a file.

      Examples:
        cairn config set max_memory_mb 512
        cairn search --limit 3 where do sessions expire

      Values come from, in rising order: built in, ~/.config/cairn/config.toml, cairn.toml at the root,
      the environment, the command line that built the index, the command line. `cairn config` shows
      what holds here. The name in a file is that of the option, with _ for each -, where nothing else
      is in brackets.
      """
    let sections = topics.map { topic in
      section(
        topic.rawValue.prefix(1).uppercased() + topic.rawValue.dropFirst(),
        Setting.all.filter { $0.topic == topic }.map(named), columns)
    }
    return ([wrapped(opening, columns)] + sections).joined(separator: "\n\n") + "\n"
  }

  /// The option of `setting`, with its name in a file where that is another one.
  private static func named(_ setting: Setting) -> Option {
    let usual = String(setting.flag.map { $0 == "-" ? "_" : $0 })
    let option = Option(setting)
    guard setting.key != usual else { return option }
    return Option(
      option.meaning, option.name, short: option.short, takes: option.operand, "(\(setting.key)) \(option.summary)")
  }

  /// What `cairn help max_memory_mb` prints.
  package static func text(for setting: Setting, columns: Int = usualColumns) -> String {
    let personal =
      setting.isPersonal ? "\n  A project's cairn.toml cannot set it." : ""
    return """
      \(wrapped(setting.summary, columns))

      Examples:
        cairn config get \(setting.key)
        cairn config set \(setting.isPersonal ? "--global " : "")\(setting.key) \(setting.exampleWord)

      \(wrapped("  Takes \(setting.expectation); the default is \(setting.defaultValue).", columns))
        In a file: \(setting.key). In the environment: \(setting.environmentVariable).
        On the command line: \(Option(setting).spellings.joined(separator: ", ")).\(personal)

      """
  }
}

extension Setting {
  /// A value that it accepts, as typed: its default, or else a word of its kind.
  var exampleWord: String {
    let text = String(decoding: defaultValue.bytes, as: UTF8.self)
    return text.isEmpty ? Option(self).placeholder : text
  }
}

extension Option {
  /// What stands for its value.
  var placeholder: String {
    switch operand {
    case .value(let text), .optionalValue(let text): text
    case .none, .boolean: ""
    }
  }
}
