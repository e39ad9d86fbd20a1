import Cairn

/// One command, as the parser and the help texts know it.
package struct Command {
  package enum Name: String, CaseIterable { case index, search, related, status, config, bench, help }

  package let name: Name
  /// What stands after the name: `[OPTIONS] QUESTION...`.
  package let usage: String
  /// One line.
  package let summary: String
  /// What a reader of `cairn help NAME` should know besides.
  package let details: String
  /// Its own options; every command takes the common ones and the settings too.
  let options: [Option]
  let operandCount: ClosedRange<Int>
  package let examples: [String]

  /// Options of every command.
  static let commonOptions: [Option] = [.root, .json, .quiet, .help, .version]

  /// Every option that the command takes.
  package var allOptions: [Option] { options + Self.commonOptions + Option.settings }

  package static func named(_ name: Name) -> Command {
    switch name {
    case .index: index
    case .search: search
    case .related: related
    case .status: status
    case .config: config
    case .bench: bench
    case .help: help
    }
  }
  package static let all = Name.allCases.map(named)

  private static let index = Command(
    name: .index, usage: "[OPTIONS] [DIRECTORY]",
    summary: "Build the index, or bring it up to date.",
    details: """
      DIRECTORY becomes the root. Only what changed since the last run is read. A run that was stopped goes on where it was.
      Options that choose files hold for this run; put them into cairn.toml to keep them.
      """,
    options: [.rebuild, .timings], operandCount: 0...1,
    examples: ["cairn index", "cairn index --timings ~/src/project"])

  private static let search = Command(
    name: .search, usage: "[OPTIONS] QUESTION...",
    summary: "Find the places that answer a question in words, an identifier or a path.",
    details: """
      Builds the index first where there is none, and brings it up to date before it answers.
      In the question, lang:NAME, path:GLOB and kind:KIND filter as the options do. Words after -- are never options.
      Exit code: 0 something was found, 1 nothing was found, 2 an error.
      """,
    options: [.language, .path, .kind, .filesOnly, .null, .explain, .noUpdate], operandCount: 1...(.max),
    examples: [
      "cairn search where do sessions expire", "cairn search -n 3 --lang python parse_date",
      "cairn search --path 'src/**' --kind function retry with backoff",
    ])

  private static let related = Command(
    name: .related, usage: "[OPTIONS] FILE:LINE",
    summary: "Find the places most like the code at a line.",
    details: "Options and exit codes are those of search.",
    options: [.language, .path, .kind, .filesOnly, .null, .explain, .noUpdate], operandCount: 1...1,
    examples: ["cairn related src/server.c:120"])

  private static let status = Command(
    name: .status, usage: "[OPTIONS]", summary: "Show what the index holds and where it lives.",
    details: "Exit code: 0 there is an index, 1 there is none, 2 an error.", options: [], operandCount: 0...0,
    examples: ["cairn status"])

  private static let config = Command(
    name: .config, usage: "[OPTIONS]", summary: "Show every setting, its value, and where the value came from.",
    details: """
      Values come from, in rising order: built in, ~/.config/cairn/config.toml, cairn.toml at the root, the environment
      (CAIRN_...), the command line.
      """,
    options: [], operandCount: 0...0, examples: ["cairn config", "cairn config --json"])

  private static let bench = Command(
    name: .bench, usage: "[OPTIONS] [DIRECTORY]",
    summary: "Measure indexing and searching on a directory, and ranking where questions are given.",
    details: """
      Works in an index of its own in a temporary directory: the directory's index is left alone, and so are its files.
      Without --questions, questions are made from what the directory's code defines, and only timed.
      A file of questions has lines of QUESTION, a tab, and PATH or PATH:LINE; several lines with one question are
      several good answers. Takes a few index runs and a few hundred searches; let nothing else run meanwhile.
      """,
    options: [.questions, .rounds], operandCount: 0...1,
    examples: ["cairn bench", "cairn bench --questions questions.tsv --json ~/src/project"])

  private static let help = Command(
    name: .help, usage: "[COMMAND]", summary: "Show help for a command.", details: "", options: [],
    operandCount: 0...1, examples: [])
}
