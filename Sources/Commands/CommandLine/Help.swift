import Settings

/// The help texts, made from the tables of commands and options.
package enum Help {
  /// The columns of a line that is read on no terminal, and the most on one.
  package static let usualColumns = 100

  /// What `cairn` alone prints: one screen.
  package static func short(columns: Int = usualColumns) -> String {
    let width = Command.Name.allCases.map(\.rawValue.count).max() ?? 0
    let groups = CommandGroup.all.map { group in
      "\(group.title):\n"
        + rows(group.commands.map { ($0.name.rawValue, $0.summary) }, columns, leftWidth: width)
    }
    return """
      \(wrapped("Cairn finds code: by meaning, by identifier, in any repository, on this machine alone.", columns))

      usage: cairn COMMAND [OPTIONS] ...

      \(groups.joined(separator: "\n\n"))

      Try:
        cairn search "where do sessions expire"

      \(wrapped("`cairn help COMMAND` says more, `cairn help settings` lists what can be set.", columns))

      """
  }

  /// What `cairn COMMAND -h` prints: what fits on a screen.
  package static func brief(for command: Command, columns: Int = usualColumns) -> String {
    var parts = [heading(command, columns)]
    if command.name != .help {
      parts.append(section("Options", command.frequentSettings + command.options + Command.commonOptions, columns))
    }
    if let example = command.examples.first { parts.append("For example: \(example)") }
    parts.append("`cairn \(command.name.rawValue) --help` says more.")
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// How many examples a command's help opens with.
  package static let openingExampleCount = 2

  /// What `cairn help COMMAND` prints.
  package static func text(for command: Command, columns: Int = usualColumns) -> String {
    func examples(_ title: String, _ examples: ArraySlice<String>) -> [String] {
      examples.isEmpty ? [] : ["\(title):\n" + examples.map { "  \($0)" }.joined(separator: "\n")]
    }
    var parts = [heading(command, columns)]
    parts += examples("Examples", command.examples.prefix(openingExampleCount))
    if !command.details.isEmpty { parts.append(wrapped(command.details, columns)) }
    let own = command.frequentSettings + command.options
    if !own.isEmpty { parts.append(section("Options", own, columns)) }
    if command.name != .help {
      parts.append(section("Common options", Command.commonOptions, columns))
      parts.append(settingNames(of: command, columns))
    }
    parts += examples("More examples", command.examples.dropFirst(openingExampleCount))
    // The command comes before the settings that are called as it is.
    if let topic = Setting.Topic(rawValue: command.name.rawValue) {
      parts.append(
        wrapped("`cairn help \(settingsTopic) \(topic.rawValue)` shows the settings that are called so.", columns))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The names of the settings that matter to `command`, with where to read what they do.
  private static func settingNames(of command: Command, _ columns: Int) -> String {
    let more = "Every setting is an option of every command; `cairn help settings` says what each does."
    guard !command.topics.isEmpty else { return wrapped(more, columns) }
    let topics = command.topics.map { topic in
      (topic.rawValue, Setting.all.filter { $0.topic == topic }.map { "--\($0.flag)" }.joined(separator: " "))
    }
    return "Settings:\n" + rows(topics, columns) + "\n\n" + wrapped(more, columns)
  }

  private static func heading(_ command: Command, _ columns: Int) -> String {
    wrapped(command.summary, columns) + "\n\n"
      + wrapped("usage: cairn \(command.name.rawValue) \(command.usage)", columns)
  }

  static func section(_ title: String, _ options: [Option], _ columns: Int) -> String {
    "\(title):\n"
      + rows(
        options.map { option in
          let short = option.short.map { "-\($0), " } ?? "    "
          return switch option.operand {
          case .none: ("\(short)--\(option.name)", option.summary)
          case .boolean: ("\(short)--[no-]\(option.name)", option.summary)
          case .optionalValue(let placeholder): ("\(short)--\(option.name)[=\(placeholder)]", option.summary)
          case .value(let placeholder): ("\(short)--\(option.name) \(placeholder)", option.summary)
          }
        }, columns)
  }

  /// A right column narrower than this is put below the left one.
  private static let leastColumns = 24

  /// Two columns, the second broken at spaces so that no line is longer than `columns`.
  ///
  /// - Parameter leftWidth: of the left column; without it that of its longest entry.
  private static func rows(
    _ rows: [(left: String, right: String)], _ columns: Int, leftWidth: Int? = nil
  ) -> String {
    let width = (leftWidth ?? rows.map(\.left.count).max() ?? 0) + 2
    let isStacked = columns - 2 - width < leastColumns
    return rows.map { row in
      let lines = lines(of: row.right, columns: isStacked ? columns - 8 : columns - 2 - width)
      if isStacked { return "  " + row.left + lines.map { "\n        " + $0 }.joined() }
      let left = "  " + row.left + String(repeating: " ", count: width - row.left.count)
      return left + lines.joined(separator: "\n" + String(repeating: " ", count: width + 2))
    }.joined(separator: "\n")
  }

  /// Each line of `text` broken at spaces where it is longer than `columns`; what goes on has its margin.
  static func wrapped(_ text: String, _ columns: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if line.count <= columns { return String(line) }
      let margin = String(line.prefix { $0 == " " })
      return lines(of: String(line), columns: columns - margin.count).map { margin + $0 }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private static func lines(of text: String, columns: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] += word
      } else if lines[lines.count - 1].count + 1 + word.count <= columns {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
