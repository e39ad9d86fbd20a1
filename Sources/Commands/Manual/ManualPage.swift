import Cairn
import Settings

/// A manual page, made from the tables of commands, options and settings.
///
///     for page in ManualPage.all { print(page.fileName, page.text.utf8.count) }
package struct ManualPage: Hashable, Sendable {
  /// `cairn-search.1`
  package let fileName: String
  /// The section of the manual: 1 for commands, 5 for files.
  package var section: Int { fileName.hasSuffix(".5") ? 5 : 1 }
  package let text: String

  /// That of the program, one for each command, and that of the settings.
  package static var all: [ManualPage] { [main] + Command.all.map(page) + [settings] }

  private static func roff(_ title: String, _ section: Int = 1) -> Roff {
    Roff(title: title, section: section, date: versionDate, source: "cairn \(version)")
  }

  // MARK: Pages

  package static var main: ManualPage {
    var roff = roff("cairn")
    roff.section("NAME")
    roff.words("cairn - find code by meaning, by identifier and by pattern")
    roff.section("SYNOPSIS")
    roff.raw(".B cairn")
    roff.raw(Roff.italic("COMMAND") + " [" + Roff.italic("OPTIONS") + "] ...")
    roff.section("DESCRIPTION")
    roff.words(
      """
      Cairn finds code in a directory by words that say what it does, by an identifier, or by a path. It builds an \
      index on the first search, brings it up to date before each later one, and works on this machine alone.
      """)
    roff.section("COMMANDS")
    for group in CommandGroup.all {
      roff.subsection(group.title)
      for command in group.commands {
        roff.entry(Roff.bold(pageName(command)) + "(1)", command.summary)
      }
    }
    roff.section("OPTIONS")
    roff.words("Every command takes these, and every setting as an option; cairn-settings(5) lists them.")
    for option in Command.commonOptions { roff.entry(tag(option), option.summary) }
    files(&roff)
    roff.section("EXIT STATUS")
    roff.words("As that of grep, unless a command's page says something else.")
    for (code, meaning) in [("0", "Something was found, or done."), ("1", "Nothing was found."), ("2", "An error.")] {
      roff.entry(Roff.bold(code), meaning)
    }
    roff.section("EXAMPLES")
    roff.example(["cairn search where do sessions expire", "cairn help search"])
    seeAlso(&roff, Command.all.map(pageName) + ["cairn-settings"])
    return ManualPage(fileName: "cairn.1", text: roff.text)
  }

  package static func page(for command: Command) -> ManualPage {
    var roff = roff(pageName(command))
    roff.section("NAME")
    roff.words("\(pageName(command)) - \(sentenceAsPhrase(command.summary))")
    roff.section("SYNOPSIS")
    roff.raw(".B cairn \(Roff.escaped(command.name.rawValue))")
    roff.words(command.usage)
    let details = DetailText(command.details)
    roff.section("DESCRIPTION")
    roff.words(command.summary)
    for block in details.blocks { roff.add(block) }
    roff.section("OPTIONS")
    for option in command.frequentSettings + command.options + Command.commonOptions {
      roff.entry(tag(option), option.summary)
    }
    roff.section("SETTINGS")
    roff.words("Every setting is an option as well; cairn-settings(5) says what each does.")
    for topic in command.topics {
      let names = Setting.all.filter { $0.topic == topic }.map { "--\($0.flag)" }
      roff.entry(Roff.bold(topic.rawValue), names.joined(separator: ", ") + ".")
    }
    roff.section("EXIT STATUS")
    roff.words(details.exitStatus ?? "0 done, 2 an error.")
    if !command.examples.isEmpty {
      roff.section("EXAMPLES")
      roff.example(command.examples)
    }
    seeAlso(&roff, ["cairn", "cairn-settings"])
    return ManualPage(fileName: "\(pageName(command)).1", text: roff.text)
  }

  package static var settings: ManualPage {
    var roff = roff("cairn-settings", 5)
    roff.section("NAME")
    roff.words("cairn-settings - what can be set, in files, in the environment and on the command line")
    roff.section("DESCRIPTION")
    roff.words(
      """
      Every setting has a default. A value comes from the last of these that has one: the program; the user's file; \
      the project's file; the environment; the command line that built the index, for settings that choose files; \
      the command line. A file has lines such as
      """)
    roff.example(["# cairn.toml", "limit = 20", "max_memory_mb = 512"])
    roff.paragraph(
      """
      A project's file may be someone else's, so it cannot set what is called personal below. cairn-config(1) shows \
      what holds and writes the files.
      """)
    for topic in Setting.Topic.allCases {
      roff.section(topic.rawValue.uppercased())
      for setting in Setting.all where setting.topic == topic {
        let names = Option(setting).spellings.joined(separator: ", ")
        roff.entry(
          Roff.bold(setting.key),
          "\(setting.summary) Takes \(setting.expectation); the default is \(setting.defaultValue). Environment: "
            + "\(setting.environmentVariable). Option: \(names).\(setting.isPersonal ? " Personal." : "")")
      }
    }
    files(&roff)
    seeAlso(&roff, ["cairn", "cairn-config"])
    return ManualPage(fileName: "cairn-settings.5", text: roff.text)
  }

  // MARK: Parts

  private static func pageName(_ command: Command) -> String { "cairn-\(command.name.rawValue)" }

  /// `Find code.` as `find code`, which is how a line of `NAME` is written.
  private static func sentenceAsPhrase(_ text: String) -> String {
    let phrase = text.hasSuffix(".") ? text.dropLast() : text[...]
    return phrase.prefix(1).lowercased() + phrase.dropFirst()
  }

  private static func tag(_ option: Option) -> String {
    let names = option.spellings.map(Roff.bold).joined(separator: ", ")
    return switch option.operand {
    case .none, .boolean: names
    case .value(let placeholder): "\(names) \(Roff.italic(placeholder))"
    case .optionalValue(let placeholder): "\(names)[=\(Roff.italic(placeholder))]"
    }
  }

  private static func files(_ roff: inout Roff) {
    roff.section("FILES")
    for (path, meaning) in [
      (".cairn/", "The index, at the root of the tree that it is of."),
      ("cairn.toml", "The project's settings, at its root."),
      (".cairnignore", "Patterns of files that are not indexed, as in .gitignore."),
      ("~/.config/cairn/config.toml", "The user's settings; XDG_CONFIG_HOME names another directory."),
      ("~/.cache/cairn/", "Indexes that cannot be in their tree, and kept embeddings; XDG_CACHE_HOME likewise."),
      ("~/.local/share/cairn/", "Models and ONNX Runtime, where they were fetched; XDG_DATA_HOME likewise."),
    ] { roff.entry(Roff.italic(path), meaning) }
  }

  private static func seeAlso(_ roff: inout Roff, _ names: [String]) {
    roff.section("SEE ALSO")
    for (i, name) in names.enumerated() {
      let section = name == "cairn-settings" ? 5 : 1
      roff.raw(".BR \(Roff.escaped(name)) (\(section))\(i == names.count - 1 ? "" : ",")")
    }
  }
}

extension Roff {
  fileprivate mutating func add(_ block: DetailText.Block) {
    switch block {
    case .paragraph(let text): paragraph(text)
    case .entries(let entries): for entry in entries { self.entry(Self.bold(entry.name), entry.text) }
    case .literal(let lines): example(lines)
    }
  }
}
