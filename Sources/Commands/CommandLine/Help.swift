import Cairn

/// The help texts, made from the tables of commands and options.
package enum Help {
  /// What `cairn` alone prints.
  package static var short: String {
    """
    Cairn finds code: by meaning, by identifier, in any repository, on this machine alone.

    usage: cairn COMMAND [OPTIONS] ...

    \(commands)

    Try:
      cairn search "where do sessions expire"

    `cairn help COMMAND` says more.

    """
  }

  /// What `cairn COMMAND -h` prints: what fits on a screen.
  package static func brief(for command: Command) -> String {
    var parts = ["\(command.summary)\n\nusage: cairn \(command.name.rawValue) \(command.usage)"]
    if command.name != .help {
      parts.append(section("Options", command.frequentSettings + command.options + Command.commonOptions))
    }
    if let example = command.examples.first { parts.append("For example: \(example)") }
    parts.append("`cairn \(command.name.rawValue) --help` says more.")
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// What `cairn help COMMAND` prints.
  package static func text(for command: Command) -> String {
    var parts = ["\(command.summary)\n\nusage: cairn \(command.name.rawValue) \(command.usage)"]
    if !command.details.isEmpty { parts.append(command.details) }
    if !command.options.isEmpty { parts.append(section("Options", command.options)) }
    if command.name != .help {
      parts.append(section("Common options", Command.commonOptions))
      for topic in command.topics {
        parts.append(
          section("Settings: \(topic.rawValue)", Setting.all.filter { $0.topic == topic }.map { Option($0) }))
      }
      parts.append(
        command.topics == Setting.Topic.allCases
          ? "A setting can also stand in ~/.config/cairn/config.toml, most in cairn.toml, or in the environment."
          : "Every setting is an option of every command; `cairn help config` lists them all.")
    }
    if !command.examples.isEmpty {
      parts.append("Examples:\n" + command.examples.map { "  \($0)" }.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static var commands: String {
    "Commands:\n" + rows(Command.all.map { ($0.name.rawValue, $0.summary) })
  }

  private static func section(_ title: String, _ options: [Option]) -> String {
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
        })
  }

  /// Two columns, the second broken at spaces so that a line has at most 100 characters.
  private static func rows(_ rows: [(left: String, right: String)]) -> String {
    let width = (rows.map(\.left.count).max() ?? 0) + 2
    return rows.map { row in
      let lines = wrapped(row.right, width: 98 - width)
      let left = "  " + row.left + String(repeating: " ", count: width - row.left.count)
      return left + lines.joined(separator: "\n" + String(repeating: " ", count: width + 2))
    }.joined(separator: "\n")
  }

  private static func wrapped(_ text: String, width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] += word
      } else if lines[lines.count - 1].count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
