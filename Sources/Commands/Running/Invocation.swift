import Cairn
import DoorSupport
import Glibc
import Primitives
import Registry
import Rendering
import Settings

/// A command line that makes sense, with everything its command needs: where, with which settings, joined to what.
struct Invocation {
  let arguments: ParsedArguments
  let workspace: Workspace
  let terminal: Terminal
  let currentDirectory: Path
  /// The same as the shell calls it, where links lead to it.
  let namedDirectory: Path
  /// The repositories of the list that the command line names in place of a tree; nil where it names none.
  let repositories: NamedRepositories?
  /// What holds for what is shown: that of the tree, and of several repositories the user's own.
  let configuration: Configuration

  var style: Style { terminal.style }
  var paths: PathView {
    PathView(
      root: workspace.root, currentDirectory: currentDirectory, namedDirectory: namedDirectory,
      repositories: repositories?.roots ?? [:])
  }
  var isQuiet: Bool { arguments.has(.quiet) }
  var printsJSON: Bool { arguments.has(.json) }

  /// Finds the root, loads what is configured, and opens the workspace. `directory` is the root that an operand names.
  /// Where repositories of the list are named, the workspace is that of the first of them that can be opened.
  init(_ arguments: ParsedArguments, directory: [UInt8]? = nil, environment: Environment) throws(CairnError) {
    if directory == nil, let named = try NamedRepositories(arguments, environment) {
      self.arguments = arguments
      (currentDirectory, namedDirectory) = try Self.directories(environment)
      repositories = named
      configuration = try SettingFlag.configuration(
        Configuration.load(root: Path(named.registry.list.path.parent), environment: environment),
        SettingFlag.all(of: arguments), environment)
      workspace = try named.firstWorkspace()
      terminal = Terminal(configuration: configuration, environment: environment)
      return
    }
    repositories = nil
    self.arguments = arguments
    (currentDirectory, namedDirectory) = try Self.directories(environment)
    let root = try Self.root(arguments, directory: directory, from: namedDirectory, environment)
    let configuration = try SettingFlag.configuration(
      try Configuration.load(root: root, environment: environment), SettingFlag.all(of: arguments), environment)
    workspace = try Workspace(root: root, configuration: configuration, environment: environment)
    self.configuration = workspace.configuration
    terminal = Terminal(configuration: configuration, environment: environment)
  }

  /// The top of the tree that is meant, whatever is configured there.
  static func root(
    _ arguments: ParsedArguments, directory: [UInt8]? = nil, from namedDirectory: Path, _ environment: Environment
  ) throws(CairnError) -> Path {
    if let directory, arguments.has(.root) {
      throw CairnError(
        .invalidArgument, "the root is named twice, by --root and by \(String(decoding: directory, as: UTF8.self))")
    }
    let roots = Set(arguments.values(.root))
    if roots.count > 1 {
      throw CairnError(
        .invalidArgument, "one tree is searched at a time, and --root names \(roots.count); run it once for each")
    }
    if let named = directory ?? arguments.values(.root).last { return Path(bytes: named) }
    let follows = arguments.uses.last { $0.option.meaning == .setting(.followsLinks) }.map {
      $0.value == Array("true".utf8)
    }
    return try Workspace.findRoot(from: namedDirectory, followsLinks: follows, environment: environment)
  }

  /// The directory that this process works in, and the same as the shell calls it.
  static func directories(_ environment: Environment) throws(CairnError) -> (current: Path, named: Path) {
    let current = try Path.current()
    let named = environment["PWD"].map { Path($0) } ?? current
    return (current, named != current && (try? named.resolved()) == current ? named : current)
  }

  /// Whether there is an index, be it one that is damaged and heals.
  var isIndexed: Bool {
    do { return try workspace.status() != nil } catch { return true }
  }

  /// Asks before `/` or the home directory is indexed for the first time; nobody means that by accident. Throws where
  /// the answer is no, or where there is nobody to ask.
  func confirmRoot(_ environment: Environment) throws(CairnError) {
    let root = workspace.root
    // A shared store answers without anything being indexed here.
    guard configuration.values.text(.store).isEmpty, Workspace.isCatchAll(root, environment), !arguments.has(.yes),
      !isIndexed
    else { return }
    let what = Workspace.isWholeMachine(root) ? "\(root), the whole machine" : "\(root), your home directory"
    if isatty(STDIN_FILENO) != 0, terminal.errorIsTerminal {
      ask("cairn: this would index \(safeText(what)); go on? [y/N] ")
      if let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) { return }
    }
    throw CairnError(
      .invalidArgument,
      "this would index \(what); run it in the directory of a project, name one with --root, or say --yes", path: root)
  }

  /// The revision that `--at` names; nil without one. Throws where several are named.
  var revision: String? {
    get throws(CairnError) {
      let named = arguments.values(.at)
      guard Set(named).count <= 1 else {
        throw CairnError(.invalidArgument, "one revision is searched at a time, and --at names several")
      }
      return try named.last.map { (name) throws(CairnError) -> String in
        guard let text = String(validating: name, as: UTF8.self) else {
          throw CairnError(.invalidArgument, "--at names a revision in bytes that are no text; name the commit itself")
        }
        return text
      }
    }
  }

  /// The filters of a query, and whether the index is brought up to date first.
  func request(_ text: String) throws(CairnError) -> SearchRequest {
    var request = SearchRequest(text)
    request.explains = arguments.has(.explain)
    request.findsMatches = printsJSON
    request.limit = configuration.limit
    request.countsFiles = arguments.has(.filesOnly)
    // What reads a list of places does not read which of them are only near.
    request.ignoresCaseOfPatterns = arguments.has(.ignoreCase)
    request.leavesOutNear = arguments.has(.filesOnly) || arguments.has(.vimgrep)
    request.contextLineCount = configuration.contextLineCount
    request.languages = try arguments.languages(.language, "--lang")
    request.excludedLanguages = try arguments.languages(.excludedLanguage, "--not-lang")
    request.extensions = try arguments.names(.fileExtension, "--ext")
    if let wrong = request.extensions.first(where: { $0.contains("/") || $0.allSatisfy { ".*".contains($0) } }) {
      throw CairnError(
        .invalidArgument,
        "--ext: \"\(wrong)\" is the ending of no file's name; write it as --ext py, or a path as --path 'src/**'")
    }
    request.directory = namedDirectory
    for value in arguments.values(.path) {
      let glob = String(decoding: value, as: UTF8.self)
      if glob.allSatisfy({ $0 == "!" }) {
        throw CairnError(.invalidArgument, "--path takes a pattern: --path 'src/**'")
      }
      if glob.hasPrefix("!") {
        request.excludedPaths.append(String(glob.dropFirst()))
      } else {
        request.paths.append(glob)
      }
    }
    for word in try arguments.names(.kind, "--kind") {
      guard let kinds = SymbolKind.named(word) else {
        throw CairnError(
          .invalidArgument, "--kind: no kind of symbol is called \"\(word)\"; " + CairnError.nearKinds(to: word))
      }
      request.kinds += kinds
    }
    request.searchesHistory = arguments.has(.history)
    request.freshness = arguments.has(.noUpdate) ? .asIs : .upToDate
    request.revision = try revision
    return request
  }

  /// Sets `values` in the project's file, whose path it returns.
  func writeProjectFile(_ values: [Setting: Setting.Value]) throws(CairnError) -> Path {
    let file = SettingFile.project(at: workspace.root.filePath)
    try asCairnError { () throws(Failure) in try file.set(values) }
    return Path(file.path)
  }

  /// That less is searched than the current directory may suggest: a part of a repository that has an index of its own.
  /// A caller that named the root knows it.
  var scopeNotes: [CairnError] {
    guard !arguments.has(.root), let repository = workspace.enclosingRepository else { return [] }
    return [
      CairnError(
        .scope,
        "only this directory is searched, which has an index of its own; `--root \(repository)` searches "
          + "the whole repository, and without \(workspace.indexDirectory) that is what is searched from here",
        path: workspace.root)
    ]
  }

  /// Says what leaves the machine before it does.
  func tellDisclosure() {
    if let disclosure = workspace.disclosure, !isQuiet { tell("cairn: " + safeText(disclosure)) }
  }

  /// Runs `body` with a progress line, unless a program reads what is printed or nobody wants to know.
  func withProgress<Result>(
    _ body: ((@Sendable (IndexProgress) -> Void)?) async throws(CairnError) -> Result
  ) async throws(CairnError) -> Result {
    try await Commands.withProgress(on: terminal, isShown: !isQuiet && !printsJSON, isQuiet: isQuiet, body)
  }

  /// Says what is worth knowing beside the output, once, where people look.
  func tellNotes(_ notes: [CairnError]) { Commands.tellNotes(notes, isQuiet: isQuiet) }
}

/// A query may have filters by the thousand, and a filter any length.
private let shownNoteCount = 32
private let longestNote = 2000

/// The same for a command line that is none of a workspace.
func tellNotes(_ notes: [CairnError], isQuiet: Bool) {
  if isQuiet { return }
  for note in notes.prefix(shownNoteCount) {
    tell("cairn: note: " + safeText(shortened(note.terminalText, to: longestNote)))
  }
  let more = notes.count - shownNoteCount
  if more > 0 { tell("cairn: note: \(countText(more, "more note")); --json has them all") }
}
