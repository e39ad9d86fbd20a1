import Rendering
package import Settings

/// One option of the command line. `Command.all` says which commands take it.
package struct Option {
  /// What the option is, once its spelling no longer matters.
  package enum Meaning: Hashable {
    case setting(Setting)
    case grep(GrepOption)
    case root, at, language, excludedLanguage, path, fileExtension, kind, ignoreCase, json, explain, noUpdate, rebuild,
      name, quiet, filesOnly, null, vimgrep, noPager,
      yes, timings, profile,
      trace, apply, chatModel, tokens, contextOnly, queries, rounds, skipped, poll, repair, history,
      dryRun, project, instructions, repository, group, all, named, withIndex, withClone, global, directory, priority,
      inFlight, once, watch, help, version
  }
  /// What follows the name.
  package enum Operand: Hashable {
    case none
    /// `--name VALUE` or `--name=VALUE`
    case value(String)
    /// `--name` or `--name=VALUE`
    case optionalValue(String)
    /// `--name`, `--no-name` or `--name=true`
    case boolean
  }

  package let meaning: Meaning
  package let name: String
  package private(set) var short: String?
  /// What it is called elsewhere: names without their dashes, of which those of one letter follow one dash.
  package let aliases: [String]
  package let operand: Operand
  package let summary: String

  init(
    _ meaning: Meaning, _ name: String, short: String? = nil, aliases: [String] = [], takes operand: Operand = .none,
    _ summary: String
  ) {
    self.meaning = meaning
    self.aliases = aliases
    self.name = name
    self.short = short
    self.operand = operand
    self.summary = summary
  }

  init(_ setting: Setting) {
    let operand: Operand =
      switch setting.kind {
      case .integer, .integerOrAll: .value(setting.placeholder ?? "N")
      case .megabytesOrShare: .value(setting.placeholder ?? "N|N%")
      case .boolean: .boolean
      case .choice(let words): .value(words.joined(separator: "|"))
      case .text, .directories: .value(setting.placeholder ?? "TEXT")
      case .path: .value(setting.placeholder ?? "DIR")
      }
    self.init(
      .setting(setting), setting.flag, short: setting.shortFlag, takes: operand, setting.summary)
  }
}

extension Option {
  /// Whether `--name` means it.
  func isCalled(_ name: String) -> Bool { name == self.name || (name.count > 1 && aliases.contains(name)) }

  static let root = Option(
    .root, "root", takes: .value("DIR"),
    "The top of the tree. Without it: the nearest directory above that has an index, or else is a git repository.")
  static let at = Option(
    .at, "at", takes: .value("REV"),
    "A commit in place of the files as they are: a branch, a tag, HEAD~3, or the first digits of its name.")
  static let language = Option(
    .language, "lang", short: "t", aliases: ["type", "language"], takes: .value("NAMES"),
    "Only files in these languages: python, or python,c; may be repeated.")
  static let excludedLanguage = Option(
    .excludedLanguage, "not-lang", short: "T", aliases: ["type-not"], takes: .value("NAMES"),
    "No files in these languages; may be repeated.")
  static let path = Option(
    .path, "path", short: "g", aliases: ["glob", "iglob", "include"], takes: .value("GLOB"),
    "Only files whose path matches, or with ! before GLOB none of them; may be repeated.")
  static let fileExtension = Option(
    .fileExtension, "ext", aliases: ["extension"], takes: .value("NAMES"),
    "Only files whose name ends so: py, or c,h; may be repeated.")
  static let kind = Option(
    .kind, "kind", takes: .value("KINDS"),
    "Only chunks that define such symbols: function, or type,enumeration, ...; may be repeated.")
  static let ignoreCase = Option(
    .ignoreCase, "ignore-case", short: "i", "Patterns, /.../, match in any case; all else does so anyway.")
  static let json = Option(.json, "json", "JSON Lines for programs; Docs/JSON.md describes them.")
  static let explain = Option(.explain, "explain", "Show each signal's part in a score.")
  static let noUpdate = Option(.noUpdate, "no-update", "Answer from the index as it is.")
  static let rebuild = Option(.rebuild, "rebuild", "Forget what is indexed and begin anew.")
  static let reindex = Option(.rebuild, "reindex", "The same as --rebuild: the way to another model.")
  static let name = Option(
    .name, "name", takes: .value("NAME"), "What an added model is called; else its directory's name.")
  static let quiet = Option(
    .quiet, "quiet", short: "q",
    "No progress, no notes, no report of what was done: the answer, errors, and a line where an answer is incomplete.")
  static let filesOnly = Option(
    .filesOnly, "files-only", short: "l", aliases: ["files-with-matches"], "Only the paths of the files, best first.")
  static let null = Option(
    .null, "null", short: "0", aliases: ["print0"], "With --files-only: a NUL byte after each path, not a newline.")
  static let vimgrep = Option(
    .vimgrep, "vimgrep", "A line for each place, as editors read it: PATH:LINE:COLUMN:TEXT.")
  static let noPager = Option(.noPager, "no-pager", "Print long answers as they are, on a terminal too.")
  static let poll = Option(.poll, "poll", "Look at the files now and then, whatever the system tells of changes.")
  static let yes = Option(.yes, "yes", "Index / or the home directory without being asked.")
  static let timings = Option(.timings, "timings", "Show how long each stage took.")
  static let profile = Option(
    .profile, "profile", takes: .optionalValue("json"),
    "Show where time and memory went, as a table or, with =json, as one JSON object.")
  static let trace = Option(
    .trace, "trace", takes: .value("FILE"),
    "Write what each thread did when, in the Chrome trace format, for chrome://tracing or Perfetto.")
  static let apply = Option(.apply, "apply", "Write the settings into the project's cairn.toml; the rest of it stays.")
  static let chatModel = Option(
    .chatModel, "llm-model", takes: .value("NAME"),
    "The chat model; without it code_llm_model where most of what was found is code, else general_llm_model.")
  static let tokens = Option(
    .tokens, "tokens", takes: .value("N"), "About how many tokens the prompt may have; 6000 without it.")
  static let contextTokens = Option(
    .tokens, "tokens", takes: .value("N"), "The most tokens of the output: 200 to 200000; 4000 without it.")
  static let contextOnly = Option(
    .contextOnly, "context-only", "Print what would be sent, and send nothing.")
  static let queries = Option(
    .queries, "queries", aliases: ["questions"], takes: .value("FILE"),
    "Queries with the places that they ask for, for the ranking's quality.")
  static let rounds = Option(.rounds, "rounds", takes: .value("N"), "How often each thing is measured; 3 if not said.")
  static let skipped = Option(
    .skipped, "skipped", "List what is not in the index and why: everything, or what lies at PATH.")
  static let history = Option(
    .history, "history", "Search what commits removed, and show the commit with each place.")
  static let indexHistory = Option(
    .history, "history", "Index what commits removed as well, for `cairn search --history`.")
  static let repair = Option(
    .repair, "repair", "Mend what can be mended, and check again.")
  static let dryRun = Option(.dryRun, "dry-run", "Show what would be done, and do nothing.")
  static let writeUnasked = Option(.yes, "yes", "Do it without being asked.")
  static let removeUnasked = Option(.yes, "yes", "With remove: do it without being asked.")
  static let priority = Option(
    .priority, "priority", takes: .value("N"), "With enqueue: tasks of a higher number come first; 0 if not said.")
  static let inFlight = Option(
    .inFlight, "in-flight", takes: .value("N"), "With worker: how many tasks it claims at once; 4 if not said.")
  static let clone = Option(
    .withClone, "clone", "With worker: clone repositories that tasks name by address, and take those tasks too.")
  static let watchQueue = Option(
    .watch, "watch", "With status: show it anew every two seconds, until the queue is empty.")
  static let once = Option(.once, "once", "With worker: end when there is nothing left to do.")
  static let project = Option(
    .project, "project", "The files of the repository, for all who work on it, and not the user's.")
  static let instructions = Option(
    .instructions, "instructions", "With install: the texts for agents too, which say what Cairn is good for.")
  static let repository = Option(
    .repository, "repo", takes: .value("NAME"),
    "The repository of the list that is meant, in place of the tree around; may be repeated.")
  static let group = Option(
    .group, "group", takes: .value("NAME"), "All repositories of this group of the list; may be repeated.")
  static let all = Option(.all, "all", "All repositories of the list.")
  static let intoGroup = Option(
    .group, "group", takes: .value("NAME"), "A group that it belongs to from then on; may be repeated.")
  static let fromGroup = Option(
    .group, "group", takes: .value("NAME"), "With NAME: take it out of this group alone; it stays in the list.")
  static let named = Option(
    .named, "as", takes: .value("NAME"), "What it is called; without it as its directory, or the address' last part.")
  static let withIndex = Option(
    .withIndex, "index", "With NAME: remove its index too.")
  static let withClone = Option(
    .withClone, "clone", "With NAME: remove the clone that Cairn made of it too, with all that is in it.")
  static let global = Option(
    .global, "global", aliases: ["user"], "The user's own file of settings, which holds for all trees.")
  static let projectFile = Option(
    .project, "project", "The project's file, cairn.toml at the root; set and unset write it where nothing is said.")
  static let directory = Option(
    .directory, "directory", takes: .value("DIR"), "Write every page into DIR.")
  static let help = Option(.help, "help", short: "h", "Show help; -h is the short form.")
  static let version = Option(.version, "version", short: "V", "Show the version.")

  package static let settings = Setting.all.map { Option($0) }

  /// The same by its long name alone.
  var withoutShort: Option {
    var option = self
    option.short = nil
    return option
  }
}
